import type { AnyDecider, Projection } from '../decider/decider.js';
import type { RecordedEvent } from '../decider/event.js';
import type { EventStore, RowWrite, UnitOfWork } from '../store/store.js';
import { upcasterFor } from '../decider/upcasters.js';
import { LeasedReader } from '../relay/leased-reader.js';
import { RowCache } from './row-cache.js';

export interface ProjectionWriterOptions {
  readonly store: EventStore;
  /** Name of the lease and of the checkpoint. */
  readonly name: string;
  readonly views: readonly Projection[];
  readonly deciders: readonly AnyDecider[];
  readonly owner: string;
  readonly batch: number;
  readonly leaseSeconds: number | undefined;
}

/** Projects the events into the tables of the projections, batch by batch. Rows and checkpoint are committed in one unit of work. */
export class ProjectionWriter {
  private readonly reader: LeasedReader;
  private readonly upcast: (event: RecordedEvent) => RecordedEvent;
  private readonly cache = new RowCache();

  constructor(private readonly options: ProjectionWriterOptions) {
    this.upcast = upcasterFor(options.deciders);
    const handle = (events: readonly RecordedEvent[], fence: string): Promise<Partial<UnitOfWork>> => {
      this.cache.begin(fence);
      return this.rowsOf(events.map(this.upcast));
    };
    this.reader = new LeasedReader({ ...options, handle });
  }

  /** Projects the next batch; the result is that of `LeasedReader.step`. */
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

  /** Empties the tables and restarts at the first event; resolves to false if another process holds the lease. */
  async restart(): Promise<boolean> {
    const fence = await this.reader.restart(this.tables);
    if (fence !== undefined) this.cache.emptied(fence);
    return fence !== undefined;
  }

  /** Replaces the live tables by those that `next` has built; resolves to false if that is not possible yet. */
  async switchTo(next: ProjectionWriter): Promise<boolean> {
    // If the result of the commit is lost, the cached rows may be outdated.
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
      const folded = await this.currentRows(table, [...new Set(keyed.map(({ key }) => key))]);
      for (const { key, event } of keyed) folded.set(key, view.evolve(folded.get(key) ?? null, event));
      for (const [key, row] of folded) {
        this.cache.write(table, key, row);
        rows.push(row === null ? { op: 'remove', table, key } : { op: 'put', table, key, row });
      }
    }
    return { rows };
  }

  /** The current rows, from the cache or read concurrently. */
  private async currentRows(table: string, keys: readonly string[]): Promise<Map<string, object | null>> {
    const entries = keys.map(async (key): Promise<[string, object | null]> => {
      const cached = this.cache.get(table, key);
      return [key, cached === undefined ? await this.options.store.row(table, key) : cached];
    });
    return new Map(await Promise.all(entries));
  }
}
