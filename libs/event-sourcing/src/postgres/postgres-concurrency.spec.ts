import { compareCursors, type Cursor, type RecordedEvent, start } from '../event.js';
import { happened, meta } from '../contract/support.js';
import { openTestStore } from './postgres.support.js';
import { PostgresStore } from './postgres-store.js';

const writers = 8;
const seconds = 5;
const hot = 4;

/** Stores on one database that know nothing of each other's queue. */
async function twoProcesses(name: string): Promise<readonly PostgresStore[]> {
  const store = await openTestStore(name, { poolSize: 12 });
  const { rows } = await store.pool.query<{ name: string }>('select current_database() as name');
  return [store, await PostgresStore.open({ url: new URL(`/${rows[0]?.name}`, process.env['TEST_DATABASE_URL']).href })];
}

describe('eight writers of two processes and a reader that polls', () => {
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
          { stream, subject: stream, expected: rollBack ? ('none' as const) : ('any' as const), events: happened(1 + (n % 3)) },
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

  it('lose nothing and invent nothing (I1, I2)', () => {
    expect(committed.size).toBeGreaterThan(100);
    expect(read.length).toBe(committed.size);
    expect(read.filter((e) => !committed.has(e.id))).toEqual([]);
  });

  it('keep each stream in version order without gaps (I3)', () => {
    const last = new Map<string, number>();
    const wrong = read.filter((e) => {
      const before = last.get(e.stream) ?? 0;
      last.set(e.stream, e.version);
      return e.version !== before + 1;
    });
    expect(wrong).toEqual([]);
  });

  it('never move the cursor back (I9)', () => {
    const back = read.filter((e, i) => i > 0 && compareCursors((read[i - 1] as RecordedEvent).cursor, e.cursor) >= 0);
    expect(back).toEqual([]);
  });

  it('never conflict, since streams are locked before the first write', () => expect(conflicts).toBe(0));
});

describe('two processes that get the same at the same time', () => {
  let stores: readonly PostgresStore[];
  beforeAll(async () => (stores = await twoProcesses('twice')));
  afterAll(() => Promise.all(stores.map((store) => store.close())));

  it.each([
    ['message', (id: string) => ({ inbox: { consumer: 'test', message: id } })],
    ['command', (id: string) => ({ command: { id, fingerprint: id, status: 201, body: {} } })],
  ])('give a %s one effect (I4)', async (what, once) => {
    for (let n = 0; n < 50; n += 1) {
      const outcomes = await Promise.all(
        stores.map((store, i) => {
          const stream = `${what}-${n}-${i}`;
          return store.commit({ meta, ...once(`m-${n}`), appends: [{ stream, subject: stream, expected: 'none', events: happened(1) }] });
        }),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['committed', 'duplicate']);
    }
  });
});
