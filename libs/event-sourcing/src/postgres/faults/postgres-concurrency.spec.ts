import { compareCursors, type Cursor, type RecordedEvent, start } from '../../decider/event.js';
import { someEvents, meta, until } from '../../store/contract/contract-support.js';
import { openTestStore } from '../postgres.fixture.js';
import { PostgresStore } from '../postgres-store.js';

const writers = 8;
const seconds = 5;
const hot = 4;

/** Stores on one database that know nothing of each other's queue. */
async function twoProcesses(name: string): Promise<readonly PostgresStore[]> {
  const store = await openTestStore(name, { poolSize: 12 });
  const { rows } = await store.pool.query<{ name: string }>('select current_database() as name');
  return [store, await PostgresStore.open({ url: new URL(`/${rows[0]?.name}`, process.env['TEST_DATABASE_URL']).href })];
}

describe('eight writers in two processes with a polling reader', () => {
  let store: PostgresStore;
  let stores: readonly PostgresStore[];
  const committed = new Set<string>();
  const read: RecordedEvent[] = [];
  let conflicts = 0;

  beforeAll(async () => {
    stores = await twoProcesses('concurrency');
    store = stores[0] as PostgresStore;
    const run = { stopping: false, writing: true };
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !run.stopping; n += 1) {
        const stream = n % 3 === 0 ? `new-${writer}-${n}` : `hot-${(writer + n) % hot}`;
        const inbox = { consumer: 'test', message: `${writer}-${n}` };
        const rollBack = n % 7 === 0 && n % 3 !== 0;
        const appends = [
          { stream, subject: stream, expected: rollBack ? ('none' as const) : ('any' as const), events: someEvents(1 + (n % 3)) },
        ];
        const outcome = await stores[writer % 2]?.commit({ meta, inbox, appends });
        if (outcome?.status === 'committed') for (const event of outcome.events) committed.add(event.id);
        else if (!rollBack) conflicts += 1;
      }
    };
    const poll = async (): Promise<void> => {
      // other databases of the cluster may hold the horizon back for a while: lost is what has not come ten seconds later
      for (let cursor: Cursor = start, end = Infinity; read.length < committed.size || run.writing;) {
        const events = await store.read(cursor, 100);
        read.push(...events);
        cursor = events.at(-1)?.cursor ?? cursor;
        if (!run.writing && end === Infinity) end = performance.now() + 10_000;
        if (performance.now() > end) break;
      }
      read.push(...(await store.read(read.at(-1)?.cursor ?? start, 100)));
    };
    setTimeout(() => (run.stopping = true), seconds * 1000);
    const writersDone = Promise.all(Array.from({ length: writers }, (_, i) => write(i))).then(() => (run.writing = false));
    await Promise.all([writersDone, poll()]);
  }, 60_000);
  afterAll(() => Promise.all(stores.map((one) => one.close())));

  it('no event is lost or invented (I1, I2)', () => {
    expect(committed.size).toBeGreaterThan(100);
    expect(read.length).toBe(committed.size);
    expect(read.filter((e) => !committed.has(e.id))).toEqual([]);
  });

  it('each stream is in version order without gaps (I3)', () => {
    const last = new Map<string, number>();
    const wrong = read.filter((e) => {
      const before = last.get(e.stream) ?? 0;
      last.set(e.stream, e.version);
      return e.version !== before + 1;
    });
    expect(wrong).toEqual([]);
  });

  it('the cursor never moves back (I9)', () => {
    const back = read.filter((e, i) => i > 0 && compareCursors((read[i - 1] as RecordedEvent).cursor, e.cursor) >= 0);
    expect(back).toEqual([]);
  });

  it('no conflict arises, since streams are locked before the first write', () => expect(conflicts).toBe(0));
});

describe('two processes that receive the same', () => {
  let stores: readonly PostgresStore[];
  beforeAll(async () => (stores = await twoProcesses('twice')));
  afterAll(() => Promise.all(stores.map((store) => store.close())));

  it.each([
    ['message', (id: string) => ({ inbox: { consumer: 'test', message: id } })],
    ['command', (id: string) => ({ command: { id, fingerprint: id, status: 201, body: {} } })],
  ])('a %s has one effect (I4)', async (what, once) => {
    for (let n = 0; n < 50; n += 1) {
      const outcomes = await Promise.all(
        stores.map((store, i) => {
          const stream = `${what}-${n}-${i}`;
          return store.commit({ meta, ...once(`m-${n}`), appends: [{ stream, subject: stream, expected: 'none', events: someEvents(1) }] });
        }),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['committed', 'duplicate']);
    }
  });
});

describe('a lease', () => {
  it('it is not taken over while a checkpoint under it is being written (I9)', async () => {
    const [store, other] = await twoProcesses('lease');
    if (!store || !other) throw new Error('two are needed');
    const move = (position: string, fence?: string) =>
      other.commit({ meta, checkpoint: { name: 'reader', cursor: { transaction: '5', position }, ...(fence && { fence }) } });
    await move('1');
    const fence = (await store.lease('reader', 'first', 0))?.fence;
    const client = await store.pool.connect();
    await client.query('begin');
    await client.query("select from checkpoints where name = 'reader' for update");
    const waiting = async (): Promise<number> => {
      const { rows } = await store.pool.query(
        "select from pg_locks join pg_stat_activity using (pid) where locktype = 'transactionid' and not granted and datname = current_database()",
      );
      return rows.length;
    };
    const moved = move('2', fence);
    await until(async () => (await waiting()) === 1);
    let isTaken = false;
    const taken = store.lease('reader', 'second', 60).finally(() => (isTaken = true));
    await until(async () => isTaken || (await waiting()) === 2);
    expect(isTaken).toBe(false);
    await client.query('rollback');
    client.release();
    expect(await moved).toMatchObject({ status: 'committed' });
    expect(await taken).not.toBeNull();
    await Promise.all([store.close(), other.close()]);
  });
});
