import type {
  Cursor,
  Deadline,
  EventStore,
  Inbox,
  Lease,
  LoadedStream,
  Outcome,
  RecordedEvent,
  RowFilter,
  RowPage,
  Shard,
  StoredResponse,
  UnitOfWork,
} from '@orderloom/event-sourcing';
import type { Instant, Timers } from '@orderloom/kernel';
import type { Database } from './database.js';
import type { SimProcess } from './sim-process.js';

/** A service's store as used by one process. */
export class SimStore implements EventStore {
  readonly timers: Timers;
  private readonly listeners = new Map<() => void, boolean>();

  constructor(
    private readonly process: SimProcess,
    private readonly database: Database,
  ) {
    this.timers = process.timers;
    process.atEnd(database.store.onCommit(() => this.ring()));
  }

  now = (): Promise<Instant> => this.ask('now', () => this.database.store.now());

  load = (stream: string): Promise<LoadedStream> => this.ask(`load ${stream}`, () => this.database.store.load(stream));

  commit(unit: UnitOfWork): Promise<Outcome> {
    return this.ask('commit', () => this.database.commit(unit));
  }

  read(cursor: Cursor, limit: number, shard?: Shard): Promise<readonly RecordedEvent[]> {
    return this.ask('read', () => this.database.store.read(cursor, limit, shard));
  }

  heldBack(cursor: Cursor, shard?: Shard): Promise<boolean> {
    return this.ask('held back', () => this.database.store.heldBack(cursor, shard));
  }

  row<R extends object>(table: string, key: string): Promise<R | null> {
    return this.ask(`row ${table}`, () => this.database.store.row<R>(table, key));
  }

  rows<R extends object>(table: string, where: RowFilter, limit?: number, page?: RowPage): Promise<readonly R[]> {
    return this.ask(`rows ${table}`, () => this.database.store.rows<R>(table, where, limit, page));
  }

  due = (limit: number): Promise<readonly Deadline[]> => this.ask('due', () => this.database.store.due(limit));

  openDeadlines = (ids: readonly string[]): Promise<readonly Deadline[]> =>
    this.ask('deadlines', () => this.database.store.openDeadlines(ids));

  handled = (inbox: Inbox): Promise<boolean> => this.ask('handled', () => this.database.store.handled(inbox));

  commandResponse = (commandId: string): Promise<StoredResponse | null> =>
    this.ask('answer', () => this.database.store.commandResponse(commandId));

  checkpoint = (name: string): Promise<Cursor> => this.ask('checkpoint', () => this.database.store.checkpoint(name));

  lease(name: string, owner: string, seconds: number): Promise<Lease | null> {
    return this.ask(`lease ${name}`, () => this.database.store.lease(name, owner, seconds));
  }

  onCommit(listener: () => void): () => void {
    this.listeners.set(listener, false);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.listeners.clear();
  }

  /** Notifications of commits: several commits may share one, and some are lost. */
  private ring(): void {
    const { random, profile } = this.process.machine;
    for (const [listener, isCalled] of this.listeners) {
      if (isCalled || random.chance(profile.lostBells)) continue;
      this.listeners.set(listener, true);
      this.process.later(profile.latency(random), 'hears of a commit', () => {
        if (this.listeners.has(listener)) this.listeners.set(listener, false);
        listener();
      });
    }
  }

  private ask<T>(what: string, act: () => Promise<T>): Promise<T> {
    return this.process.call('store', what, act);
  }
}
