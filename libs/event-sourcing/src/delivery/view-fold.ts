import type { AnyDecider, View } from '../decider.js';
import type { RecordedEvent } from '../event.js';
import type { EventStore, RowWrite, UnitOfWork } from '../store.js';
import { lifter } from '../upcasters.js';
import { LeasedReader } from './leased-reader.js';
import { RowCache } from './row-cache.js';

export interface ViewFoldOptions {
  readonly store: EventStore;
  /** Of its lease and checkpoint. */
  readonly name: string;
  readonly views: readonly View[];
  readonly deciders: readonly AnyDecider[];
  readonly owner: string;
  readonly batch: number;
  readonly leaseSeconds: number | undefined;
}

/** Folds the log into the views' tables, batch by batch: rows and checkpoint move in one unit. */
export class ViewFold {
  private readonly reader: LeasedReader;
  private readonly lift: (event: RecordedEvent) => RecordedEvent;
  private readonly cache = new RowCache();

  constructor(private readonly options: ViewFoldOptions) {
    this.lift = lifter(options.deciders);
    const handle = (events: readonly RecordedEvent[], fence: string): Promise<Partial<UnitOfWork>> => {
      this.cache.begin(fence);
      return this.rowsOf(events.map(this.lift));
    };
    this.reader = new LeasedReader({ ...options, handle });
  }

  /** Folds the next batch; what it resolves to, see `LeasedReader.step`. */
  async step(): Promise<number | 'heldBack' | undefined> {
    try {
      const handled = await this.reader.step();
      if (handled === undefined) this.cache.forget();
      else this.cache.committed();
      return handled;
    } catch (error) {
      this.cache.forget();
      throw error;
    }
  }

  /** Empties the tables and begins anew; false while somebody else is at work. */
  async restart(): Promise<boolean> {
    const fence = await this.reader.restart(this.tables);
    if (fence !== undefined) this.cache.emptied(fence);
    return fence !== undefined;
  }

  /** Puts what `next` has built in place of what is here; false where it can't be yet. */
  async switchTo(next: ViewFold): Promise<boolean> {
    // where the answer gets lost, both may be what they were or not
    for (const { cache } of [this, next]) cache.forget();
    return this.reader.switchTo(next.reader, this.tables);
  }

  release(): Promise<void> {
    return this.reader.release();
  }

  private get tables(): string[] {
    return this.options.views.map(({ table }) => table);
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
