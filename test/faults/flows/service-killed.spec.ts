import { withClient } from '@orderloom/dev-services';
import { jest } from '@jest/globals';
import { House } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';

jest.setTimeout(180_000);

describe('fault 1: kill -9 a service between its commit and the HTTP response', () => {
  let house: House;
  let proxy: PostgresProxy;
  beforeAll(async () => {
    house = await House.open({ only: ['order'] });
    proxy = await PostgresProxy.inFrontOf(house.databaseOf('order'));
    await house.kill('order');
    await house.start('order', { DATABASE_URL: proxy.url() });
  });
  afterAll(async () => {
    await house.close();
    await proxy.close();
  });

  const inDatabase = <T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    withClient(house.databaseOf('order'), async (client) => (await client.query<T>(sql, [...values])).rows);

  it('the same Idempotency-Key gets the same response, and there is one order (I4)', async () => {
    const order = anOrder(house.nextNumber());
    const headers = { 'idempotency-key': `key-${order.orderNumber}` };
    const unanswered = house.at('order', 'storefront:main').post('/orders', order, headers);
    const lost = expect(unanswered).rejects.toThrow();
    // what else the service commits meanwhile goes on
    for (let stored: object[] = []; stored.length === 0;) {
      const held = await proxy.nextCommit('after');
      stored = await inDatabase('select id from commands where id like $1', [`%${headers['idempotency-key']}`]);
      if (stored.length === 0) held.release();
    }
    await house.kill('order');
    await lost;

    await house.start('order');
    const answer = await house.at('order', 'storefront:main').post('/orders', order, headers);
    expect(answer).toEqual({ status: 201, body: { orderNumber: order.orderNumber, status: 'placed', changeId: null } });
    const [stored] = await inDatabase<{ status: number; body: object }>('select status, body from commands where id like $1', [
      `%${headers['idempotency-key']}`,
    ]);
    expect(stored).toEqual(answer);
    const events = await inDatabase("select type from events where subject = $1 and type = 'OrderPlaced'", [order.orderNumber]);
    expect(events).toEqual([{ type: 'OrderPlaced' }]);
    expect(await house.audit()).toEqual([]);
  });
});
