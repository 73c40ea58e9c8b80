import { RequestBatcher, type Instant } from '@orderloom/kernel';
import type { RecordedEvent } from '../decider/event.js';
import type { Inbox, LoadedStream, RowPage, StoredResponse } from '../store/store.js';
import { fieldColumn } from './row-table.js';
import { eventColumns, type EventRow, fromTimestamp, storeNow, toEvent } from './sql.js';

type Query = <R extends object>(text: string, values: unknown[]) => Promise<R[]>;

interface RowKey {
  readonly table: string;
  readonly key: string;
}

interface Search extends RowPage {
  readonly table: string;
  /** Fields with their accepted JSON values. A field matches if it equals one of the values or, as an array, contains one. */
  readonly where: readonly (readonly [field: string, values: readonly string[]])[];
  readonly limit: number;
}

/** Batches concurrent single reads into one query per kind of read. */
export class BatchedReads {
  readonly now = new RequestBatcher<undefined, Instant>(async (requests) => {
    const [row] = await this.query<{ now: string }>(`select ${storeNow} as now`, []);
    return requests.map(() => fromTimestamp(row?.now ?? ''));
  });

  readonly streams = new RequestBatcher<string, LoadedStream>(async (streams) => {
    const rows = await this.query<EventRow & { now: string }>(
      `select ${storeNow} as now, ${eventColumns} from (values (1)) as one left join events on stream = any($1) order by stream, version`,
      [[...new Set(streams)]],
    );
    const now = fromTimestamp(rows[0]?.now ?? '');
    const found = new Map<string, RecordedEvent[]>(streams.map((stream) => [stream, []]));
    for (const row of rows) if (row.id !== null) found.get(row.stream)?.push(toEvent(row));
    return streams.map((stream) => {
      const events = found.get(stream) ?? [];
      return { stream, version: events.length, events, now };
    });
  });

  readonly rows = new RequestBatcher<RowKey, object | null>(async (requests) => {
    const tables = [...new Set(requests.map(({ table }) => table))];
    const found = await Promise.all(
      tables.map(async (table): Promise<[string, Map<string, object>]> => {
        const keys = requests.filter((a) => a.table === table).map((a) => a.key);
        const rows = await this.query<{ key: string; row: object }>(`select key, row from ${table} where key = any($1)`, [keys]);
        return [table, new Map(rows.map(({ key, row }) => [key, row]))];
      }),
    );
    const byTable = new Map(found);
    return requests.map(({ table, key }) => byTable.get(table)?.get(key) ?? null);
  });

  readonly responses = new RequestBatcher<string, StoredResponse | null>(async (ids) => {
    const rows = await this.query<StoredResponse & { id: string }>(
      'select id, fingerprint, status, body from commands where id = any($1)',
      [ids],
    );
    const found = new Map(rows.map(({ id, ...response }) => [id, response]));
    return ids.map((id) => found.get(id) ?? null);
  });

  readonly handled = new RequestBatcher<Inbox, boolean>(async (asked) => {
    const rows = await this.query<{ consumer: string; message: string; about: string | null }>(
      'select consumer, message, about from inbox where (consumer, message) in (select * from unnest($1::text[], $2::text[]))',
      [asked.map(({ consumer }) => consumer), asked.map(({ message }) => message)],
    );
    const isSame = (about: string | undefined, stored: string | null): boolean =>
      about === undefined || stored === null || about === stored;
    return asked.map(({ consumer, message, about }) =>
      rows.some((row) => row.consumer === consumer && row.message === message && isSame(about, row.about)),
    );
  });

  /** One batcher per statement, so that a search neither fails nor waits because of another one. */
  private readonly searches = new Map<string, RequestBatcher<Search, readonly object[]>>();
  private readonly indexed = new Map<string, readonly string[]>();

  constructor(private readonly query: Query) {}

  async found(search: Search): Promise<readonly object[]> {
    const text = searchStatement(search, await this.indexedFields(search));
    const batcher = this.searches.get(text) ?? new RequestBatcher<Search, readonly object[]>((asked) => this.runSearches(text, asked));
    this.searches.set(text, batcher);
    return batcher.get(search);
  }

  private async runSearches(text: string, searches: readonly Search[]): Promise<readonly object[][]> {
    const values = searches.map(({ where }) => where.flatMap(([, of]) => of));
    const columns = (values[0] ?? []).map((_, c) => values.map((row) => row[c]));
    const results = searches.map((): object[] => []);
    const limits = searches.map(({ limit }) => limit);
    const afters = searches.flatMap(({ after }) => (after === undefined ? [] : [after]));
    const rows = await this.query<{ i: number; row: object }>(text, [
      ...[[...searches.keys()], limits],
      ...(afters.length > 0 ? [afters] : []),
      ...columns,
    ]);
    for (const { i, row } of rows) results[i]?.push(row);
    return results;
  }

  private async indexedFields({ table, where }: Search): Promise<readonly string[]> {
    if (where.length === 0) return [];
    const known = this.indexed.get(table);
    if (known) return known;
    const columns = await this.query<{ field: string }>(
      `select substr(attname, 5) as field from pg_attribute where attrelid = $1::regclass and attgenerated = 's' and attname like 'row.%'`,
      [table],
    );
    const fields = columns.map(({ field }) => field);
    // An empty list is not cached: the table may not be migrated yet.
    if (fields.length > 0) this.indexed.set(table, fields);
    return fields;
  }
}

function searchStatement({ table, where, after, descending = false }: Search, indexed: readonly string[]): string {
  const values: string[] = [];
  const filters = where.map(([field, of]) => {
    const member = indexed.includes(field) ? fieldColumn(field) : `row->'${field}'`;
    return `(${of.map(() => `${member} @> v${values.push('jsonb[]') - 1}`).join(' or ')})`;
  });
  const pages = after !== undefined;
  if (pages) filters.push(`key collate "C" ${descending ? '<' : '>'} after_key`);
  const arrays = ['int[]', 'int[]', ...(pages ? ['text[]'] : []), ...values].map((type, p) => `$${p + 1}::${type}`);
  const columns = ['i', 'most', ...(pages ? ['after_key'] : []), ...values.map((_, n) => `v${n}`)];
  const order = `collate "C"${descending ? ' desc' : ''}`;
  return `select i, found.row from unnest(${arrays.join(', ')}) as asked (${columns.join(', ')}) cross join lateral
    (select key, row from ${table} ${filters.length > 0 ? `where ${filters.join(' and ')}` : ''} order by key ${order} limit most) as found
    order by i, found.key ${order}`;
}
