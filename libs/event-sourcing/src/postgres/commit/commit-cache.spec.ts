import { append, newStream, until } from '../../store/contract/contract-support.js';
import { validatedUnit } from './validated-unit.js';
import { CommitCache } from './commit-cache.js';
import { lockKey } from './postgres-commit.js';
import { openTestStore } from '../postgres.fixture.js';
import { PostgresStore } from '../postgres-store.js';

let store: PostgresStore;
/** Another process. */
let other: PostgresStore;
/** One that has just begun. */
let fresh: PostgresStore;

const opened = async (): Promise<PostgresStore> => {
  const { rows } = await store.pool.query<{ name: string }>('select current_database() as name');
  return PostgresStore.open({ url: new URL(`/${rows[0]?.name}`, process.env['TEST_DATABASE_URL']).href });
};

beforeAll(async () => {
  store = await openTestStore('known');
  other = await opened();
});
afterAll(() => Promise.all([store.close(), other.close()]));

beforeEach(async () => {
  fresh = await opened();
});
afterEach(() => fresh.close());

const stand = (at: string) => store.pool.query('update clock set stands_at = $1', [at]);

describe('the commit cache of a store', () => {
  it('an append with any version follows the appends of another process', async () => {
    const s = newStream();
    await store.commit(append(s));
    await other.commit(append(s));
    expect(await store.commit(append(s))).toMatchObject({ status: 'committed', events: [{ version: 3 }] });
  });

  it.each([
    ['has loaded', (s: string) => fresh.load(s)],
    ['has to look for', () => Promise.resolve()],
  ])('an append to a stream that the process %s takes the lock first, so that no deadlock arises', async (_, learn) => {
    const s = newStream();
    await store.commit(append(s));
    // one whose connections have planned no statement that appends to what is there
    await fresh.commit(append(newStream()));
    await learn(s);
    const client = await other.pool.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [String(lockKey(s))]);
    let written = false;
    const committed = fresh.commit(append(s)).finally(() => (written = true));
    const waiting = async () => {
      // not in the open transaction, which would see who is active as at its first look
      const { rows } = await store.pool.query(
        `select backend_xid from pg_stat_activity join pg_locks using (pid)
         where locktype = 'advisory' and not granted and datname = current_database()`,
      );
      return rows;
    };
    await until(async () => written || (await waiting()).length > 0);
    expect(written).toBe(false);
    // one that had an id already might come before what it waits for (docs/decisions/0001)
    expect(await waiting()).toEqual([{ backend_xid: null }]);
    await client.query('rollback');
    client.release();
    expect(await committed).toMatchObject({ status: 'committed', events: [{ version: 2 }] });
  });

  it('an append after another process conflicts with the actual version', async () => {
    const s = newStream();
    await store.commit(append(s));
    await other.commit(append(s));
    expect(await store.commit(append(s, 1))).toEqual({ status: 'conflict', stream: s, actual: 2 });
  });

  it('a stream unknown to the cache is looked up', async () => {
    const s = newStream();
    await store.commit(append(newStream()));
    await other.commit(append(s));
    expect(await store.commit(append(s, 'none'))).toEqual({ status: 'conflict', stream: s, actual: 1 });
  });

  it('an append follows the loaded version', async () => {
    const s = newStream();
    await other.commit(append(s));
    const { version } = await store.load(s);
    expect(await store.commit(append(s, version))).toMatchObject({ status: 'committed', events: [{ version: 2 }] });
  });

  it('the time of recording follows that of another process, however many digits the server prints', async () => {
    for (const fraction of ['123000', '120000', '123456', '000000', '123450']) {
      const [s, at] = [newStream(), `2100-12-01T08:00:00.${fraction}Z`];
      await stand(at);
      await store.commit(append(s));
      const later = `${at.slice(0, -2)}${Number(at.at(-2)) + 1}Z`;
      expect(await other.commit(append(s))).toMatchObject({ status: 'committed', events: [{ version: 2, recordedAt: later }] });
    }
    await store.pool.query('update clock set stands_at = null');
  });

  it.each([5 * 3600, 2, -2, 1800, -1800])('the time of recording follows a clock that others have moved by %d s', async (seconds) => {
    await store.commit(append(newStream()));
    const moved = Date.parse(await store.now()) + seconds * 1000;
    await store.commit(append(newStream()));
    await other.setNow(new Date(moved).toISOString().replace('Z', '000Z'));
    const before = await other.now();
    const outcome = await store.commit(append(newStream(), 'none'));
    const recordedAt = outcome.status === 'committed' ? (outcome.events[0]?.recordedAt ?? '') : '';
    const times = [before, recordedAt, await other.now()];
    expect(times).toEqual(times.toSorted());
  });

  it.each([
    ['of the clock', () => fresh.now()],
    ['with a stream', async () => (await fresh.load(newStream())).now],
  ])('an event is not recorded before a moment read %s, even if the time was learned late', async (_, read) => {
    // has its connections, and knows no time
    await Promise.all([fresh.now(), fresh.load(newStream())]);
    const heardLate = fresh.commit(append(newStream()));
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    // sent, and nobody is there to hear the answer
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await heardLate;
    const moment = await read();
    const outcome = await fresh.commit(append(newStream(), 'none'));
    expect(outcome.status === 'committed' && (outcome.events[0]?.recordedAt ?? '') >= moment).toBe(true);
  });

  it('a stopped clock is used exactly, also after it was moved', async () => {
    const s = newStream();
    for (const moment of ['2100-12-01T08:00:00.000000Z', '2100-12-01T08:00:00.000500Z', '2100-12-01T09:00:00.000000Z']) {
      await stand(moment);
      expect(await store.commit(append(s))).toMatchObject({ events: [{ recordedAt: moment }] });
    }
  });
});

describe('the store time predicted by a process', () => {
  const [early, late] = ['2010-12-01T08:00:00.000000Z', '2010-12-01T08:01:00.000000Z'];
  const guessed = (known: CommitCache): string | undefined => known.predict([validatedUnit(append(newStream(), 'none'))])?.now;
  let known: CommitCache;
  beforeEach(() => {
    known = new CommitCache();
  });

  it('there is none before a time was observed', () => {
    known.observeNow(early);
    expect(guessed(known)).toBeUndefined();
  });

  it('it is not before a time that the process has returned', () => {
    known.observeTime({ now: early, isStopped: false });
    known.observeNow(late);
    expect(guessed(known)?.localeCompare(late)).toBeGreaterThanOrEqual(0);
  });

  it('it follows the observation with the shortest delay, not the last one', () => {
    known.observeTime({ now: late, isStopped: false });
    known.observeTime({ now: early, isStopped: false });
    expect(guessed(known)?.localeCompare(late)).toBeGreaterThanOrEqual(0);
  });

  it('a stopped time stays until another is observed', () => {
    known.observeTime({ now: late, isStopped: false });
    known.observeTime({ now: early, isStopped: true });
    known.observeNow(early);
    expect(guessed(known)).toBe(early);
    known.observeNow(late);
    expect(guessed(known)).toBeUndefined();
  });
});
