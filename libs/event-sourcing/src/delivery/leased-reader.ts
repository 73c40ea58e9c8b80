import { realTimers, type Timers } from '@orderloom/kernel';
import type { Cursor, Meta, RecordedEvent } from '../event.js';
import type { EventStore, Shard, UnitOfWork } from '../store.js';

export interface LeasedReaderOptions {
  readonly store: EventStore;
  /** Of the lease and of the checkpoint. */
  readonly name: string;
  /** Unique per process: two of one name would both believe to hold the lease. */
  readonly owner: string;
  readonly shard?: Shard;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  /** Handles events in order; what it returns is committed with the checkpoint. Under another `fence`, somebody else may have handled some before. */
  readonly handle: (events: readonly RecordedEvent[], fence: string) => Promise<Partial<UnitOfWork>>;
}

/** Reads all events in order, one process at a time: a leased writer whose checkpoint is fenced by the lease's number. */
export class LeasedReader {
  private fence: string | undefined;
  private leaseEnds = 0;
  private cursor: Cursor | undefined;
  private stopRenewing: (() => void) | undefined;
  private readonly timers: Timers;
  private readonly seconds: number;

  constructor(private readonly options: LeasedReaderOptions) {
    this.seconds = options.leaseSeconds ?? 6;
    this.timers = options.store.timers ?? realTimers;
  }

  /** Whether this process holds the lease. */
  get holds(): boolean {
    return this.fence !== undefined;
  }

  /** Handles the next batch; resolves to its size once the checkpoint has moved, undefined where somebody else is (or was) at work. */
  async step(): Promise<number | undefined> {
    const { store, name, handle, batch = 500, shard } = this.options;
    // while a batch is handled for long, the timer renews; what stalled longer than that asks anew
    if (!this.holds || this.timers.now() > this.leaseEnds - this.seconds * 500) await this.renew();
    // the timer may lose the lease meanwhile: what is committed is fenced by the number it was begun with
    const { fence } = this;
    if (fence === undefined) return undefined;
    const cursor = this.cursor ?? (await store.checkpoint(name));
    const events = await store.read(cursor, batch, shard);
    const last = events.at(-1);
    if (!last) return 0;
    const unit = await handle(events, fence);
    if (!(await this.commit({ ...unit, checkpoint: { name, cursor: last.cursor, fence } }))) return undefined;
    if (this.fence === fence) this.cursor = last.cursor;
    return events.length;
  }

  /** Begins anew from the start, with `tables` empty. Resolves to false while somebody else holds the lease. */
  async restart(tables: readonly string[]): Promise<boolean> {
    await this.renew();
    if (this.fence === undefined) return false;
    const done = await this.commit({ restart: { checkpoint: this.options.name, tables, fence: this.fence } });
    this.cursor = undefined;
    return done;
  }

  /** Gives the lease back, so that another process need not wait for its end. */
  async release(): Promise<void> {
    this.stopRenewing?.();
    if (this.holds) await this.options.store.lease(this.options.name, this.options.owner, 0).catch(() => undefined);
    this.fence = undefined;
  }

  private async commit(unit: Partial<UnitOfWork>): Promise<boolean> {
    const meta: Meta = { by: this.options.name };
    const outcome = await this.options.store.commit({ meta, ...unit }).catch((error: unknown) => {
      // it may have been committed all the same: where the checkpoint stands is asked for, lest a longer batch begins with the same events
      this.cursor = undefined;
      throw error;
    });
    if (outcome.status === 'committed') return true;
    this.forget();
    return false;
  }

  private async renew(): Promise<void> {
    const asked = this.timers.now();
    const lease = await this.options.store.lease(this.options.name, this.options.owner, this.seconds);
    if (lease?.fence !== this.fence) this.forget();
    if (!lease) return;
    this.fence = lease.fence;
    this.leaseEnds = asked + this.seconds * 1000;
    this.stopRenewing ??= this.timers.every((this.seconds * 1000) / 3, () => void this.renew().catch(() => undefined));
  }

  private forget(): void {
    this.stopRenewing?.();
    this.stopRenewing = undefined;
    this.fence = undefined;
    this.cursor = undefined;
  }
}
