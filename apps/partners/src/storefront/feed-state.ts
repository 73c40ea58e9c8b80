import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the feed ended with. */
export interface FeedReport {
  readonly done: true;
  readonly invoices: number;
  readonly orders: number;
  /** Requests for cancellation in time, returns, and entries refused, by reason. */
  readonly cancellations: number;
  readonly returns: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly openCount: number;
  readonly stillOpen: readonly string[];
  readonly seconds: number;
}

interface Remembered {
  readonly fed: number;
  /** Milliseconds since 1970 on the feed's clock. */
  readonly clock?: number;
  readonly report?: FeedReport;
}

/** Where the feed was, kept in a file so that a second start goes on from there; in memory only without one. */
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
