import { randomUUID } from 'node:crypto';
import type { AnyDecider, View } from '../decider.js';
import type { RecordedEvent } from '../event.js';
import type { EventStore, RowWrite, UnitOfWork } from '../store.js';
import { lifter } from '../upcasters.js';
import { LeasedReader } from './leased-reader.js';
import { Pump } from './pump.js';
import { RowCache } from './row-cache.js';

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
  private readonly cache = new RowCache();
  private waiting: (() => void)[] = [];
  private rebuilding = false;
  private silence: () => void = () => undefined;

  constructor(private readonly options: ViewFollowerOptions) {
    const { store, name, owner = randomUUID(), batch = 2_000, leaseSeconds, onError } = options;
    this.lift = lifter(options.deciders ?? []);
    const handle = (events: readonly RecordedEvent[], fence: string): Promise<Partial<UnitOfWork>> => {
      this.cache.begin(fence);
      return this.rowsOf(events.map(this.lift));
    };
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
      if (this.rebuilding) await this.restart();
      const handled = await this.reader.step();
      if (handled === undefined) this.cache.forget();
      else this.cache.committed();
      if ((handled === 0 || handled === 'heldBack') && !this.rebuilding) for (const resolve of waiting.splice(0)) resolve();
      return handled === 'heldBack' || (handled ?? 0) > 0;
    } catch (error) {
      this.cache.forget();
      throw error;
    } finally {
      this.waiting.unshift(...waiting);
    }
  }

  private async restart(): Promise<void> {
    const fence = await this.reader.restart(this.options.views.map((view) => view.table));
    if (fence !== undefined) this.cache.emptied(fence);
    this.rebuilding = fence === undefined;
  }

  private async rowsOf(events: readonly RecordedEvent[]): Promise<Partial<UnitOfWork>> {
    const rows: RowWrite[] = [];
    for (const view of this.options.views) {
      const { table } = view;
      const keyed = events.flatMap((event) => {
        const key = view.key(event);
        return key === undefined ? [] : [{ key, event }];
      });
      const folded = await this.before(table, [...new Set(keyed.map(({ key }) => key))]);
      for (const { key, event } of keyed) folded.set(key, view.evolve(folded.get(key) ?? null, event));
      for (const [key, row] of folded) {
        this.cache.write(table, key, row);
        rows.push(row === null ? { op: 'remove', table, key } : { op: 'put', table, key, row });
      }
    }
    return { rows };
  }

  /** The rows as they are, read at once. */
  private async before(table: string, keys: readonly string[]): Promise<Map<string, object | null>> {
    const known = keys.map(async (key): Promise<[string, object | null]> => {
      const cached = this.cache.get(table, key);
      return [key, cached === undefined ? await this.options.store.row(table, key) : cached];
    });
    return new Map(await Promise.all(known));
  }
}
