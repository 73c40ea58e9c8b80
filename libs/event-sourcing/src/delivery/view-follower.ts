import { randomUUID } from 'node:crypto';
import type { AnyDecider, View } from '../decider.js';
import type { RecordedEvent } from '../event.js';
import type { EventStore, RowWrite, UnitOfWork } from '../store.js';
import { lifter } from '../upcasters.js';
import { LeasedReader } from './leased-reader.js';
import { Pump } from './pump.js';

export interface ViewFollowerOptions {
  readonly store: EventStore;
  /** Of its checkpoint. */
  readonly name: string;
  readonly views: readonly View[];
  /** Whose stored events are lifted to their current version first. */
  readonly deciders?: readonly AnyDecider[];
  readonly owner?: string;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/** Keeps views that follow the log: rows and checkpoint move in one unit, so that a row is the fold of history at the checkpoint. */
export class ViewFollower {
  private readonly pump: Pump;
  private readonly reader: LeasedReader;
  private readonly lift: (event: RecordedEvent) => RecordedEvent;
  private waiting: (() => void)[] = [];
  private rebuilding = false;
  private silence: () => void = () => undefined;

  constructor(private readonly options: ViewFollowerOptions) {
    const { store, name, owner = randomUUID(), batch, leaseSeconds, onError } = options;
    this.lift = lifter(options.deciders ?? []);
    const handle = (events: readonly RecordedEvent[]): Promise<Partial<UnitOfWork>> => this.rowsOf(events.map(this.lift));
    this.reader = new LeasedReader({ store, name: `view/${name}`, owner, batch, leaseSeconds, handle });
    this.pump = new Pump(
      () => this.step(),
      (error) => onError?.(error),
      store.timers,
    );
  }

  start(): void {
    this.silence = this.options.store.onCommit(() => this.pump.wake());
    this.pump.start();
  }

  async stop(): Promise<void> {
    this.silence();
    await this.pump.stop();
    await this.reader.release();
  }

  /** Resolves when nothing that can be read now is left to follow. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.pump.wake();
    });
  }

  /** Empties the views and follows from the start; resolves when they have caught up. */
  async rebuild(): Promise<void> {
    this.rebuilding = true;
    await this.caughtUp();
  }

  private async step(): Promise<boolean> {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      if (this.rebuilding) this.rebuilding = !(await this.reader.restart(this.options.views.map((view) => view.table)));
      const handled = await this.reader.step();
      if (handled === 0 && !this.rebuilding) for (const resolve of waiting.splice(0)) resolve();
      return (handled ?? 0) > 0;
    } finally {
      this.waiting.unshift(...waiting);
    }
  }

  private async rowsOf(events: readonly RecordedEvent[]): Promise<Partial<UnitOfWork>> {
    const rows: RowWrite[] = [];
    for (const view of this.options.views) {
      const folded = new Map<string, object | null>();
      for (const event of events) {
        const key = view.key(event);
        if (key === undefined) continue;
        const row = folded.has(key) ? (folded.get(key) ?? null) : await this.options.store.row(view.table, key);
        folded.set(key, view.evolve(row, event));
      }
      const { table } = view;
      for (const [key, row] of folded) rows.push(row === null ? { op: 'remove', table, key } : { op: 'put', table, key, row });
    }
    return { rows };
  }
}
