import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createDatabase, findOrStartPostgres, removeData } from '@orderloom/dev-services';
import { someEvents, meta } from '../store/contract/contract-support.js';
import { start } from '../decider/event.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import { PostgresStore } from '../postgres/postgres-store.js';
import { resetTransactionIds } from './reset-transaction-ids.js';

jest.setTimeout(120_000);

const { ORDERLOOM_POSTGRES: chosen } = process.env;
let dir: string;
let cluster: Awaited<ReturnType<typeof findOrStartPostgres>>;
let old: PostgresStore;
beforeAll(async () => {
  process.env['ORDERLOOM_POSTGRES'] = 'local';
  dir = mkdtempSync(join(tmpdir(), 'orderloom-restored-'));
  cluster = await findOrStartPostgres({ dir, durable: false });
  old = await openTestStore('dumped');
});
afterAll(async () => {
  if (chosen === undefined) delete process.env['ORDERLOOM_POSTGRES'];
  else process.env['ORDERLOOM_POSTGRES'] = chosen;
  await old?.close();
  await cluster?.stop();
  await removeData(dir);
  rmSync(dir, { recursive: true, force: true });
});

const write = (store: PostgresStore, stream: string) =>
  store.commit({ meta, appends: [{ stream, subject: stream, expected: 'any', events: someEvents(1) }] });
const read = async (store: PostgresStore) => (await store.read(start, 100)).map(({ stream, version }) => `${stream} ${version}`);

/** The same rows in a cluster of their own, as a dump brings them. */
async function restored(name: string): Promise<PostgresStore> {
  const store = await PostgresStore.open({ url: await createDatabase(cluster.url, name) });
  await store.migrate();
  for (const table of ['events', 'checkpoints']) {
    const { rows } = await old.pool.query<{ rows: string }>(`select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from ${table} t`);
    await store.pool.query(`insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1)`, [
      rows[0]?.rows,
    ]);
  }
  return store;
}

describe('a store restored into another cluster', () => {
  it('after the reset of transaction ids, readers continue where they were, in the same order', async () => {
    const { rows } = await old.pool.query<{ ahead: boolean }>("select pg_current_xact_id() > '100000'::xid8 as ahead");
    // transactions of the old cluster are to come in the new one
    if (!rows[0]?.ahead) await old.pool.query('do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$');
    for (const stream of ['a', 'b', 'a', 'c']) await write(old, stream);
    const history = await read(old);
    const second = (await old.read(start, 2)).at(-1)?.cursor ?? start;
    await old.commit({ meta, checkpoint: { name: 'relay/0-of-1', cursor: second } });

    const store = await restored('restored');
    expect(await read(store)).toEqual([]);
    expect(await resetTransactionIds(store.pool)).toEqual({ needed: true, events: 4 });
    expect(await read(store)).toEqual(history);
    const left = await store.read(await store.checkpoint('relay/0-of-1'), 100);
    expect(left.map(({ stream, version }) => `${stream} ${version}`)).toEqual(history.slice(2));
    expect((await write(store, 'a')).status).toBe('committed');
    expect(await read(store)).toEqual([...history, 'a 3']);
    expect(await resetTransactionIds(store.pool)).toEqual({ needed: false, events: 5 });
    await store.close();
  });

  it('an empty store needs no reset', async () => {
    const store = await PostgresStore.open({ url: await createDatabase(cluster.url, 'empty') });
    await store.migrate();
    expect(await resetTransactionIds(store.pool)).toEqual({ needed: false, events: 0 });
    await store.close();
  });
});
