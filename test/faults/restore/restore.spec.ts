import { jest } from '@jest/globals';
import { TestStack } from '../../support/stack/test-stack.js';
import type { Order } from '../../support/scenario/orders.js';
import { Partners } from '../../support/scenario/partners.js';
import { Scenario } from '../../support/scenario/scenario.js';
import { dumpable, dumpInto, spendTransactions } from '../support/postgres/dump.js';
import { eventually } from '../support/eventually.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { OwnPostgres } from '../support/postgres/own-postgres.js';
import { whenIdle } from '../support/settled.js';

jest.setTimeout(300_000);

interface Diverged {
  readonly unknown: readonly { readonly type: string; readonly subject: string; readonly again: boolean }[];
  readonly given: readonly object[];
}

const scenario = new Scenario();
const services = ['order', 'logistics', 'refund', 'after-sales'] as const;
let old: OwnPostgres;
let restored: OwnPostgres;

/** The whole stack on a dump from before its last work, in a new cluster; the topics know of that work. */
async function restoredHouse() {
  old = await OwnPostgres.start();
  await spendTransactions(old.url);
  restored = await OwnPostgres.start();
  scenario.stack = await TestStack.open({ server: old.url });
  const { stack } = scenario;
  const partners = (scenario.partners = await Partners.connect(stack.log, stack.id, () => stack.now()));
  const orders = {
    shipped: await scenario.released(),
    confirmed: await scenario.placed(),
    refunded: await scenario.placed(),
    cancelledByHand: await scenario.placed(),
  };
  const { confirmed, refunded, cancelledByHand } = orders;
  await partners.storefront('CancellationRequested', { orderNumber: refunded.orderNumber, reason: 'ordered twice' });
  await partners.waitAndAnswer(refunded.orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
  await partners.task(refunded.orderNumber, 'approve-refund');
  await whenIdle(stack, services);

  await dumpInto(restored.url, old.url, stack.databases);
  await scenario.ships(orders.shipped);
  await partners.waitAndAnswer(confirmed.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
  await partners.task(confirmed.orderNumber, 'ship-order');
  await scenario.refunds(refunded);
  const placedLater = await scenario.placed();
  const shippedLater = await scenario.released();
  await scenario.ships(shippedLater);
  const reason = { reason: 'by phone' };
  const asked = await stack.at('order', 'service:mia').post(`/orders/${cancelledByHand.orderNumber}/cancellation`, reason);
  await partners.task(cancelledByHand.orderNumber, 'loss-on-bought-goods');
  await whenIdle(stack, services);
  await Promise.all(services.map((name) => stack.kill(name)));
  stack.moveTo(restored.url);
  return { ...orders, placedLater, shippedLater, asked };
}

/** A record that was published again too early stays parked until somebody redrives it. */
async function redriveAll(): Promise<void> {
  for (const name of services) {
    const client = scenario.stack.at(name, 'operator:kim');
    for (const { id, state } of await client.parked()) if (state === 'parked') await client.post(`/parked/${id}/redrive`, {});
  }
}

const tasksOf = ({ orderNumber }: Order, question: string): string[] =>
  scenario.partners.tasks(orderNumber, question).map(({ taskId }) => taskId);

(dumpable ? describeOnKafka : describe.skip)(
  `fault 27: Postgres is restored from a dump into a new cluster${dumpable ? '' : ' (skipped: there is no pg_dump here)'}`,
  () => {
    let orders: Awaited<ReturnType<typeof restoredHouse>>;
    let before: { rebased: readonly string[]; refused: readonly string[]; diverged: readonly Diverged[] };

    beforeAll(async () => {
      orders = await restoredHouse();
      const { stack } = scenario;
      const rebased = await Promise.all(services.map((name) => stack.maintain<string>(name, 'rebase')));
      const refused = await Promise.all(services.map((name) => stack.start(name).then(() => 'ready', String)));
      // it has said nothing since the dump, so it runs; the others have ended
      await stack.kill('after-sales');
      const diverged = await Promise.all(services.map((name) => stack.maintain<Diverged>(name, 'diverged')));
      before = { rebased, refused, diverged };
      const told = { given: diverged.flatMap(({ given }) => given), reason: 'restored', by: 'operator:kim' };
      await Promise.all(services.map((name) => stack.maintain(name, 'give-up', told)));
      await Promise.all(services.map((name) => stack.start(name)));
    });
    afterAll(async () => {
      await scenario.partners?.close();
      await scenario.stack?.close();
      await restored?.stop();
      await old?.stop();
    });

    it('readers work after the reset of transaction ids', () => {
      for (const said of before.rebased.slice(0, 3)) expect(said).toMatch(/^\d+ events can be read again$/);
    });

    it('a service whose topics have more than its store reports so and does not start', () => {
      for (const said of before.refused.slice(0, 3)) expect(said).toMatch(/exit code 1[^]*diverged: the store was restored/);
      expect(before.refused[3]).toBe('ready');
    });

    it('the records that stores lack are listed, with those that nobody publishes again', () => {
      const unknown = before.diverged.flatMap((found) => found.unknown);
      const of = ({ orderNumber }: Order) => unknown.filter(({ subject }) => subject === orderNumber);
      expect(of(orders.placedLater).find(({ type }) => type === 'OrderPlaced')).toMatchObject({ again: true });
      expect(of(orders.cancelledByHand).find(({ type }) => type === 'CancellationRequested')).toMatchObject({ again: false });
      expect(of(orders.shipped).map(({ type }) => type)).toEqual(expect.arrayContaining(['ParcelShipped', 'OrderDispatched']));
    });

    it('records that came over topics since the dump are handled again, each once', async () => {
      const { shipped, confirmed, refunded, placedLater, shippedLater } = orders;
      const status = (order: Order) => async () => (await scenario.orderState(order)).status;
      await eventually('the shipped order is dispatched again', async () => (await status(shipped)()) === 'dispatched');
      await eventually('the confirmed order is released again', async () => (await status(confirmed)()) === 'released');
      await eventually('the refund is paid again', async () => {
        await redriveAll();
        return (await scenario.register(refunded)).refunds[0]?.status === 'paid';
      });
      await eventually('the later order is approved again', async () => (await status(placedLater)()) === 'approved');
      await eventually('the order that was placed and shipped later is dispatched again', async () => {
        await redriveAll();
        return (await status(shippedLater)()) === 'dispatched';
      });
      await whenIdle(scenario.stack, services);
      expect((await scenario.register(refunded)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
      // to the outside the same task is the same message
      expect(new Set(tasksOf(refunded, 'pay-refund')).size).toBe(1);
      expect(new Set(tasksOf(shipped, 'ship-order')).size).toBe(1);
      expect(new Set(tasksOf(confirmed, 'ship-order')).size).toBe(1);
      expect(new Set(tasksOf(shippedLater, 'ship-order')).size).toBe(1);
    });

    it('commands that came over HTTP are lost and can be repeated by hand', async () => {
      expect(orders.asked.status).toBe(202);
      const { orderNumber } = orders.cancelledByHand;
      expect(await scenario.orderState(orders.cancelledByHand)).toMatchObject({ status: 'approved', openChange: null });
      await scenario.stack.at('order', 'service:mia').post(`/orders/${orderNumber}/cancellation`, { reason: 'by phone' });
      await eventually('it is asked for again', async () => (await scenario.orderState(orders.cancelledByHand)).openChange !== null);
    });

    it('the audit finds no violation (I1 to I9), and nothing is parked', async () => {
      await whenIdle(scenario.stack, services);
      expect(await scenario.stack.audit()).toEqual([]);
      for (const name of services) {
        const client = scenario.stack.at(name, 'operator:kim');
        expect([await client.parked(), await client.parkedFlows()]).toEqual([[], []]);
      }
    });
  },
);
