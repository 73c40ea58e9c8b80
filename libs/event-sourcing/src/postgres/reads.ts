import type { Instant } from '@orderloom/kernel';
import type { RecordedEvent } from '../event.js';
import type { LoadedStream, StoredAnswer } from '../store.js';
import { Gathered } from './gathered.js';
import { eventColumns, type EventRow, fromTimestamp, storeNow, toEvent } from './sql.js';

type Query = <R extends object>(text: string, values: unknown[]) => Promise<R[]>;

interface RowKey {
  readonly table: string;
  readonly key: string;
}

/** What the store is asked for one by one, and reads many at a time. */
export class Reads {
  readonly now = new Gathered<undefined, Instant>(async (asked) => {
    const [row] = await this.query<{ now: string }>(`select ${storeNow} as now`, []);
    return asked.map(() => fromTimestamp(row?.now ?? ''));
  });

  readonly streams = new Gathered<string, LoadedStream>(async (streams) => {
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

  readonly rows = new Gathered<RowKey, object | null>(async (asked) => {
    const tables = [...new Set(asked.map(({ table }) => table))];
    const found = await Promise.all(
      tables.map(async (table): Promise<[string, Map<string, object>]> => {
        const keys = asked.filter((a) => a.table === table).map((a) => a.key);
        const rows = await this.query<{ key: string; row: object }>(`select key, row from ${table} where key = any($1)`, [keys]);
        return [table, new Map(rows.map(({ key, row }) => [key, row]))];
      }),
    );
    const byTable = new Map(found);
    return asked.map(({ table, key }) => byTable.get(table)?.get(key) ?? null);
  });

  readonly answers = new Gathered<string, StoredAnswer | null>(async (ids) => {
    const rows = await this.query<StoredAnswer & { id: string }>('select id, fingerprint, status, body from commands where id = any($1)', [
      ids,
    ]);
    const found = new Map(rows.map(({ id, ...answer }) => [id, answer]));
    return ids.map((id) => found.get(id) ?? null);
  });

  constructor(private readonly query: Query) {}
}
