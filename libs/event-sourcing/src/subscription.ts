import type { CloudEvent } from '@orderloom/messaging';

/** What a service reads. A type that no subscription of the topic names is skipped. */
export interface Subscription<D = unknown> {
  readonly topic: string;
  readonly type: string;
  /** Newest schema version that is understood; one from the future parks its key. */
  readonly maxVersion?: number;
  /** Unchecked JSON of a schema version to data; throws `InvalidInput` naming fields. */
  readonly parse: (data: unknown, version: number) => D;
  /** Handles it, exactly once (by a unit of work with an inbox). A throw is retried with back-off, then parked. */
  handle(message: CloudEvent<D>): Promise<void>;
}
