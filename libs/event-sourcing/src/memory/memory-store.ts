import { fromMicros, instant, type Instant, micros, realTimers, type Timers } from '@orderloom/kernel';
import type { Cursor, RecordedEvent } from '../decider/event.js';
import type { AuditSnapshot } from '../audit/audit-snapshot.js';
import { MemoryCheckpoints } from './memory-checkpoints.js';
import { memorySnapshot } from '../audit/memory-snapshot.js';
import { deepFreeze, MemoryHistory, type OpenWriter } from './memory-history.js';
import { MemoryTables } from './memory-tables.js';
import { storableText } from '../store/recording/plain-data.js';
import { type OnCauseFromFuture, HybridLogicalClock } from '../store/recording/hybrid-logical-clock.js';
import { versionMatches, prepareEvents, type StreamHead } from '../store/recording/prepare-events.js';
import { fieldName, nextTable } from '../postgres/row-table.js';
import type {
  Deadline,
  EventStore,
  Inbox,
  Lease,
  LoadedStream,
  Outcome,
  RowFilter,
  RowPage,
  Shard,
  StoredResponse,
  UnitOfWork,
} from '../store/store.js';
import { validateUnit, assertIdentifier, normaliseDeadlines, normaliseRows } from '../store/recording/normalise-unit.js';

export interface MemoryStoreOptions {
  readonly onClockJump?: OnCauseFromFuture;
  /** The store's clock; the machine's by default. */
  readonly clock?: () => Instant;
  /** Timers that measure leases; real ones by default. */
  readonly timers?: Timers;
}

type Refused = Exclude<Outcome, { status: 'committed' }>;
type Staged = { readonly outcome: Outcome; readonly apply: () => void };

/** In-memory event store for tests and simulations, with the outcomes, transaction ids and horizon of the Postgres store. */
export class MemoryStore implements EventStore {
  private readonly history = new MemoryHistory();
  private readonly tables = new MemoryTables();
  private readonly inbox = new Map<string, string | undefined>();
  private readonly responses = new Map<string, StoredResponse>();
  private readonly deadlines = new Map<string, Deadline>();
  private readonly checkpoints = new MemoryCheckpoints();
  private readonly listeners = new Set<() => void>();
  private readonly open = new Set<bigint>();
  private lastTransaction = 2n;
  private lastPosition = 0n;
  private fixed: bigint | undefined;

  constructor(private readonly options: MemoryStoreOptions = {}) {}

  /** Stops the clock. */
  setNow(at: Instant): void {
    this.fixed = micros(instant(at));
  }

  /** Moves the clock forward by `seconds` and stops it. */
  advance(seconds: number): void {
    this.fixed = micros(this.time()) + BigInt(Math.round(seconds * 1_000_000));
  }

  async now(): Promise<Instant> {
    return this.time();
  }

  async load(stream: string): Promise<LoadedStream> {
    const events = [...this.history.stream(storableText(stream, 'stream'))];
    return { stream, version: events.length, events, now: this.time() };
  }

  async commit(unit: UnitOfWork): Promise<Outcome> {
    const transaction = this.beginTransaction();
    try {
      const { outcome, apply } = this.stage(unit, transaction);
      if (outcome.status === 'committed') apply();
      return outcome;
    } finally {
      this.endTransaction(transaction);
    }
  }

  /** Opens a transaction for tests; `read` returns only events before it until it ends. */
  async openWriter(): Promise<OpenWriter> {
    const transaction = this.beginTransaction();
    const applies: (() => void)[] = [];
    return {
      write: async (unit) => {
        const { outcome, apply } = this.stage(unit, transaction);
        if (outcome.status === 'committed') applies.push(apply);
        return outcome;
      },
      commit: async () => {
        for (const apply of applies) apply();
        this.endTransaction(transaction);
      },
      rollback: async () => this.endTransaction(transaction),
    };
  }

  async read(cursor: Cursor, limit: number, shard?: Shard): Promise<readonly RecordedEvent[]> {
    return this.history.after(cursor, limit, shard, this.horizon());
  }

  async heldBack(cursor: Cursor, shard?: Shard): Promise<boolean> {
    return this.history.after(cursor, 1, shard).length > 0;
  }

  async row<R extends object>(table: string, key: string): Promise<R | null> {
    return this.tables.row<R>(assertIdentifier(table), storableText(key, 'key'));
  }

  async rows<R extends object>(table: string, where: RowFilter, limit = 1000, page: RowPage = {}): Promise<readonly R[]> {
    for (const [field, texts] of Object.entries(where)) for (const text of [texts].flat()) storableText(text, fieldName(field));
    return this.tables.rows<R>(assertIdentifier(table), where, limit, page);
  }

  async due(limit: number): Promise<readonly Deadline[]> {
    const now = this.time();
    return [...this.deadlines.values()]
      .filter((d) => d.dueAt <= now)
      .sort((a, b) => (`${a.dueAt} ${a.id}` < `${b.dueAt} ${b.id}` ? -1 : 1))
      .slice(0, limit)
      .map((d) => structuredClone(d));
  }

  async openDeadlines(ids: readonly string[]): Promise<readonly Deadline[]> {
    return [...new Set(ids)].sort().flatMap((id) => structuredClone(this.deadlines.get(id) ?? []));
  }

  async handled(inbox: Inbox): Promise<boolean> {
    return this.inbox.has(nameOf(inbox)) && [undefined, inbox.about].includes(inbox.about && this.inbox.get(nameOf(inbox)));
  }

  async commandResponse(commandId: string): Promise<StoredResponse | null> {
    return structuredClone(this.responses.get(commandId) ?? null);
  }

  async checkpoint(name: string): Promise<Cursor> {
    return this.checkpoints.at(name);
  }

  async lease(name: string, owner: string, seconds: number): Promise<Lease | null> {
    return this.checkpoints.lease(name, owner, seconds, (this.options.timers ?? realTimers).now());
  }

  onCommit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.listeners.clear();
  }

  /** A snapshot of the committed data, for the audit. */
  snapshot(): AuditSnapshot {
    const { history, tables, deadlines, checkpoints } = this;
    return memorySnapshot({ history, tables, deadlines, checkpoints: checkpoints.all, now: this.time(), horizon: String(this.horizon()) });
  }

  private horizon(): bigint {
    return [...this.open].reduce((a, b) => (a < b ? a : b), this.lastTransaction + 1n);
  }

  private time = (): Instant => {
    if (this.fixed !== undefined) return fromMicros(this.fixed);
    return this.options.clock?.() ?? instant(new Date());
  };

  private beginTransaction(): bigint {
    this.lastTransaction += 1n;
    this.open.add(this.lastTransaction);
    return this.lastTransaction;
  }

  private endTransaction(transaction: bigint): void {
    this.open.delete(transaction);
    for (const listener of this.listeners) listener();
  }

  /** The outcome of `unit`, and the function that applies it. */
  private stage(unit: UnitOfWork, transaction: bigint): Staged {
    validateUnit(unit);
    const rows = normaliseRows(unit.rows ?? []);
    const timers = normaliseDeadlines(unit.deadlines ?? []);
    const events = this.prepare(unit, transaction);
    const refused = this.duplicate(unit) ?? this.conflict(unit, transaction) ?? this.staleOrTaken(unit);
    if (refused) return { outcome: refused, apply: () => undefined };
    const apply = (): void => {
      if (unit.inbox) this.inbox.set(nameOf(unit.inbox), unit.inbox.about);
      if (unit.command) this.storeResponse(unit.command);
      for (const event of events) this.history.insert(event);
      for (const table of unit.restart?.tables ?? []) this.tables.empty(table);
      for (const row of rows) this.tables.write(row);
      for (const id of [...timers.fires.map((f) => f.id), ...timers.cancels]) this.deadlines.delete(id);
      for (const { json, ...deadline } of timers.sets) this.deadlines.set(deadline.id, { ...deadline, data: JSON.parse(json) as object });
      for (const table of unit.switchOver?.tables ?? []) this.tables.replace(table, nextTable(table));
      this.checkpoints.apply(unit);
    };
    return { outcome: { status: 'committed', events }, apply };
  }

  private prepare(unit: UnitOfWork, transaction: bigint): RecordedEvent[] {
    const clock = new HybridLogicalClock(this.time(), unit.meta.causedAt, this.options.onClockJump);
    const headOf = (stream: string): StreamHead => {
      const past = this.history.stream(stream);
      return { version: past.length, lastRecordedAt: past.at(-1)?.recordedAt };
    };
    return prepareEvents(unit.appends ?? [], headOf, unit.meta, clock).map(({ event }) => {
      this.lastPosition += 1n;
      return deepFreeze({ ...event, cursor: { transaction: String(transaction), position: String(this.lastPosition) } });
    });
  }

  private duplicate({ inbox, command }: UnitOfWork): Refused | undefined {
    if (inbox && this.inbox.has(nameOf(inbox))) return { status: 'duplicate' };
    const answer = command && this.responses.get(command.id);
    return answer && { status: 'duplicate', answer: structuredClone(answer) };
  }

  private conflict({ appends = [] }: UnitOfWork, transaction: bigint): Refused | undefined {
    for (const { stream, expected } of appends) {
      const past = this.history.stream(stream);
      const inverted = BigInt(past.at(-1)?.cursor.transaction ?? 0) > transaction;
      if (inverted || !versionMatches(expected, past.length)) return { status: 'conflict', stream, actual: past.length };
    }
    return undefined;
  }

  private staleOrTaken(unit: UnitOfWork): Refused | undefined {
    const { rows = [], deadlines = [] } = unit;
    const taken = normaliseRows(rows).find((w) => w.op === 'insert' && this.tables.has(w.table, w.key));
    if (taken) return { status: 'taken', table: taken.table, key: taken.key };
    const fire = normaliseDeadlines(deadlines).fires.find((f) => this.deadlines.get(f.id)?.generation !== f.generation);
    if (fire) return { status: 'stale', what: `deadline ${fire.id}` };
    const what = this.checkpoints.stale(unit);
    return what === undefined ? undefined : { status: 'stale', what };
  }

  private storeResponse({ id, fingerprint, status, body }: StoredResponse & { id: string }): void {
    this.responses.set(id, { fingerprint, status, body: structuredClone(body) });
  }
}

const nameOf = ({ consumer, message }: Inbox): string => JSON.stringify([consumer, message]);
