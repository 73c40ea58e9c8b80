import { withClient } from '@orderloom/dev-services';
import { jest } from '@jest/globals';
import { TestStack } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';

jest.setTimeout(180_000);

describe('fault 1: kill -9 a service between its commit and the HTTP response', () => {
  let stack: TestStack;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    stack = await TestStack.open({ only: ['order'] });
    proxy = await PostgresProxy.inFrontOf(stack.databaseOf('order'));
    await stack.kill('order');
    await stack.start('order', { DATABASE_URL: proxy.url() });
  });
  afterAll(async () => {
    await stack.close();
    await proxy.close();
  });

  const inDatabase = <T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    withClient(stack.databaseOf('order'), async (client) => (await client.query<T>(sql, [...values])).rows);

  it('the same Idempotency-Key gets the same response, and there is one order (I4)', async () => {
    const order = anOrder(stack.nextNumber());
    const headers = { 'idempotency-key': `key-${order.orderNumber}` };
    const unanswered = stack.at('order', 'storefront:main').post('/orders', order, headers);
    const lost = expect(unanswered).rejects.toThrow();
    // what else the service commits meanwhile goes on
    for (let stored: object[] = []; stored.length === 0;) {
      const held = await proxy.nextCommit('after');
      stored = await inDatabase('select id from commands where id like $1', [`%${headers['idempotency-key']}`]);
      if (stored.length === 0) held.release();
    }
    await stack.kill('order');
    await lost;

    await stack.start('order');
    const answer = await stack.at('order', 'storefront:main').post('/orders', order, headers);
    expect(answer).toEqual({ status: 201, body: { orderNumber: order.orderNumber, status: 'placed', changeId: null } });
    const [stored] = await inDatabase<{ status: number; body: object }>('select status, body from commands where id like $1', [
      `%${headers['idempotency-key']}`,
    ]);
    expect(stored).toEqual(answer);
    const events = await inDatabase("select type from events where subject = $1 and type = 'OrderPlaced'", [order.orderNumber]);
    expect(events).toEqual([{ type: 'OrderPlaced' }]);
    expect(await stack.audit()).toEqual([]);
  });
});
