import type { IncomingRecord } from '@orderloom/messaging';
import type { Sealing } from '@orderloom/platform';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { columns, statements } from './change.js';
import { type Entry, readRecord, unreadableEntry } from './entry.js';
import { project } from './project.js';
import { sealed } from './sealed-entry.js';

interface Line {
  readonly entry: Entry;
  readonly data: unknown;
}

/** Keeps what the topics say: each message once, and what it changes in the same transaction. */
export class Ingest {
  constructor(
    private readonly database: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** Rejects only while the database can't be used; the same records may then come again. */
  async handle(records: readonly IncomingRecord[]): Promise<void> {
    try {
      const lines: Line[] = [];
      // one after the other: a batch must not crowd the key ring's few connections
      for (const record of records) lines.push(await this.read(record));
      await this.keep(lines);
    } catch (error) {
      if (!isRefusedByDatabase(error)) throw error;
      for (const record of records) await this.keepAlone(record);
    }
  }

  /** A record that the database refuses (a text too long for its index) is kept as unreadable: it must not stop the others. */
  private async keepAlone(record: IncomingRecord): Promise<void> {
    try {
      await this.keep([await this.read(record)]);
    } catch (error) {
      if (!isRefusedByDatabase(error)) throw error;
      await this.keep([{ entry: unreadableEntry(record, `can't be stored: ${error.message}`), data: null }]);
    }
  }

  private read(record: IncomingRecord): Promise<Line> {
    return sealed(readRecord(record), this.sealing, record.timestamp ?? 0);
  }

  private keep(lines: readonly Line[]): Promise<void> {
    return this.database.transaction(async (transaction) => {
      // one writer at a time: two that meet the same orders in another order would lock each other out
      await transaction.query(`select pg_advisory_xact_lock(hashtext('orderloom.console'))`);
      const fresh = await insertNew(transaction, lines);
      const changes = fresh.flatMap(({ entry, data }) => (entry.unreadable === null ? project(entry, data) : []));
      for (const { sql, rows } of statements(changes)) await transaction.query(sql, [JSON.stringify(rows)]);
    });
  }
}

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
