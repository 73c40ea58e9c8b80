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
  /** The next batch is handled while the checkpoint of the last one is still being committed; for what commits nothing else. */
  readonly overlapping?: boolean;
}

const longestHeldBackMs = 64;

/** Reads all events in order, one process at a time: a leased writer whose checkpoint is fenced by the lease's number. */
export class LeasedReader {
  private fence: string | undefined;
  private leaseEnds = 0;
  private cursor: Cursor | undefined;
  /** The batch after the one in hand, while it is being read. */
  private ahead: { readonly after: Cursor; readonly events: Promise<readonly RecordedEvent[]> } | undefined;
  private heldBackMs = 0;
  /** The checkpoint that is on its way. */
  private moving: Promise<boolean> = Promise.resolve(true);
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

  /**
   * Handles the next batch; resolves to its size once the checkpoint has moved (or is on its way), undefined where somebody else is (or
   * was) at work.
   */
  async step(): Promise<number | 'heldBack' | undefined> {
    const { store, name, handle } = this.options;
    // while a batch is handled for long, the timer renews; what stalled longer than that asks anew
    if (!this.holds || this.timers.now() > this.leaseEnds - this.seconds * 500) await this.renew();
    // the timer may lose the lease meanwhile: what is committed is fenced by the number it was begun with
    const { fence } = this;
    if (fence === undefined) return undefined;
    const cursor = this.cursor ?? (await store.checkpoint(name));
    const events = await this.read(cursor);
    const last = events.at(-1);
    if (!last) return (await this.moved()) ? this.nothing(cursor) : undefined;
    this.heldBackMs = 0;
    if (events.length === this.batch) this.readAhead(last.cursor);
    const unit = await handle(events, fence);
    // one checkpoint at a time, each after what it stands for
    if (!(await this.moved())) return undefined;
    this.moving = this.commit({ ...unit, checkpoint: { name, cursor: last.cursor, fence } });
    if (this.options.overlapping) this.moving.catch(() => undefined);
    else if (!(await this.moved())) return undefined;
    if (this.fence === fence) this.cursor = last.cursor;
    return events.length;
  }

  /** Begins anew from the start, with `tables` empty; resolves to the lease's number. Undefined while somebody else holds it. */
  async restart(tables: readonly string[]): Promise<string | undefined> {
    await this.renew();
    const { fence } = this;
    if (fence === undefined) return undefined;
    this.cursor = undefined;
    const done = await this.commit({ restart: { checkpoint: this.options.name, tables, fence } });
    return done ? fence : undefined;
  }

  /** Puts what `next` has built, and its checkpoint, in place of `tables`; false where that is behind, or somebody else is at work. */
  async switchTo(next: LeasedReader, tables: readonly string[]): Promise<boolean> {
    const live = { name: this.options.name, fence: this.fence };
    const built = { name: next.options.name, fence: next.fence };
    if (live.fence === undefined || built.fence === undefined) return false;
    this.cursor = undefined;
    next.cursor = undefined;
    return this.commit({ switchOver: { live, next: built, tables } });
  }

  /** Gives the lease back, so that another process need not wait for its end. */
  async release(): Promise<void> {
    this.stopRenewing?.();
    await this.moving.catch(() => undefined);
    if (this.holds) await this.options.store.lease(this.options.name, this.options.owner, 0).catch(() => undefined);
    this.fence = undefined;
  }

  /**
   * Whether the checkpoint on its way has arrived; what became of it is told once. Where that is not known, it may have been committed all
   * the same: where it stands is asked for, lest a longer batch begins with the same events.
   */
  private async moved(): Promise<boolean> {
    const { moving } = this;
    this.moving = Promise.resolve(true);
    try {
      return await moving;
    } catch (error) {
      this.cursor = undefined;
      throw error;
    }
  }

  /** Waits a moment where something is held back: nobody rings when the transaction ends that holds it. */
  private async nothing(cursor: Cursor): Promise<0 | 'heldBack'> {
    const { store, shard } = this.options;
    if (!(await store.heldBack(cursor, shard))) return 0;
    this.heldBackMs = Math.min(longestHeldBackMs, Math.max(1, this.heldBackMs * 2));
    await this.timers.delay(this.heldBackMs);
    return 'heldBack';
  }

  private get batch(): number {
    return this.options.batch ?? 500;
  }

  /** What can be read after a cursor never changes: it may be read while the batch before it is handled. */
  private readAhead(after: Cursor): void {
    const events = this.options.store.read(after, this.batch, this.options.shard);
    events.catch(() => undefined);
    this.ahead = { after, events };
  }

  private read(cursor: Cursor): Promise<readonly RecordedEvent[]> {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead?.after === cursor ? ahead.events : this.options.store.read(cursor, this.batch, this.options.shard);
  }

  private async commit(unit: Partial<UnitOfWork>): Promise<boolean> {
    const meta: Meta = { by: this.options.name };
    const outcome = await this.options.store.commit({ meta, ...unit });
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
