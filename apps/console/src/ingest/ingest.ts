import { poolOf, prepared, allSettledInOneWrite, withClient } from '@orderloom/event-sourcing';
import { RequestBatcher } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import type { Sealing } from '@orderloom/platform';
import type { PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { columns, statements } from './row-upsert.js';
import { type Entry, readRecord, unreadableEntry } from './entry.js';
import { isUnreadOrder, project, unreadOrder } from './project.js';
import { sealed } from './sealed-entry.js';
import { type Name, nameOf } from '../timeline/causal-order.js';

interface Line {
  readonly record: IncomingRecord;
  readonly entry: Entry;
  readonly data: unknown;
  /** Customer key that an unreadable order claims. */
  readonly claimedKey?: string | undefined;
}

/** Limit of batches per transaction: their rows are invisible until it commits, and they are held in memory. */
const batchesTogether = 8;

/** Stores each message of the topics once, with its row changes in the same transaction. */
export class Ingest {
  /** Batches that arrive during a transaction share the next one. */
  private readonly batches = new RequestBatcher<readonly Line[], void>(
    async (batches) => {
      await this.keep(batches.flat());
      return batches.map(() => undefined);
    },
    { concurrency: 1, maxBatchSize: batchesTogether },
  );

  constructor(
    private readonly database: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** Rejects only while the database is unavailable; the same records may then be redelivered. */
  async handle(records: readonly IncomingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const last = new Map<string, Promise<Line>>();
    const lines = records.map((record) => {
      const said = readRecord(record);
      const line = this.line(record, said, last.get(said.entry.orderNumber));
      last.set(said.entry.orderNumber, line);
      return line;
    });
    await this.batches.get(await Promise.all(lines));
  }

  /** Runs after `before`, the previous record of the same order, which may name its customer. */
  private async line(record: IncomingRecord, said: ReturnType<typeof readRecord>, before: Promise<Line> | undefined): Promise<Line> {
    await before;
    const line = await sealed(said, this.sealing, record.timestamp ?? 0);
    const claimedKey = isUnreadOrder(line.entry) ? await this.sealing.claimedBy(record) : undefined;
    return { record, ...line, claimedKey };
  }

  /** Stores a line that the database refuses (a text too long for its index) as unreadable, so that it does not stop the others. */
  private async keep(lines: readonly Line[]): Promise<void> {
    try {
      await this.write(lines);
    } catch (error) {
      if (!isRefusedByDatabase(error)) throw error;
      const [only] = lines;
      if (lines.length > 1) for (const line of lines) await this.keep([line]);
      else if (only) await this.write([unreadable(only.record, error)]);
    }
  }

  private write(lines: readonly Line[]): Promise<void> {
    return withClient(poolOf(this.database), async (client) => {
      try {
        const [, , inserted] = await allSettledInOneWrite(
          client,
          () => [client.query('begin'), client.query(oneWriterAtATime), insertNew(client, lines)] as const,
        );
        const fresh = linesOf(inserted.rows, lines);
        const changes = fresh.flatMap(({ entry, data, claimedKey }) =>
          entry.unreadable === null ? project(entry, data) : isUnreadOrder(entry) ? unreadOrder(entry, claimedKey) : [],
        );
        const writes = statements(changes);
        await allSettledInOneWrite(client, () => [
          ...writes.map(({ sql, rows }) => client.query(prepared(sql, [JSON.stringify(rows)]))),
          client.query('commit'),
        ]);
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    });
  }
}

/** Serialises writers: two transactions that lock the same orders in different sequences would deadlock. */
const oneWriterAtATime = "select pg_advisory_xact_lock(hashtext('orderloom.console'))";

const unreadable = (record: IncomingRecord, error: Error): Line => ({
  record,
  entry: unreadableEntry(record, `can't be stored: ${error.message}`),
  data: null,
});

/** Inserts new lines, and replaces unreadable lines by readable ones. Returns their names. */
function insertNew(client: PoolClient, lines: readonly Line[]): Promise<QueryResult<Name>> {
  const rows = [...byName(lines).values()].map(({ entry }) => columns(entry));
  const names = Object.keys(rows[0] ?? {}).map((name) => `"${name}"`);
  return client.query<Name>(
    prepared(
      `insert into timeline (${names.join(', ')}) select ${names.join(', ')} from jsonb_populate_recordset(null::timeline, $1)
       on conflict (source, id) do update set (${names.join(', ')}) = row(${names.map((name) => `excluded.${name}`).join(', ')})
         where timeline.unreadable is not null and excluded.unreadable is null
       returning source, id`,
      [JSON.stringify(rows)],
    ),
  );
}

function linesOf(inserted: readonly Name[], lines: readonly Line[]): readonly Line[] {
  const names = new Set(inserted.map(nameOf));
  return [...byName(lines).values()].filter(({ entry }) => names.has(nameOf(entry)));
}

/** Of lines with the same name, the first readable one is used. */
function byName(lines: readonly Line[]): ReadonlyMap<string, Line> {
  const named = new Map<string, Line>();
  for (const line of lines) {
    const name = nameOf(line.entry);
    const before = named.get(name);
    if (!before || (before.entry.unreadable !== null && line.entry.unreadable === null)) named.set(name, line);
  }
  return named;
}

/** Data exceptions, violated constraints and exceeded limits: caused by the data, so a retry fails too. */
const isRefusedByDatabase = (error: unknown): error is Error =>
  error instanceof Error && /^(22|23|54)/.test((error as { code?: string }).code ?? '');
