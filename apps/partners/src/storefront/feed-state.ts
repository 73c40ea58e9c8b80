import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Result of a replay. */
export interface FeedReport {
  readonly done: true;
  readonly invoices: number;
  readonly orders: number;
  /** Cancellations in time, returns, and refused entries by reason. */
  readonly cancellations: number;
  readonly returns: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly openCount: number;
  readonly stillOpen: readonly string[];
  readonly seconds: number;
}

interface Remembered {
  readonly fed: number;
  /** Milliseconds since 1970 by the clock of the replay. */
  readonly clock?: number;
  readonly report?: FeedReport;
}

/** Progress of a replay in a file, so that a second start continues there; in memory without a file. */
export class FeedState {
  private constructor(
    private readonly path: string | undefined,
    private state: Remembered,
  ) {}

  static read(path: string | undefined): FeedState {
    const state = path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Remembered) : { fed: 0 };
    return new FeedState(path, state);
  }

  get current(): Remembered {
    return this.state;
  }

  save(state: Remembered): void {
    this.state = state;
    if (this.path === undefined) return;
    writeFileSync(`${this.path}.new`, JSON.stringify(state));
    renameSync(`${this.path}.new`, this.path);
  }
}
