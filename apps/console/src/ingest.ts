import { Gathered } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import type { Sealing } from '@orderloom/platform';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { columns, statements } from './change.js';
import { type Entry, readRecord, unreadableEntry } from './entry.js';
import { project } from './project.js';
import { sealed } from './sealed-entry.js';

interface Line {
  readonly record: IncomingRecord;
  readonly entry: Entry;
  readonly data: unknown;
}

/** Batches of partitions that share a transaction: what one writes is read by nobody before it ends, and memory is not endless. */
const batchesTogether = 8;

/** Keeps what the topics say: each message once, and what it changes in the same transaction. */
export class Ingest {
  /** What comes while one transaction is written shares the next one. */
  private readonly batches = new Gathered<readonly Line[], void>(
    async (batches) => {
      await this.keep(batches.flat());
      return batches.map(() => undefined);
    },
    { atOnce: 1, most: batchesTogether },
  );

  constructor(
    private readonly database: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** Rejects only while the database can't be used; the same records may then come again. */
  async handle(records: readonly IncomingRecord[]): Promise<void> {
    const lines: Line[] = [];
    // one after the other: a batch must not crowd the key ring's few connections
    for (const record of records) lines.push({ record, ...(await sealed(readRecord(record), this.sealing, record.timestamp ?? 0)) });
    await this.batches.get(lines);
  }

  /** A line that the database refuses (a text too long for its index) is kept as unreadable: it must not stop the others. */
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
    return this.database.transaction(async (transaction) => {
      // one writer at a time: two that meet the same orders in another order would lock each other out
      await transaction.query(`select pg_advisory_xact_lock(hashtext('orderloom.console'))`);
      const fresh = await insertNew(transaction, lines);
      const changes = fresh.flatMap(({ entry, data }) => (entry.unreadable === null ? project(entry, data) : []));
      for (const { sql, rows } of statements(changes)) await transaction.query(sql, [JSON.stringify(rows)]);
    });
  }
}

const unreadable = (record: IncomingRecord, error: Error): Line => ({
  record,
  entry: unreadableEntry(record, `can't be stored: ${error.message}`),
  data: null,
});

/** Inserts the lines that are not there yet, and returns them. */
async function insertNew(transaction: EntityManager, lines: readonly Line[]): Promise<readonly Line[]> {
  const [first] = lines;
  if (!first) return [];
  const names = Object.keys(columns(first.entry)).map((name) => `"${name}"`);
  const inserted: { source: string; id: string }[] = await transaction.query(
    `insert into timeline (${names.join(', ')}) select ${names.join(', ')} from jsonb_populate_recordset(null::timeline, $1)
     on conflict (source, id) do nothing returning source, id`,
    [JSON.stringify(lines.map(({ entry }) => columns(entry)))],
  );
  const left = new Set(inserted.map(nameOf));
  // of two with the same name in one batch, the first one counts
  return lines.filter(({ entry }) => left.delete(nameOf(entry)));
}

const nameOf = ({ source, id }: { source: string; id: string }): string => JSON.stringify([source, id]);

/** Data exceptions, broken constraints and exceeded limits: the fault of what is written, and the same on every retry. */
const isRefusedByDatabase = (error: unknown): error is QueryFailedError =>
  error instanceof QueryFailedError && /^(22|23|54)/.test((error.driverError as { code?: string }).code ?? '');
