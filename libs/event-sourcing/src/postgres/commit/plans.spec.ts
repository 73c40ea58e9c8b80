import { append, until } from '../../store/contract/contract-support.js';
import { createDatabase } from '@orderloom/dev-services';
import pg from 'pg';
import { openTestStore } from '../postgres.fixture.js';
import type { PostgresStore } from '../postgres-store.js';

const grown = 20_000;
const streams = 40;
const tables = ['events', 'inbox', 'deadlines'];
const dueAt = '2100-01-01T00:00:00.000000Z';

/** Typical work of a service on new streams: it appends to streams that it has just written, once each, with a deadline that fires. */
async function work(store: PostgresStore, round: string): Promise<void> {
  const each = async (n: number): Promise<void> => {
    const [stream, id] = [`${round}-${n}`, `${round}/${n}`];
    const deadline = { id, generation: 1, dueAt, owner: 'flow', data: {} };
    const said = (message: string) => ({ inbox: { consumer: 'tester', message: `${id} ${message}` } });
    await store.commit({ ...append(stream), ...said('first'), deadlines: [{ op: 'set', deadline }] });
    await store.commit({ ...append(stream, 1), ...said('second'), deadlines: [{ op: 'fire', id, generation: 1 }] });
    // heard again: it is looked for
    await store.commit({ ...append(stream, 2), ...said('second') });
  };
  await Promise.all(Array.from({ length: streams }, (_, n) => each(n)));
}

describe('commit statements planned while the tables were small', () => {
  it('they still use the index when the tables have grown', async () => {
    const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `es_plans_${process.pid}`);
    const watcher = new pg.Pool({ connectionString: url, max: 1 });
    const read = async (): Promise<number> => {
      const { rows } = await watcher.query<{ n: string }>(
        'select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) as n from pg_stat_user_tables where relname = any($1)',
        [tables],
      );
      return Number(rows[0]?.n);
    };
    const store = await openTestStore('plans', { url });
    // nobody counts the rows meanwhile, as in the first minute of a service
    for (const table of tables) await store.pool.query(`alter table ${table} set (autovacuum_enabled = false)`);
    await work(store, 'new');
    await store.pool.query(
      `insert into events (id, type, type_version, data, stream, version, subject, shard_hash, objects, occurred_at, recorded_at, by, correlation)
       select gen_random_uuid(), 'Happened', 1, '{}', 'past-' || n, 1, 'past', 0, '[]', now(), now(), 'tester', 'past' from generate_series(1, ${grown}) n`,
    );
    await store.pool.query(`insert into inbox (consumer, message) select 'tester', 'past ' || n from generate_series(1, ${grown}) n`);
    await store.pool.query(
      `insert into deadlines (id, generation, due_at, owner, data) select 'past-' || n, 1, '2100-01-01', 'past', '{}' from generate_series(1, ${grown}) n`,
    );
    await work(store, 'later');
    const written = await store.pool.query("select count(*)::int as n from events where stream like 'later-%'");
    expect(written.rows).toEqual([{ n: 2 * streams }]);
    await store.close();
    // the server counts what a connection has read when it ends
    const others =
      "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    await until(async () => (await watcher.query(others)).rowCount === 0);
    const found = await read();
    await watcher.end();
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(grown / 10);
  });
});
