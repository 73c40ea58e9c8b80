import { withClient } from '@orderloom/dev-services';
import { jest } from '@jest/globals';
import { TestStack } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { eventually } from '../support/eventually.js';
import type { Moment } from '../support/held.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';

jest.setTimeout(120_000);

describe('fault 32: the connection to Postgres breaks during COMMIT', () => {
  let stack: TestStack;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    stack = await TestStack.open({ only: ['order'] });
    proxy = await PostgresProxy.inFrontOf(stack.databaseOf('order'));
    await stack.stop('order');
    await stack.start('order', { DATABASE_URL: proxy.url() });
  });
  afterAll(async () => {
    await stack.close();
    await proxy.close();
  });

  const count = async (what: string, of: string): Promise<number> =>
    withClient(stack.databaseOf('order'), async (client) => Number((await client.query<{ n: string }>(what, [of])).rows[0]?.n));
  const commands = (key: string) => count("select count(*) as n from commands where id like '%' || $1", key);
  const placed = (orderNumber: string) =>
    count("select count(*) as n from events where type = 'OrderPlaced' and subject = $1", orderNumber);

  /** A command that places an order, and the same again whenever it is asked. */
  function command() {
    const order = anOrder(stack.nextNumber());
    const { orderNumber } = order;
    const key = `key-${orderNumber}`;
    const place = () => stack.at('order', 'storefront:main').post('/orders', order, { 'idempotency-key': key });
    return { orderNumber, key, place, answer: { status: 201, body: { orderNumber, status: 'placed', changeId: null } } };
  }

  /** Resolves once the COMMIT of the command is held. */
  async function held(key: string, moment: Moment) {
    const commit = await proxy.nextCommit(moment);
    expect(await commands(key)).toBe(moment === 'before' ? 0 : 1);
    return commit;
  }

  const quiet = () =>
    eventually(
      'the service has nothing to commit',
      async () => (await stack.at('order', 'operator:kim').metrics()).get('orderloom_relay_lag_events') === 0,
    );

  it.each<{ moment: Moment; what: string }>([
    { moment: 'before', what: 'before Postgres has heard of it' },
    { moment: 'after', what: 'when Postgres has done it' },
  ])('$what: the client gets a response, a retry gets the same one, and there is one order (I4)', async ({ moment }) => {
    await quiet();
    const { key, orderNumber, place, answer } = command();
    const answered = place();
    (await held(key, moment)).cut();
    expect(await answered).toEqual(answer);
    expect(await place()).toEqual(answer);
    expect([await commands(key), await placed(orderNumber)]).toEqual([1, 1]);
    await quiet();
    expect(await stack.audit()).toEqual([]);
  });

  it.each<{ moment: Moment; what: string }>([
    { moment: 'before', what: 'before Postgres has heard of it' },
    { moment: 'after', what: 'when Postgres has done it' },
  ])(
    '$what, and Postgres stays away: the client gets 503, and a retry finds the outcome by the command id (I4, I11)',
    async ({ moment }) => {
      await quiet();
      const { key, orderNumber, place, answer } = command();
      const refused = place();
      await held(key, moment);
      proxy.cut();
      expect(await refused).toMatchObject({ status: 503 });
      proxy.heal();
      await eventually('the service is ready again', () => stack.at('order').isReady());
      expect(await place()).toEqual(answer);
      expect([await commands(key), await placed(orderNumber)]).toEqual([1, 1]);
      await quiet();
      expect(await stack.audit()).toEqual([]);
    },
  );
});
