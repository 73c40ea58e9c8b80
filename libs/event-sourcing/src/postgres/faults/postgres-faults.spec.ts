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

describe('a store on Postgres', () => {
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

  it('whose connection breaks after the COMMIT finds out that it was done', async () => {
    const s = newStream();
    proxy.cuts = 1;
    const outcome = await through.commit(append(s));
    expect(proxy.cuts).toBe(0);
    const { events } = await store.load(s);
    expect(events).toMatchObject([{ stream: s, version: 1 }]);
    expect(outcome).toEqual({ status: 'committed', events });
  });

  it('whose connection breaks before the COMMIT does it again, once', async () => {
    const s = newStream();
    proxy.cutsBefore = 1;
    expect(await through.commit(append(s))).toMatchObject({ status: 'committed', events: [{ stream: s, version: 1 }] });
    expect(proxy.cutsBefore).toBe(0);
    expect((await store.load(s)).version).toBe(1);
  });

  describe('that asks what became of its COMMIT', () => {
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

    it('waits while the server is yet at it', async () => {
      const s = newStream();
      proxy.cuts = 1;
      const outcome = await committing(s, [status, { status: 'in progress' }]);
      const { events } = await store.load(s);
      expect(events).toHaveLength(1);
      expect(outcome).toEqual({ status: 'committed', events });
    });

    it('takes no other transaction of the same number for its own: a server that crashed gives it again', async () => {
      const s = newStream();
      proxy.cutsBefore = 1;
      const another = { id: randomUUID(), position: '1' };
      const outcome = await committing(s, [status, { status: 'committed' }], ['select id, position from events', another]);
      const { events } = await store.load(s);
      expect(events).toHaveLength(1);
      expect(outcome).toEqual({ status: 'committed', events });
    });
  });

  describe('that writes by what it knows, in one statement, and whose connection breaks', () => {
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

    it('before the server has heard of it does it again, once', () => appended('unheard'));

    it('takes no event for its own that somebody else has put in its place', async () => {
      const s = newStream();
      for (const expected of ['none', 1] as const) await through.commit(append(s, expected));
      await store.commit(append(s, 2));
      proxy.next = 'unheard';
      expect(await through.commit(append(s, 2))).toEqual({ status: 'conflict', stream: s, actual: 3 });
      expect(proxy.next).toBeUndefined();
    });
    it('when the server has done it finds out', () => appended('unanswered'));
    it('while the server is yet to come to it prevents that', () => appended('late'));
  });

  it('that can’t be reached says that it is unavailable', async () => {
    const gone = PostgresStore.open({ url: 'postgres://postgres@127.0.0.1:1/none' });
    await expect(gone).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('whose connections are terminated says so, and works again', async () => {
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

  it('hears of another process’s commits, also after its own connection was lost', async () => {
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

  it('rings at most once in a while across processes, however much is committed', async () => {
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

  it('rings for other processes also after its own clock has gone back', async () => {
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

  it('migrates once where several try at the same time', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => PostgresStore.open({ url })));
    await store.pool.query('drop schema public cascade; create schema public');
    await Promise.all(stores.map((s) => s.migrate()));
    expect((await store.commit(append(newStream()))).status).toBe('committed');
    await Promise.all(stores.map((s) => s.close()));
  });

  it('writes rows of several units side by side whatever their order', async () => {
    for (const statement of rowTable('sides')) await store.pool.query(statement);
    const rows = Array.from({ length: 30 }, (_, i) => ({ op: 'put' as const, table: 'sides', key: `k${i}`, row: { i } }));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.commit({ meta, rows: i % 2 === 0 ? rows : rows.toReversed() })),
    );
    expect(new Set(outcomes.map((o) => o.status))).toEqual(new Set(['committed']));
  });

  it('lets the settable clock run on', async () => {
    await store.setNow('2010-12-01T09:00:00.000000Z');
    const first = await store.now();
    await until(async () => (await store.now()) > first);
    expect(first < '2010-12-01T09:00:10').toBe(true);
  });
});
