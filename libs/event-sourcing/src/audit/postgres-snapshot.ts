import type { Pool, PoolClient } from 'pg';
import type { RecordedEvent } from '../decider/event.js';
import { withClient } from '../postgres/postgres-pool.js';
import { eventColumns, type EventRow, fromTimestamp, storeNow, toEvent } from '../postgres/sql.js';
import type { AuditSnapshot } from './audit-snapshot.js';

const pageSize = 5000;

/** Runs `work` on a snapshot of a service's database, in one read-only transaction. */
export const withSnapshot = <T>(pool: Pool, work: (facts: AuditSnapshot) => Promise<T>): Promise<T> =>
  withClient(pool, async (client) => {
    await client.query('begin isolation level repeatable read read only; set local idle_in_transaction_session_timeout = 0');
    try {
      const { rows } = await client.query<{ now: string; horizon: string }>(
        `select ${storeNow} as now, pg_snapshot_xmin(pg_current_snapshot())::text as horizon`,
      );
      const [{ now, horizon } = { now: '', horizon: '' }] = rows;
      return await work(factsOf(client, pool, fromTimestamp(now), horizon));
    } finally {
      await client.query('rollback');
    }
  });

const factsOf = (client: PoolClient, pool: Pool, now: string, horizon: string): AuditSnapshot => {
  const read = async <R extends object>(sql: string, values: unknown[] = []) => (await client.query<R>(sql, values)).rows;
  return {
    now,
    horizon,
    events: () => events(client),
    rows: async (table) => new Map((await read<{ key: string; row: object }>(`select key, row from ${table}`)).map((r) => [r.key, r.row])),
    deadlines: async () =>
      (await read<{ id: string; owner: string; due: string }>('select id, owner, due_at as due from deadlines')).map(
        ({ id, owner, due }) => ({
          ...{ id, owner },
          dueAt: fromTimestamp(due),
        }),
      ),
    checkpoints: async () =>
      new Map(
        (await read<{ name: string; xid: string; position: string }>('select name, xid::text, position::text from checkpoints')).map(
          (c) => [c.name, { transaction: c.xid, position: c.position }],
        ),
      ),
    // Reads outside the snapshot: a record published after the snapshot belongs to an event that was committed after it.
    known: async (ids) =>
      new Set((await pool.query<{ id: string }>('select id::text from events where id::text = any($1)', [ids])).rows.map(({ id }) => id)),
    unique: async (table) =>
      (
        await read<{ columns: string }>(
          `select string_agg(a.attname, ', ' order by a.attnum) as columns from pg_index i
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
           where i.indrelid = $1::regclass and i.indisunique and i.indisvalid group by i.indexrelid`,
          [table],
        )
      ).map(({ columns }) => columns),
  };
};

async function* events(client: PoolClient): AsyncIterable<RecordedEvent> {
  await client.query(`declare history no scroll cursor for select ${eventColumns} from events order by xid, position`);
  for (;;) {
    const { rows } = await client.query<EventRow>(`fetch ${pageSize} from history`);
    for (const row of rows) yield toEvent(row);
    if (rows.length < pageSize) break;
  }
  await client.query('close history');
}
