import { MemoryLog } from '@orderloom/messaging';
import { box } from '../decider/box.fixture.js';
import { meta, until } from '../store/contract/contract-support.js';
import { Relay } from '../relay/relay.js';
import { execute } from '../decider/execute.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import { rowTable } from '../postgres/row-table.js';
import type { Publication } from '../relay/publication.js';
import { upcasterFor } from '../decider/upcasters.js';
import {
  CheckpointsWithinHistory,
  OneEffectPerMessage,
  StateInvariantCheck,
  type StateInvariant,
  StreamVersionsAreGapless,
  ProjectionsMatchHistory,
} from './checks.js';
import { audit, type Finding } from './audit-snapshot.js';
import { withSnapshot } from './postgres-snapshot.js';
import { publishedEventIds, PublicationCheck } from './publication-check.js';

const topic = 'boxes';
const publications: Publication[] = [(event) => [{ topic, type: event.type, data: event.data }]];
const neverThree: StateInvariant = {
  invariant: 'I5',
  summary: 'never three things',
  decider: box,
  broken: ({ things }: { things: readonly string[] }) => (things.length > 2 ? `it holds ${things.length}` : undefined),
};

let store: PostgresStore;
let log: MemoryLog;
const stores: PostgresStore[] = [];
afterAll(() => Promise.all(stores.map((s) => s.close())));

/** Two boxes with two things each, all of it published. */
beforeEach(async () => {
  store = await openTestStore('audit');
  stores.push(store);
  for (const statement of rowTable('boxes')) await store.pool.query(statement);
  log = new MemoryLog();
  await log.ensureTopics([{ topic, partitions: 2, config: {} }]);
  for (const id of ['a', 'b'])
    for (const thing of ['cup', 'plate'])
      await execute(store, {
        decider: box,
        id,
        command: { type: 'Put', thing },
        meta: { ...meta, causation: `m-${id}-${thing}` },
        additions: { inbox: { consumer: 'box', message: thing + id } },
      });
  await publish();
});

async function publish(): Promise<void> {
  const relay = new Relay({ store, log, source: '/orderloom/boxes', publications, deciders: [box] });
  relay.start();
  const last = (await store.read({ transaction: '0', position: '0' }, 100)).at(-1)?.cursor;
  await until(async () => (await store.checkpoint('relay/0-of-1')).position === last?.position);
  await relay.stop();
}

const published = (): PublicationCheck =>
  new PublicationCheck({
    publishedIds: () => publishedEventIds(log, '/orderloom/boxes', [topic]),
    publications,
    upcast: upcasterFor([box]),
    topics: [topic],
  });

const audited = (): Promise<Finding[]> =>
  withSnapshot(store.pool, (facts) =>
    audit(facts, [
      published(),
      new StreamVersionsAreGapless(),
      new OneEffectPerMessage(),
      new StateInvariantCheck(neverThree),
      new ProjectionsMatchHistory([box]),
      new CheckpointsWithinHistory(),
    ]),
  );

/** Violations, as in `I3 violation`. */
const broken = async (): Promise<string[]> =>
  (await audited()).flatMap(({ invariant, violations }) => violations.map((violation) => `${invariant} ${violation}`));

describe('the audit of an intact history', () => {
  it('each check is summarised in one line without violations', async () => {
    expect(await audited()).toEqual([
      { invariant: 'I1', summary: '4 committed messages are on the log', violations: [] },
      { invariant: 'I2', summary: '4 records on the log are in the store', violations: [] },
      { invariant: 'I3', summary: '2 streams are in order on the log', violations: [] },
      { invariant: 'I3', summary: '4 events of 2 streams are in order without gaps', violations: [] },
      { invariant: 'I4', summary: '4 effects of messages occurred once each', violations: [] },
      { invariant: 'I5', summary: '2 box streams: never three things', violations: [] },
      { invariant: 'I7', summary: '2 rows of boxes match their events', violations: [] },
      { invariant: 'I9', summary: '1 checkpoints are within the visible events', violations: [] },
    ]);
  });

  it('events that the relay has not published yet are not a violation', async () => {
    await execute(store, { decider: box, id: 'c', command: { type: 'Put', thing: 'cup' }, meta });
    expect(await broken()).toEqual([]);
    expect((await audited())[0]?.summary).toBe('4 committed messages are on the log, 1 are not published yet');
  });

  it('two messages with one id from different sources are not a violation', async () => {
    for (const causationSource of ['/shop', '/warehouse'])
      await execute(store, {
        decider: box,
        id: 'd',
        command: { type: 'Put', thing: causationSource },
        meta: { by: 'system', causation: '1', causationSource },
      });
    await publish();
    expect(await broken()).toEqual([]);
  });

  it('old events without a source of their cause are told apart by their actor', async () => {
    for (const by of ['storefront:ann', 'warehouse:bob'])
      await execute(store, { decider: box, id: 'd', command: { type: 'Put', thing: by }, meta: { by, causation: '1' } });
    await publish();
    expect(await broken()).toEqual([]);
  });

  it('events committed during the audit are not a violation', async () => {
    const found = await withSnapshot(store.pool, async (facts) => {
      await execute(store, { decider: box, id: 'c', command: { type: 'Put', thing: 'cup' }, meta });
      await publish();
      return audit(facts, [published(), new ProjectionsMatchHistory([box])]);
    });
    expect(found.flatMap(({ violations }) => violations)).toEqual([]);
  });
});

describe('the audit of a damaged history', () => {
  const sql = async (...statements: string[]): Promise<void> => {
    for (const statement of statements) await store.pool.query(statement);
  };

  it('an event that was passed and not published is found (I1)', async () => {
    log = new MemoryLog();
    await log.ensureTopics([{ topic, partitions: 2, config: {} }]);
    expect(await broken()).toEqual(expect.arrayContaining([expect.stringMatching(/^I1 box-a: version 1 is missing on the log \(/)]));
  });

  it('a published event that is absent from the store is found (I2), with its projection (I7)', async () => {
    await sql("delete from events where stream = 'box-b'");
    expect(await broken()).toEqual([
      expect.stringMatching(/^I2 \S+ is on the log but not in the store$/),
      expect.stringMatching(/^I2 /),
      'I7 boxes b: exists without events',
      'I9 relay/0-of-1 is beyond the last event',
    ]);
  });

  it('a gap in a stream is found (I3)', async () => {
    await sql("delete from events where stream = 'box-a' and version = 1");
    expect(await broken()).toContain('I3 box-a: version 2 follows version 0');
  });

  it('events that became visible in another order are found (I3)', async () => {
    await sql(
      "update events set position = default where stream = 'box-a' and version = 1",
      "update events set xid = (select max(xid) from events) where stream = 'box-a' and version = 1",
    );
    expect(await broken()).toContain('I3 box-a: version 2 follows version 0');
  });

  it('messages in another order on the log are found (I3)', async () => {
    const [first, second] = (await store.load('box-a')).events;
    log = new MemoryLog();
    await log.ensureTopics([{ topic, partitions: 2, config: {} }]);
    await sql('delete from checkpoints');
    for (const event of [second, first])
      await log.publish([
        { topic, key: 'a', headers: { ce_source: '/orderloom/boxes', ce_id: event?.id ?? '' }, value: Buffer.from('{}') },
      ]);
    expect(await broken()).toEqual(['I3 box-a: on the log, version 1 follows version 2']);
  });

  it('a second effect of a message and an inbox without its message are found (I4)', async () => {
    await sql(
      "update events set causation = 'm-a-cup', causation_source = '/shop' where stream = 'box-a'",
      'alter table inbox drop constraint inbox_pkey',
    );
    expect(await broken()).toEqual([
      'I4 table inbox has no unique index on consumer and message',
      'I4 box-a: version 2 is a second effect of message m-a-cup',
    ]);
  });

  it('two flows may answer one message in one stream, and a second effect of one of them is found (I4)', async () => {
    const caused = "update events set causation = 'm-a-cup', causation_source = '/shop'";
    await sql(`${caused}, data = data || jsonb_build_object('flow', 'open-' || version) where stream = 'box-a'`);
    expect(await broken()).toEqual([]);
    await sql('update events set data = data || \'{"flow": "open-1"}\' where stream = \'box-a\'');
    expect(await broken()).toEqual(['I4 box-a: version 2 is a second effect of message m-a-cup']);
  });

  it('a state that violates an invariant is found, with the version since when (I5)', async () => {
    await execute(store, { decider: box, id: 'a', command: { type: 'Put', thing: 'spoon' }, meta });
    await execute(store, { decider: box, id: 'a', command: { type: 'Put', thing: 'fork' }, meta });
    expect(await broken()).toEqual(['I5 box-a: after version 3, it holds 3', 'I5 box-a: after version 4, it holds 4']);
  });

  it('rows that differ from the history are found (I7)', async () => {
    await sql(`update boxes set row = row || '{"things": 7}' where key = 'a'`, "delete from boxes where key = 'b'");
    expect(await broken()).toEqual(['I7 boxes a: things is 7, its events give 2', 'I7 boxes b: is missing']);
  });

  it('a cursor beyond open transactions is found (I9)', async () => {
    await sql("insert into checkpoints values ('view/boxes', (pg_current_xact_id()::text::bigint + 1000)::text::xid8, 1)");
    expect(await broken()).toEqual([
      expect.stringMatching(/^I9 view\/boxes is at transaction \d+, but transaction \d+ may still be open$/),
    ]);
  });
});
