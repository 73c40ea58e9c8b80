import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import { append, meta, newStream, until } from '../../store/contract/contract-support.js';
import { StoreUnavailable } from '../../store/store.js';
import { CommitQueue } from '../commit/commit-queue.js';
import { CuttingProxy } from './cutting-proxy.fixture.js';
import { CommitCache } from '../commit/commit-cache.js';
import { openTestStore } from '../postgres.fixture.js';
import { PostgresStore } from '../postgres-store.js';
import { rowTable } from '../row-table.js';

describe('a Postgres store', () => {
  let store: PostgresStore;
  let proxy: CuttingProxy;
  let through: PostgresStore;
  let url: string;

  beforeAll(async () => {
    store = await openTestStore('faults');
    const { rows } = await store.pool.query<{ name: string }>('select current_database() as name');
    url = new URL(`/${rows[0]?.name}`, process.env['TEST_DATABASE_URL']).href;
    const between = await CuttingProxy.before(url);
    proxy = between.proxy;
    through = await PostgresStore.open({ url: between.url });
  });
  afterAll(async () => {
    await through.close();
    await proxy.close();
    await store.close();
  });

  it('a connection lost after COMMIT: the store finds that it was committed', async () => {
    const s = newStream();
    proxy.cuts = 1;
    const outcome = await through.commit(append(s));
    expect(proxy.cuts).toBe(0);
    const { events } = await store.load(s);
    expect(events).toMatchObject([{ stream: s, version: 1 }]);
    expect(outcome).toEqual({ status: 'committed', events });
  });

  it('a connection lost before COMMIT: the store commits again, once', async () => {
    const s = newStream();
    proxy.cutsBefore = 1;
    expect(await through.commit(append(s))).toMatchObject({ status: 'committed', events: [{ stream: s, version: 1 }] });
    expect(proxy.cutsBefore).toBe(0);
    expect((await store.load(s)).version).toBe(1);
  });

  describe('looking up the outcome of a COMMIT', () => {
    /** Commits through the proxy, and is told `said` where it asks, each once, by the beginning of what it asks. */
    const committing = (stream: string, ...said: readonly (readonly [asked: string, row: object])[]) => {
      const left = [...said];
      const query = async (text: string, values: unknown[]) => {
        const [next] = left;
        if (!next || !text.startsWith(next[0])) return store.pool.query(text, values);
        left.shift();
        return { rows: [next[1]] };
      };
      const pool = { connect: () => through.pool.connect(), query } as unknown as pg.Pool;
      return new CommitQueue({ pool, cache: new CommitCache() }).commit(append(stream));
    };
    const status = 'select pg_xact_status';

    it('it waits while the server is still committing', async () => {
      const s = newStream();
      proxy.cuts = 1;
      const outcome = await committing(s, [status, { status: 'in progress' }]);
      const { events } = await store.load(s);
      expect(events).toHaveLength(1);
      expect(outcome).toEqual({ status: 'committed', events });
    });

    it('a transaction id that a crashed server assigned again is not taken for its own', async () => {
      const s = newStream();
      proxy.cutsBefore = 1;
      const another = { id: randomUUID(), position: '1' };
      const outcome = await committing(s, [status, { status: 'committed' }], ['select id, position from events', another]);
      const { events } = await store.load(s);
      expect(events).toHaveLength(1);
      expect(outcome).toEqual({ status: 'committed', events });
    });
  });

  describe('a commit in one statement on a lost connection', () => {
    const appended = async (next: 'unheard' | 'unanswered' | 'late'): Promise<void> => {
      const s = newStream();
      for (const expected of ['none', 1] as const) await through.commit(append(s, expected));
      proxy.next = next;
      const outcome = await through.commit(append(s));
      expect(proxy.next).toBeUndefined();
      const { events } = await store.load(s);
      expect(events).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3 }]);
      expect(outcome).toEqual({ status: 'committed', events: events.slice(2) });
    };

    it('it is repeated once if the server did not receive it', () => appended('unheard'));

    it('an event of somebody else in its place is not taken for its own', async () => {
      const s = newStream();
      for (const expected of ['none', 1] as const) await through.commit(append(s, expected));
      await store.commit(append(s, 2));
      proxy.next = 'unheard';
      expect(await through.commit(append(s, 2))).toEqual({ status: 'conflict', stream: s, actual: 3 });
      expect(proxy.next).toBeUndefined();
    });
    it('it is found if the server has executed it', () => appended('unanswered'));
    it('it is prevented if the server executes it later', () => appended('late'));
  });

  it('an unreachable server is reported as unavailable', async () => {
    const gone = PostgresStore.open({ url: 'postgres://postgres@127.0.0.1:1/none' });
    await expect(gone).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('terminated connections are reported as unavailable, and then replaced', async () => {
    const other = await PostgresStore.open({ url, applicationName: 'victim', poolSize: 2 });
    const client = await other.pool.connect();
    client.on('error', () => undefined);
    await store.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'");
    await expect(client.query('select 1')).rejects.toThrow();
    client.release(true);
    const s = newStream();
    await until(async () => {
      const outcome = await other.commit(append(s, 'none')).catch((error: unknown) => expect(error).toBeInstanceOf(StoreUnavailable));
      return outcome?.status === 'committed';
    });
    await other.close();
  });

  it('commits of another process are noticed, also after its own connection was lost', async () => {
    const other = await PostgresStore.open({ url });
    let heard = 0;
    other.onCommit(() => (heard += 1));
    const hearsOne = async (): Promise<void> => {
      const before = heard;
      await until(async () => {
        await store.commit(append(newStream()));
        return heard > before;
      });
    };
    await hearsOne();
    await store.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'orderloom listener'");
    await hearsOne();
    await hearsOne();
    await other.close();
  });

  it('notifications across processes are throttled, however much is committed', async () => {
    const other = await PostgresStore.open({ url });
    let rung = 0;
    other.onCommit(() => (rung += 1));
    await until(() => rung > 0);
    const begun = performance.now();
    const before = rung;
    for (let i = 0; i < 200; i += 1) await store.commit(append('busy'));
    expect(rung - before).toBeLessThan((performance.now() - begun) / 50 + 2);
    await other.close();
  });

  it('notifications continue after the clock was set back', async () => {
    const ringing = await PostgresStore.open({ url });
    const ear = new pg.Client({ connectionString: url });
    await ear.connect();
    await ear.query('listen orderloom_commit');
    let rung = 0;
    ear.on('notification', () => (rung += 1));
    const rings = async (): Promise<void> => {
      const before = rung;
      await ringing.commit(append(newStream()));
      await until(async () => rung > before);
    };
    await rings();
    await rings();
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    await rings();
    clock.mockRestore();
    await Promise.all([ear.end(), ringing.close()]);
  });

  it('concurrent migrations run once', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => PostgresStore.open({ url })));
    await store.pool.query('drop schema public cascade; create schema public');
    await Promise.all(stores.map((s) => s.migrate()));
    expect((await store.commit(append(newStream()))).status).toBe('committed');
    await Promise.all(stores.map((s) => s.close()));
  });

  it('units write rows concurrently in whatever order', async () => {
    for (const statement of rowTable('sides')) await store.pool.query(statement);
    const rows = Array.from({ length: 30 }, (_, i) => ({ op: 'put' as const, table: 'sides', key: `k${i}`, row: { i } }));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.commit({ meta, rows: i % 2 === 0 ? rows : rows.toReversed() })),
    );
    expect(new Set(outcomes.map((o) => o.status))).toEqual(new Set(['committed']));
  });

  it('the settable clock runs on', async () => {
    await store.setNow('2010-12-01T09:00:00.000000Z');
    const first = await store.now();
    await until(async () => (await store.now()) > first);
    expect(first < '2010-12-01T09:00:10').toBe(true);
  });
});
