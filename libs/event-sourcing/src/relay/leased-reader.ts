import { realTimers, type Timers } from '@orderloom/kernel';
import type { Cursor, Meta, RecordedEvent } from '../decider/event.js';
import type { EventStore, Shard, UnitOfWork } from '../store/store.js';

export interface LeasedReaderOptions {
  readonly store: EventStore;
  /** Name of the lease and of the checkpoint. */
  readonly name: string;
  /** Unique per process: two processes with the same owner would both hold the lease. */
  readonly owner: string;
  readonly shard?: Shard;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  /**
   * Handles events in order; the returned writes are committed with the checkpoint. If `fence` differs from the last call, another process
   * may have handled events in between.
   */
  readonly handle: (events: readonly RecordedEvent[], fence: string) => Promise<Partial<UnitOfWork>>;
  /** Handles the next batch while the checkpoint of the last one is being committed. Only for a `handle` that returns no writes. */
  readonly overlapping?: boolean;
}

const maxHeldBackMs = 64;

/** Reads all events in order in one process at a time. The lease elects the process, and its fence number guards the checkpoint. */
export class LeasedReader {
  private fence: string | undefined;
  private leaseEnds = 0;
  private cursor: Cursor | undefined;
  /** The prefetched batch after `after`. */
  private prefetched: { readonly after: Cursor; readonly events: Promise<readonly RecordedEvent[]> } | undefined;
  private heldBackMs = 0;
  /** The pending commit of the checkpoint. */
  private checkpointCommit: Promise<boolean> = Promise.resolve(true);
  private stopRenewing: (() => void) | undefined;
  private readonly timers: Timers;
  private readonly seconds: number;

  constructor(private readonly options: LeasedReaderOptions) {
    this.seconds = options.leaseSeconds ?? 6;
    this.timers = options.store.timers ?? realTimers;
  }

  /** True if this process holds the lease. */
  get holdsLease(): boolean {
    return this.fence !== undefined;
  }

  /**
   * Handles the next batch. Resolves to its size once the checkpoint is committed (or pending, if `overlapping`), to 0 without events, to
   * `heldBack` if an open transaction hides events, and to undefined if another process holds the lease.
   */
  async step(): Promise<number | 'heldBack' | undefined> {
    const { store, name, handle } = this.options;
    // The timer renews the lease during a long batch; after a longer stall it is requested again here.
    if (!this.holdsLease || this.timers.now() > this.leaseEnds - this.seconds * 500) await this.renew();
    // The timer may lose the lease during the batch, so the commit is fenced by the number at its start.
    const { fence } = this;
    if (fence === undefined) return undefined;
    const cursor = this.cursor ?? (await store.checkpoint(name));
    const events = await this.read(cursor);
    const last = events.at(-1);
    if (!last) return (await this.awaitCheckpoint()) ? this.whenEmpty(cursor) : undefined;
    this.heldBackMs = 0;
    if (events.length === this.batch) this.prefetch(last.cursor);
    const unit = await handle(events, fence);
    // Checkpoints are committed one at a time, after the events that they cover.
    if (!(await this.awaitCheckpoint())) return undefined;
    this.checkpointCommit = this.commit({ ...unit, checkpoint: { name, cursor: last.cursor, fence } });
    if (this.options.overlapping) this.checkpointCommit.catch(() => undefined);
    else if (!(await this.awaitCheckpoint())) return undefined;
    if (this.fence === fence) this.cursor = last.cursor;
    return events.length;
  }

  /** Empties `tables` and restarts at the first event. Resolves to the fence number, or undefined if another process holds the lease. */
  async restart(tables: readonly string[]): Promise<string | undefined> {
    await this.renew();
    const { fence } = this;
    if (fence === undefined) return undefined;
    this.cursor = undefined;
    const done = await this.commit({ restart: { checkpoint: this.options.name, tables, fence } });
    return done ? fence : undefined;
  }

  /** Replaces `tables` and the checkpoint by those that `next` has built. Resolves to false if `next` is behind or a lease is lost. */
  async switchTo(next: LeasedReader, tables: readonly string[]): Promise<boolean> {
    const live = { name: this.options.name, fence: this.fence };
    const built = { name: next.options.name, fence: next.fence };
    if (live.fence === undefined || built.fence === undefined) return false;
    this.cursor = undefined;
    next.cursor = undefined;
    return this.commit({ switchOver: { live, next: built, tables } });
  }

  /** Releases the lease, so that another process need not wait until it expires. */
  async release(): Promise<void> {
    this.stopRenewing?.();
    await this.checkpointCommit.catch(() => undefined);
    if (this.holdsLease) await this.options.store.lease(this.options.name, this.options.owner, 0).catch(() => undefined);
    this.fence = undefined;
  }

  /**
   * Resolves to whether the pending checkpoint was committed, once per commit. After an error the commit may have succeeded, so the
   * checkpoint is read again before the next batch.
   */
  private async awaitCheckpoint(): Promise<boolean> {
    const { checkpointCommit: moving } = this;
    this.checkpointCommit = Promise.resolve(true);
    try {
      return await moving;
    } catch (error) {
      this.cursor = undefined;
      throw error;
    }
  }

  /** Waits briefly if events are held back, because the end of the blocking transaction causes no notification. */
  private async whenEmpty(cursor: Cursor): Promise<0 | 'heldBack'> {
    const { store, shard } = this.options;
    if (!(await store.heldBack(cursor, shard))) return 0;
    this.heldBackMs = Math.min(maxHeldBackMs, Math.max(1, this.heldBackMs * 2));
    await this.timers.delay(this.heldBackMs);
    return 'heldBack';
  }

  private get batch(): number {
    return this.options.batch ?? 500;
  }

  /** Prefetches the next batch: the events after a cursor never change. */
  private prefetch(after: Cursor): void {
    const events = this.options.store.read(after, this.batch, this.options.shard);
    events.catch(() => undefined);
    this.prefetched = { after, events };
  }

  private read(cursor: Cursor): Promise<readonly RecordedEvent[]> {
    const { prefetched } = this;
    this.prefetched = undefined;
    return prefetched?.after === cursor ? prefetched.events : this.options.store.read(cursor, this.batch, this.options.shard);
  }

  private async commit(unit: Partial<UnitOfWork>): Promise<boolean> {
    const meta: Meta = { by: this.options.name };
    const outcome = await this.options.store.commit({ meta, ...unit });
    if (outcome.status === 'committed') return true;
    this.loseLease();
    return false;
  }

  private async renew(): Promise<void> {
    const requestedAt = this.timers.now();
    const lease = await this.options.store.lease(this.options.name, this.options.owner, this.seconds);
    if (lease?.fence !== this.fence) this.loseLease();
    if (!lease) return;
    this.fence = lease.fence;
    this.leaseEnds = requestedAt + this.seconds * 1000;
    this.stopRenewing ??= this.timers.every((this.seconds * 1000) / 3, () => void this.renew().catch(() => undefined));
  }

  private loseLease(): void {
    this.stopRenewing?.();
    this.stopRenewing = undefined;
    this.fence = undefined;
    this.cursor = undefined;
  }
}
