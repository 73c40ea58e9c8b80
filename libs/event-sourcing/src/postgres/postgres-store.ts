import { type Instant, isStorable } from '@orderloom/kernel';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { CommitNotifier } from './commit-notifier.js';
import { CommitQueue } from './commit/commit-queue.js';
import { type Cursor, type RecordedEvent, start } from '../decider/event.js';
import { storableText } from '../store/recording/plain-data.js';
import { CommitCache } from './commit/commit-cache.js';
import { BatchedReads } from './batched-reads.js';
import { openDataSource, type PostgresOptions, unavailable, withClient } from './postgres-pool.js';
import { fieldName } from './row-table.js';
import { eventColumns, type EventRow, fromTimestamp, prepared, storeNow, toEvent } from './sql.js';
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
import { assertIdentifier } from '../store/recording/normalise-unit.js';

/** The event store on Postgres. It uses TypeORM for connections and migrations, and plain SQL on the hot path. */
export class PostgresStore implements EventStore {
  private readonly notifier: CommitNotifier;
  private readonly queue: CommitQueue;
  private readonly reads: BatchedReads;
  private readonly cache = new CommitCache();

  /** Number of units of work by outcome since the store was opened. */
  readonly outcomes = { committed: 0, duplicate: 0, conflict: 0, taken: 0, stale: 0 };
  /** Number of conflicts by kind of stream (`order`). */
  readonly conflicts: Record<string, number> = {};

  private constructor(
    readonly dataSource: DataSource,
    /** Pool for plain SQL; timestamps are returned as text. */
    readonly pool: Pool,
    options: PostgresOptions,
  ) {
    this.queue = new CommitQueue({ pool, cache: this.cache, onClockJump: options.onClockJump });
    this.reads = new BatchedReads((text, values) => this.query(text, values));
    this.notifier = new CommitNotifier(options.url, pool);
  }

  /** Connects without running migrations. Throws `StoreUnavailable`. */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    const { dataSource, pool } = await openDataSource(options);
    return new PostgresStore(dataSource, pool, options);
  }

  /** Migrates the database to the version of this program. An advisory lock admits one process at a time. */
  async migrate(): Promise<void> {
    await withClient(this.pool, async (client) => {
      await client.query("select pg_advisory_lock(hashtext('orderloom migrations'))");
      try {
        await this.dataSource.runMigrations();
      } finally {
        await client.query("select pg_advisory_unlock(hashtext('orderloom migrations'))");
      }
    });
  }

  async now(): Promise<Instant> {
    const now = await this.reads.now.get(undefined);
    this.cache.observeNow(now);
    return now;
  }

  /** Sets the clock, which then runs on from `at`. For development and tests. */
  async setNow(at: Instant): Promise<void> {
    await this.query(
      `update clock set stands_at = null, offset_micros = extract(epoch from $1::timestamptz - clock_timestamp()) * 1000000`,
      [at],
    );
  }

  async load(stream: string): Promise<LoadedStream> {
    const loaded = await this.reads.streams.get(storableText(stream, 'stream'));
    this.cache.observeStream(loaded);
    return loaded;
  }

  async commit(unit: UnitOfWork): Promise<Outcome> {
    const outcome = await this.queue.commit(unit);
    this.outcomes[outcome.status] += 1;
    if (outcome.status === 'committed') this.notifier.notify();
    if (outcome.status === 'duplicate' && unit.command)
      return { ...outcome, answer: (await this.commandResponse(unit.command.id)) ?? undefined };
    if (outcome.status === 'conflict') this.conflicts[kindOf(outcome.stream)] = (this.conflicts[kindOf(outcome.stream)] ?? 0) + 1;
    if (outcome.status === 'conflict') return { ...outcome, actual: await this.versionOf(outcome.stream) };
    return outcome;
  }

  async read(cursor: Cursor, limit: number, shard?: Shard): Promise<readonly RecordedEvent[]> {
    const rows = await this.query<EventRow>(
      `select ${eventColumns} from events
       where (xid, position) > ($1::text::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
       ${shard ? 'and shard_hash % $4 = $5' : ''} order by xid, position limit $3`,
      [cursor.transaction, cursor.position, limit, ...(shard ? [shard.of, shard.index] : [])],
    );
    return rows.map(toEvent);
  }

  async heldBack(cursor: Cursor, shard?: Shard): Promise<boolean> {
    const rows = await this.query<{ more: boolean }>(
      `select exists (select from events where (xid, position) > ($1::text::xid8, $2::bigint)
         ${shard ? 'and shard_hash % $3 = $4' : ''}) as more`,
      [cursor.transaction, cursor.position, ...(shard ? [shard.of, shard.index] : [])],
    );
    return rows[0]?.more ?? false;
  }

  async row<R extends object>(table: string, key: string): Promise<R | null> {
    return (await this.reads.rows.get({ table: assertIdentifier(table), key: storableText(key, 'key') })) as R | null;
  }

  async rows<R extends object>(table: string, where: RowFilter, limit = 1000, page: RowPage = {}): Promise<readonly R[]> {
    const values = Object.entries(where).map(([field, texts]) => {
      const accepted = [texts].flat().flatMap((text) => equalJsonValues(storableText(text, field)));
      return [fieldName(field), accepted] as const;
    });
    return (await this.reads.found({ table: assertIdentifier(table), where: values, limit, ...page })) as readonly R[];
  }

  due(limit: number): Promise<readonly Deadline[]> {
    return this.deadlines(`due_at <= ${storeNow} order by due_at, id limit $1`, limit);
  }

  openDeadlines(ids: readonly string[]): Promise<readonly Deadline[]> {
    return this.deadlines('id = any($1) order by id collate "C"', ids);
  }

  private async deadlines(where: string, value: unknown): Promise<readonly Deadline[]> {
    const rows = await this.query<Omit<Deadline, 'dueAt'> & { due_at: string }>(
      `select id, generation, due_at, owner, data from deadlines where ${where}`,
      [value],
    );
    return rows.map(({ due_at, ...deadline }) => ({ ...deadline, dueAt: fromTimestamp(due_at) }));
  }

  async handled(inbox: Inbox): Promise<boolean> {
    return isStorable(inbox.message) && this.reads.handled.get(inbox);
  }

  async commandResponse(commandId: string): Promise<StoredResponse | null> {
    return this.reads.responses.get(storableText(commandId, 'command id'));
  }

  async checkpoint(name: string): Promise<Cursor> {
    const rows = await this.query<Cursor>('select xid as transaction, position from checkpoints where name = $1', [name]);
    return rows[0] ?? start;
  }

  async lease(name: string, owner: string, seconds: number): Promise<Lease | null> {
    const rows = await this.query<Lease>(
      `insert into leases (name, owner, fence, until) values ($1, $2, 1, clock_timestamp() + $3 * interval '1 second')
       on conflict (name) do update set owner = excluded.owner, until = excluded.until,
         fence = leases.fence + case when leases.owner = excluded.owner then 0 else 1 end
       where leases.owner = excluded.owner or leases.until < clock_timestamp()
       returning fence`,
      [name, owner, seconds],
    );
    return rows[0] ?? null;
  }

  onCommit(listener: () => void): () => void {
    return this.notifier.subscribe(listener);
  }

  async close(): Promise<void> {
    await this.notifier.close();
    await this.dataSource.destroy();
  }

  private async versionOf(stream: string): Promise<number> {
    const rows = await this.query<{ version: number | null }>('select max(version) as version from events where stream = $1', [stream]);
    return rows[0]?.version ?? 0;
  }

  private async query<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    const result = await this.pool.query<R & Record<string, unknown>>(prepared(text, values)).catch((error: unknown) => unavailable(error));
    return result.rows;
  }
}

/** The JSON values that `text` matches: the string itself, and the number or boolean with this notation. */
const equalJsonValues = (text: string): string[] => [
  JSON.stringify(text),
  ...(/^(?:true|false|-?(?:0|[1-9]\d{0,14}))$/.test(text) ? [text] : []),
];

/** Kind of a stream; stream names have the form `<kind>-<id>`. */
const kindOf = (stream: string): string => stream.split('-', 1)[0] ?? stream;
