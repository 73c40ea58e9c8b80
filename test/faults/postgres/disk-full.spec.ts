import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@orderloom/dev-services';
import { jest } from '@jest/globals';
import { TestStack } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { eventually } from '../support/eventually.js';
import { OwnPostgres } from '../support/postgres/own-postgres.js';

jest.setTimeout(180_000);

function mayMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'orderloom-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
    execFileSync('umount', [dir]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const name = 'fault 30: Postgres’ disk is full';

(mayMount() ? describe : describe.skip)(mayMount() ? name : `${name} (skipped: this user may mount nothing)`, () => {
  let postgres: OwnPostgres;
  let stack: TestStack;
  beforeAll(async () => {
    postgres = await OwnPostgres.start({ megabytes: 300 });
    stack = await TestStack.open({ only: ['order'], server: postgres.url });
  });
  afterAll(async () => {
    postgres?.freeDisk();
    await stack?.close();
    await postgres?.stop();
  });

  const place = (order: { orderNumber: string }) =>
    stack.at('order', 'storefront:main').post('/orders', order, { 'idempotency-key': `key-${order.orderNumber}` });

  it('commands are refused with 503 and the service stays alive; with space again, all acknowledged data are there (I2, I3, I11)', async () => {
    let died = false;
    void stack.ended('order').then(() => (died = true));
    const orders = Array.from({ length: 400 }, () => anOrder(stack.nextNumber()));
    const answers = new Map<string, number>();
    const each = async (order: { orderNumber: string }): Promise<number> => {
      const { status } = await place(order);
      answers.set(order.orderNumber, status);
      return status;
    };
    for (const order of orders.slice(0, 10)) expect(await each(order)).toBe(201);
    let refused = 0;
    for (const order of orders.slice(10)) {
      // whatever room the server finds in its own files is taken as well
      postgres.fillDisk();
      refused = (await each(order)) === 201 ? 0 : refused + 1;
      if (refused === 3) break;
    }
    expect(refused).toBe(3);
    expect(new Set(answers.values())).toEqual(new Set([201, 503]));
    expect(await stack.at('order').get('/health/live')).toMatchObject({ status: 200 });

    postgres.freeDisk();
    const asked = orders.filter(({ orderNumber }) => answers.has(orderNumber));
    for (const order of asked) await eventually(`${order.orderNumber} is placed`, async () => (await place(order)).status === 201);
    const { rows } = await withClient(stack.databaseOf('order'), (client) =>
      client.query<{ subject: string }>("select subject from events where type = 'OrderPlaced' order by subject"),
    );
    expect(rows.map(({ subject }) => subject)).toEqual(asked.map(({ orderNumber }) => orderNumber));
    const lag = async () => (await stack.at('order', 'operator:kim').metrics()).get('orderloom_relay_lag_events');
    await eventually('all is said', async () => (await lag()) === 0);
    expect(died).toBe(false);
    expect(await stack.audit()).toEqual([]);
  });
});
