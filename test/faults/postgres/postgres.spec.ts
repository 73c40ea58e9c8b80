import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { withClient } from '@orderloom/dev-services';
import {
  execute,
  asyncProjectionTables,
  Relay,
  StoreUnavailable,
  AsyncProjection,
  ProjectionsMatchHistory,
} from '@orderloom/event-sourcing';
import pg from 'pg';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { append } from '../../../libs/event-sourcing/src/store/contract/contract-support.js';
import { TestStack } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { publicationsTo, source } from '../support/kafka/box-wire.js';
import { Boxes, brokenIn, named } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { OwnPostgres } from '../support/postgres/own-postgres.js';

jest.setTimeout(240_000);

let postgres: OwnPostgres;
beforeAll(async () => void (postgres = await OwnPostgres.start()));
afterAll(() => postgres.stop());

describeOnKafka('fault 8: kill -9 Postgres under load, then restart it', () => {
  const writers = 8;
  const acknowledged: string[] = [];
  let boxes: Boxes;
  let relay: Relay;

  /** Puts one thing after the other; asks again with the same command id until it knows. */
  const write = async (writer: number, until: () => boolean): Promise<void> => {
    for (let n = 1; !until(); n += 1) {
      const thing = `${writer}-${n}`;
      const command = { id: thing, fingerprint: thing, status: 201, body: {} };
      for (let known = false; !known;) {
        try {
          const { outcome } = await execute(boxes.store, {
            decider: box,
            id: `w${writer}`,
            command: { type: 'Put', thing },
            meta: { by: 'tester', causation: thing },
            additions: { command },
          });
          known = outcome.status === 'committed' || outcome.status === 'duplicate';
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          await pause(20);
        }
      }
      acknowledged.push(thing);
    }
  };

  beforeAll(async () => {
    boxes = await Boxes.open('killed', postgres.url);
    const { store, log, topic } = boxes;
    relay = new Relay({ store, log, source, publications: publicationsTo(topic), deciders: [box] });
    relay.start();
  });
  afterAll(async () => {
    await relay.stop();
    await boxes.close();
  });

  it('every acknowledged command is stored and published once, in order, and no cursor is beyond it (I1, I3, I4, I9)', async () => {
    let ending = false;
    const writing = Promise.all(Array.from({ length: writers }, (_, i) => write(i, () => ending)));
    for (let kills = 0; kills < 2; kills += 1) {
      const goal = acknowledged.length + 200;
      await eventually('some more commands are acknowledged', () => acknowledged.length > goal);
      await postgres.restartAfter('SIGKILL');
    }
    const goal = acknowledged.length + 100;
    await eventually('it goes on', () => acknowledged.length > goal);
    ending = true;
    await writing;
    const { rows } = await boxes.store.pool.query<{ thing: string }>("select data->>'thing' as thing from events");
    expect(rows.map(({ thing }) => thing).sort()).toEqual(acknowledged.toSorted());
    await boxes.published();
    expect(await boxes.audit()).toEqual([]);
  });
});

describeOnKafka('fault 9: an immediate restart of Postgres during a rebuild', () => {
  it('the rebuild continues and yields the same rows, byte by byte (I7, I10)', async () => {
    const boxes = await Boxes.open('rebuilt', postgres.url);
    const { store } = boxes;
    for (const statement of asyncProjectionTables('followed')) await store.pool.query(statement);
    const views = (box.views ?? []).map((view) => ({ ...view, table: 'followed' }));
    const put = named('thing', 60).map((thing) => ({ type: 'ThingPut', typeVersion: 2, data: { thing, at: '', by: '' } }));
    for (const id of named('a', 20)) await store.commit({ ...append(`box-${id}`, 'any', put), meta: { by: 'tester' } });
    const follower = new AsyncProjection({ store, name: 'followed', views, deciders: [box], batch: 20, leaseSeconds: 2 });
    const rows = async (): Promise<string> => JSON.stringify((await store.pool.query('select * from followed order by key')).rows);
    follower.start();
    await follower.caughtUp();
    const before = await rows();

    const rebuilt = follower.rebuild();
    for (let batch = 0; batch < 20; batch += 1) (await postgres.proxy.nextCommit('before')).release();
    await postgres.proxy.nextCommit('after');
    expect(await rows()).toBe(before);
    await postgres.restartAfter('SIGQUIT');
    await rebuilt;
    expect(await rows()).toBe(before);
    expect(await brokenIn(store, [new ProjectionsMatchHistory([{ ...box, views }])])).toEqual([]);
    await follower.stop();
    await boxes.close();
  });
});

const seconds = process.env['FAULTS_LONG'] ? 30 : 3;
const how = process.env['FAULTS_LONG'] ? '' : ' (3 s here, 30 s with FAULTS_LONG=1)';

describe(`fault 10: a write transaction is left open for 30 s${how}`, () => {
  let stack: TestStack;
  beforeAll(async () => void (stack = await TestStack.open({ only: ['order'], server: postgres.url })));
  afterAll(() => stack.close());

  const figure = async (name: string): Promise<number> => (await stack.at('order', 'operator:kim').metrics()).get(name) ?? NaN;

  it.each([
    { where: 'in the service’s own database', url: () => stack.databaseOf('order') },
    { where: 'in another database of the cluster', url: () => postgres.url },
  ])('$where: readers wait for it, its age is measured, then all events are published (I1, I3, I11)', async ({ url }) => {
    const forgotten = new pg.Client({ connectionString: url() });
    await forgotten.connect();
    await forgotten.query('begin; select pg_current_xact_id()');
    const began = performance.now();
    const order = anOrder(stack.nextNumber());
    expect(await stack.at('order', 'storefront:main').post('/orders', order)).toMatchObject({ status: 201 });
    await eventually('the alarm shows', async () => (await figure('orderloom_oldest_write_transaction_seconds')) >= seconds);
    expect(performance.now() - began).toBeGreaterThan(seconds * 1000 - 100);
    expect(await figure('orderloom_relay_lag_events')).toBeGreaterThan(0);
    expect(await figure('orderloom_relay_lag_seconds')).toBeGreaterThan(seconds - 2);
    const placed = "select xid::text as transaction from events where subject = $1 and type = 'OrderPlaced'";
    const { rows } = await withClient(stack.databaseOf('order'), (client) =>
      client.query<{ transaction: string }>(placed, [order.orderNumber]),
    );
    const checkpoint = "select coalesce(max(xid), '0'::xid8)::text as at from checkpoints where name like 'relay/%'";
    const at = await withClient(stack.databaseOf('order'), (client) => client.query<{ at: string }>(checkpoint));
    expect(BigInt(at.rows[0]?.at ?? 0)).toBeLessThan(BigInt(rows[0]?.transaction ?? 0));

    await forgotten.query('commit');
    await forgotten.end();
    await eventually('everything is said', async () => (await figure('orderloom_relay_lag_events')) === 0);
    expect(await figure('orderloom_oldest_write_transaction_seconds')).toBeLessThan(seconds);
    expect(await stack.audit()).toEqual([]);
  });
});
