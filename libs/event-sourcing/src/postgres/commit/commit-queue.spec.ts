import { someEvents, meta, newStream, until } from '../../store/contract/contract-support.js';
import type { Outcome } from '../../store/store.js';
import type { Pool } from 'pg';
import { CommitQueue } from './commit-queue.js';
import { CommitCache } from './commit-cache.js';
import { openTestStore } from '../postgres.fixture.js';
import type { PostgresStore } from '../postgres-store.js';

const units = 40;

describe('concurrent commits on Postgres', () => {
  let store: PostgresStore;
  beforeAll(async () => {
    store = await openTestStore('queue');
  });
  afterAll(() => store.close());

  const commit = (stream: string, message: string) =>
    store.commit({
      meta,
      inbox: { consumer: 'test', message },
      appends: [{ stream, subject: stream, expected: 'any', events: someEvents(2) }],
    });

  it('they share transactions, and each has its own events in order', async () => {
    const streams = Array.from({ length: units }, newStream);
    const outcomes = await Promise.all(streams.map((stream) => commit(stream, stream)));
    const events = outcomes.map((outcome) => (outcome.status === 'committed' ? outcome.events : []));
    expect(new Set(events.flat().map((e) => e.cursor.transaction)).size).toBeLessThanOrEqual(4);
    expect(events.map((own) => own.map((e) => [e.stream, e.version]))).toEqual(
      streams.map((s) => [
        [s, 1],
        [s, 2],
      ]),
    );
    expect(await Promise.all(streams.map(async (s) => (await store.load(s)).events))).toEqual(events);
  });

  it('those of the same message have one effect', async () => {
    const message = newStream();
    const outcomes = await Promise.all(Array.from({ length: units }, () => commit(newStream(), message)));
    expect(outcomes.filter((o) => o.status === 'committed')).toHaveLength(1);
    expect(outcomes.filter((o) => o.status === 'duplicate')).toHaveLength(units - 1);
  });

  it('a later commit of the same stream does not overtake, however long a connection takes', async () => {
    const stream = newStream();
    let connections = 0;
    const slowAtFirst = {
      connect: async () => {
        connections += 1;
        if (connections === 1) for (let round = 0; round < 3; round++) await store.pool.query('select 1');
        return store.pool.connect();
      },
    } as unknown as Pool;
    const queue = new CommitQueue({ pool: slowAtFirst, cache: new CommitCache() });
    const outcomes = await Promise.all(
      [0, 1, 2].map((expected) => queue.commit({ meta, appends: [{ stream, subject: stream, expected, events: someEvents(1) }] })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['committed', 'committed', 'committed']);
  });

  const put = (key: string) => store.commit({ meta, rows: [{ op: 'put', table: 'others', key, row: {} }] });

  /** Resolves once a transaction waits for the table that puts write to; what it resolves to lets it go on. */
  async function heldUp(): Promise<{ held: Promise<Outcome>; goOn: () => Promise<void> }> {
    const blocker = await store.pool.connect();
    const waitForLocks = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await blocker.query('begin; lock table others in share mode');
    const held = put('held');
    await until(async () => ((await store.pool.query(waitForLocks)).rowCount ?? 0) > 0);
    const goOn = async (): Promise<void> => {
      await blocker.query('commit');
      blocker.release();
    };
    return { held, goOn };
  }

  it('commits that wait together do not overtake each other', async () => {
    const [s, t] = [newStream(), newStream()];
    const appends = (...to: readonly (readonly [string, number])[]) =>
      to.map(([stream, expected]) => ({ stream, subject: stream, expected, events: someEvents(1) }));
    const { held, goOn } = await heldUp();
    const first = store.commit({ meta, appends: appends([s, 0]), rows: [{ op: 'put', table: 'others', key: 'held', row: {} }] });
    const second = store.commit({ meta, appends: appends([s, 1], [t, 0]) });
    const third = store.commit({ meta, appends: appends([t, 1]) });
    // these go, and would take the third one along
    await Promise.all(Array.from({ length: units }, newStream).map((stream) => commit(stream, stream)));
    await goOn();
    expect((await Promise.all([held, first, second, third])).map(({ status }) => status)).toEqual(Array(4).fill('committed'));
  });

  it('other commits do not wait for a blocked transaction', async () => {
    const { held, goOn } = await heldUp();
    const stream = newStream();
    expect(await commit(stream, stream)).toMatchObject({ status: 'committed' });
    await goOn();
    expect(await held).toMatchObject({ status: 'committed' });
  });

  it('a commit about whole tables runs alone', async () => {
    const { held, goOn } = await heldUp();
    const restart = store.commit({ meta, restart: { checkpoint: newStream(), tables: ['others'] } });
    // so many that another transaction is begun at once
    const keys = Array.from({ length: units }, (_, i) => `after ${i + 10}`);
    const after = keys.map(put);
    // it would have begun meanwhile
    for (let round = 0; round < 5; round += 1) await store.row('others', 'held');
    await goOn();
    await Promise.all([held, restart, ...after]);
    const { rows } = await store.pool.query('select key from others order by key');
    expect(rows).toEqual(keys.map((key) => ({ key })));
  });

  it('a commit that the database refuses does not fail the others', async () => {
    const [good, other] = [newStream(), newStream()];
    const nowhere = store.commit({ meta, rows: [{ op: 'put', table: 'no_such_table', key: 'k', row: {} }] });
    const outcomes = await Promise.allSettled([commit(good, good), nowhere, commit(other, other)]);
    expect(outcomes).toMatchObject([{ value: { status: 'committed' } }, { status: 'rejected' }, { value: { status: 'committed' } }]);
  });
});
