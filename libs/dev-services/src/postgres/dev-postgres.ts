import type { Running } from '../process.js';

export interface DevPostgres {
  readonly kind: 'given' | 'docker' | 'local' | 'embedded';
  /** URL of the server's default database; `createDatabase` creates others. */
  readonly url: string;
  /** Description and reason of the choice, for people. */
  readonly about: string;
  readonly process?: Running;
  stop(): Promise<void>;
}
