import { append, meta } from '../store/contract/contract-support.js';
import { openTestStore } from './postgres.fixture.js';
import type { PostgresStore } from './postgres-store.js';
import { withClient } from './postgres-pool.js';
import { rowTable } from './row-table.js';

let store: PostgresStore;
beforeEach(async () => void (store = await openTestStore('row_table')));
afterEach(() => store.close());

const put = (table: string, key: string, row: object) => store.commit({ meta, rows: [{ op: 'put', table, key, row }] });

async function indexes(): Promise<string[]> {
  const { rows } = await store.pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where indexdef like '%gin%' and tablename <> 'things' order by tablename, indexdef",
  );
  return rows.map(({ indexdef }) => indexdef.replace(/INDEX \S+/, 'INDEX'));
}

describe('a table of rows', () => {
  it('an unchanged search field leaves the indexes alone (a HOT update)', async () => {
    await put('things', 'a', { colour: 'red', tags: ['x'], n: 1 });
    const updated = await withClient(store.pool, async (client) => {
      await client.query(`begin; update things set row = row || '{"n": 2}'`);
      const { rows } = await client.query(
        `select pg_stat_get_xact_tuples_updated(oid)::int as updated, pg_stat_get_xact_tuples_hot_updated(oid)::int as in_place
         from pg_class where oid = 'things'::regclass`,
      );
      await client.query('rollback');
      return rows;
    });
    expect(updated).toEqual([{ updated: 1, in_place: 1 }]);
  });

  it('every commit writes tables in the order of their names, so that no deadlock arises', async () => {
    await store.pool.query(`create table written (n bigint generated always as identity, what text);
      create function note() returns trigger language plpgsql as $$ begin insert into written (what) values (tg_table_name); return new; end $$`);
    for (const table of ['aa', 'bb', 'cc'])
      for (const statement of [
        ...rowTable(table),
        `create trigger noted after insert or update on ${table} for each row execute function note()`,
      ])
        await store.pool.query(statement);
    const rows = ['cc', 'aa', 'bb'].map((table) => ({ op: 'put' as const, table, key: 'k', row: {} }));
    for (const version of [0, 1, 2]) await store.commit({ ...append('a', version), rows });
    const { rows: written } = await store.pool.query<{ what: string }>('select what from written order by n');
    expect(written.map(({ what }) => what)).toEqual(['aa', 'bb', 'cc', 'aa', 'bb', 'cc', 'aa', 'bb', 'cc']);
  });

  it('deadlines are written before rows, so that no deadlock arises', async () => {
    const deadline = { id: 'd', generation: 1, dueAt: '2010-12-01T08:26:00.000000Z', owner: 'o', data: {} };
    await store.commit({ ...append('a', 0), deadlines: [{ op: 'set', deadline }] });
    await store.pool.query(`create table written (n bigint generated always as identity, what text);
      create function note() returns trigger language plpgsql as $$ begin insert into written (what) values (tg_table_name); return null; end $$`);
    for (const [table, write] of [
      ['deadlines', 'delete'],
      ['inbox', 'insert'],
      ['things', 'insert'],
    ])
      await store.pool.query(`create trigger noted after ${write} on ${table} for each row execute function note()`);
    await store.commit({
      ...append('a', 1),
      inbox: { consumer: 'test', message: 'm' },
      rows: [{ op: 'put', table: 'things', key: 'k', row: {} }],
      deadlines: [{ op: 'cancel', id: 'd' }],
    });
    const { rows: written } = await store.pool.query<{ what: string }>('select what from written order by n');
    expect(written.map(({ what }) => what)).toEqual(['deadlines', 'inbox', 'things']);
  });

  it('more tables than a function has arguments can be written together', async () => {
    const tables = Array.from({ length: 101 }, (_, n) => `many_${n}`);
    for (const table of tables) for (const statement of rowTable(table)) await store.pool.query(statement);
    const rows = tables.map((table) => ({ op: 'put' as const, table, key: 'k', row: {} }));
    expect(await store.commit({ ...append('a'), rows })).toMatchObject({ status: 'committed' });
    for (const table of ['many_0', 'many_100']) expect(await store.row(table, 'k')).toEqual({});
  });

  it('a table of an earlier version gets the same form with its content', async () => {
    const now = await indexes();
    for (const _ of [
      'inbox',
      'repeats',
      'content of parked records',
      'sources of causes',
      'no stories',
      'the ids of places',
      'indexed columns',
    ])
      await store.dataSource.undoLastMigration();
    const then = await indexes();
    expect(then).not.toEqual(now);
    expect(then.length).toBe(now.length);
    await put('parked', 'a', { queue: 'q', state: 'parked' });
    await store.migrate();
    await put('parked', 'b', { queue: 'q', state: 'queued' });
    expect(await indexes()).toEqual(now);
    expect(await store.rows('parked', { queue: 'q' })).toMatchObject([{ state: 'parked' }, { state: 'queued' }]);
    expect(await store.rows('parked', { queue: 'q', state: 'parked' })).toHaveLength(1);
  });
});
