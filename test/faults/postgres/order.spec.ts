import { jest } from '@jest/globals';
import { createDatabase } from '@orderloom/dev-services';
import { type Cursor, execute, PostgresStore, Relay, type RecordedEvent, start } from '@orderloom/event-sourcing';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { append, meta } from '../../../libs/event-sourcing/src/store/contract/contract-support.js';
import { openTestStore, openWriter } from '../../../libs/event-sourcing/src/postgres/postgres.fixture.js';
import { publicationsTo, source } from '../support/kafka/box-wire.js';
import { Boxes, brokenIn, named } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { appendUnguarded, GapReader, PositionReader } from '../support/naive.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';

jest.setTimeout(120_000);

const put = (id: string, thing: string) => ({
  ...append(`box-${id}`, 'any', [{ type: 'ThingPut', typeVersion: 2, data: { thing, at: '', by: '' } }]),
});
const streams = (events: readonly RecordedEvent[]): string[] => events.map(({ stream }) => stream);

describeOnKafka('transactions that end out of order', () => {
  let boxes: Boxes;
  let relay: Relay;
  let cursor: Cursor = start;
  const next = async (): Promise<string[]> => {
    const events = await boxes.store.read(cursor, 1000);
    cursor = events.at(-1)?.cursor ?? cursor;
    return streams(events);
  };
  const said = async (): Promise<string[]> => (await boxes.records()).map(({ headers }) => headers['ce_stream'] ?? '');

  beforeAll(async () => {
    boxes = await Boxes.open('order');
    const { store, log, topic } = boxes;
    relay = new Relay({ store, log, source, publications: publicationsTo(topic), deciders: [box] });
    relay.start();
  });
  afterAll(async () => {
    await relay.stop();
    expect(await brokenIn(boxes.store)).toEqual([]);
    await boxes.close();
  });

  describe('fault 11: two transactions commit in reverse order of their positions', () => {
    it("a reader by position loses the late one; the store's reader and the relay wait for it (I1, I3)", async () => {
      const byPosition = new PositionReader(boxes.store);
      const early = await openWriter(boxes.store);
      await early.write(put('early', 'cup'));
      await boxes.store.commit(put('late', 'cup'));
      expect(await byPosition.poll()).toEqual(['box-late']);
      expect(await next()).toEqual([]);
      expect(await said()).toEqual([]);

      await early.commit();
      await byPosition.poll();
      // loses 1 of 2: that is what the guard is for
      expect(byPosition.read).toEqual(['box-late']);
      const ours: string[] = [];
      await eventually('the reader goes on', async () => ours.push(...(await next())) === 2);
      expect(ours).toEqual(['box-early', 'box-late']);
      await boxes.published();
      expect((await said()).sort()).toEqual(['box-early', 'box-late']);
    });
  });

  describe('fault 12: a rolled-back append leaves a gap', () => {
    it("a reader that waits for each position stops forever; the store's reader and the relay continue (I9, I11)", async () => {
      await boxes.published();
      const { rows } = await boxes.store.pool.query<{ last: string }>('select max(position)::text as last from events');
      const gapless = new GapReader(boxes.store, Number(rows[0]?.last));
      await next();
      const gone = await openWriter(boxes.store);
      await gone.write(put('gone', 'cup'));
      await boxes.store.commit(put('kept', 'cup'));
      await gone.rollback();

      await eventually('the relay says what is behind the gap', async () => (await said()).includes('box-kept'));
      expect(await next()).toEqual(['box-kept']);
      // reads 0 of 1
      expect(await gapless.poll()).toEqual([]);
      expect(await said()).not.toContain('box-gone');
    });
  });
});

describe('a transaction that gets its id before it reads the stream (inbox row first, then the append)', () => {
  let store: PostgresStore;
  beforeAll(async () => (store = await openTestStore('inverted')));
  afterAll(() => store.close());
  const versions = async (stream: string): Promise<number[]> =>
    (await store.read(start, 1000)).filter((event) => event.stream === stream).map(({ version }) => version);

  it("without the check of the stream's last transaction id it inverts the stream, which the audit finds", async () => {
    const client = await store.pool.connect();
    await client.query("begin; insert into inbox (consumer, message) values ('naive', '1')");
    await store.commit(append('naive'));
    await appendUnguarded(client, 'naive');
    await client.query('commit');
    client.release();
    await eventually('both can be read', async () => (await versions('naive')).length === 2);
    // 1 of 2 inverted: that is what the guard is for
    expect(await versions('naive')).toEqual([2, 1]);
    expect(await brokenIn(store)).toContain('I3 naive: version 1 follows version 2');
  });

  it('the store reports a conflict, and a new transaction keeps the order (I3)', async () => {
    const early = await openWriter(store);
    await store.commit(append('guarded'));
    const unit = { ...append('guarded'), inbox: { consumer: 'test', message: '2' } };
    const outcome = await early.write(unit);
    await early.rollback();
    expect(outcome).toMatchObject({ status: 'conflict', stream: 'guarded' });
    expect(await store.commit(unit)).toMatchObject({ status: 'committed' });
    await eventually('both can be read', async () => (await versions('guarded')).length === 2);
    expect(await versions('guarded')).toEqual([1, 2]);
  });
});

describe('fault 13: many writers of one stream', () => {
  it('one writer wins each version, and the others retry at most ten times (I3)', async () => {
    const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `faults_hot_${process.pid}_${Date.now()}`);
    const first = await openTestStore('hot', { url, poolSize: 2 });
    const stores = [first, ...(await Promise.all([1, 2, 3].map(() => PostgresStore.open({ url, poolSize: 2 }))))];
    const decider = { ...box, views: [] };
    const things = named('thing', 80);
    const outcomes = await Promise.all(
      things.map(async (thing, i) => {
        const store = stores[i % stores.length] as PostgresStore;
        return {
          thing,
          ...(await execute(store, { decider, id: 'hot', command: { type: 'Put', thing }, meta: { ...meta, causation: thing } })),
        };
      }),
    );
    const { events } = await first.load('box-hot');
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
    const won = outcomes.filter(({ outcome }) => outcome.status === 'committed').map(({ thing }) => thing);
    expect(events.map(({ data }) => (data as { thing: string }).thing).sort()).toEqual(won.sort());
    expect(won.length).toBeGreaterThan(10);
    const conflicts = stores.reduce((sum, { outcomes: { conflict } }) => sum + conflict, 0);
    expect(conflicts).toBeGreaterThan(0);
    expect(conflicts).toBeLessThanOrEqual(10 * (things.length - won.length) + 9 * won.length);
    expect(await brokenIn(first)).toEqual([]);
    await Promise.all(stores.map((store) => store.close()));
  });
});
