import type { ServiceName } from '../support/house.js';
import type { Order } from '../support/orders.js';
import { stage } from '../support/story.js';

const play = stage();

/** Half of the orders ship; half of them are cancelled after their release, with the hold and the refund that takes. */
const ships = (order: Order): boolean => Number(order.orderNumber.slice(-1)) % 2 === 0;

/** What every order must have come to, whoever died on the way. */
async function sameEnd(orders: readonly Order[]): Promise<void> {
  for (const order of orders) {
    const facts = play.partners.facts(order.orderNumber);
    const count = (type: string): number => facts.filter((fact) => fact === type).length;
    const { refunds } = await play.register(order);
    const { status } = await play.standing(order);
    if (ships(order)) {
      expect(await play.over(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
      expect([status, refunds]).toEqual(['dispatched', []]);
    } else {
      expect(await play.over(order)).toEqual([
        'cancel-order: cancelled',
        'finance-refund: told',
        'fulfil-order: cancelled',
        'hold-shipment: held',
        'ship-order: cancelled',
      ]);
      expect([status, refunds]).toMatchObject(['cancelled', [{ amount: 2547, status: 'paid' }]]);
    }
    expect([count('OrderPlaced'), count('ShipmentPrepared')]).toEqual([1, 1]);
    expect(count('RefundPaid')).toBe(ships(order) ? 0 : 1);
  }
}

/** One order's whole way; partners answer what they are asked, whenever that comes. */
async function way(order: Order): Promise<void> {
  const { orderNumber } = order;
  const { partners } = play;
  await partners.places(order);
  await partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
  if (ships(order)) return void (await play.ships(order));
  await partners.task(orderNumber, 'ship-order');
  await partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
  await partners.answers(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
  await partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
  await play.refunds(order);
}

/** Kills and starts the service as soon as `moment` has come. */
async function dies(name: ServiceName, what: string, moment: () => boolean): Promise<void> {
  await play.partners.wire.until(what, moment);
  await play.house.kill(name);
  await play.house.start(name);
}

const heardOf = (orders: readonly Order[], type: string): number =>
  orders.filter(({ orderNumber }) => play.partners.wire.of(orderNumber).some((m) => m.type === type)).length;

describe('fault 7: kill -9 services during compensation, and on the way to it', () => {
  it.each([
    { names: ['order'], type: 'OrderPlaced' },
    { names: ['logistics'], type: 'HoldRequested' },
    { names: ['refund'], type: 'RefundRequested' },
    { names: ['order', 'logistics', 'refund'], type: 'OrderReleased' },
    { names: ['order', 'logistics', 'refund'], type: 'CancellationRequested' },
  ] as const)(
    '$names, when $type was said of some of 20 orders: each order ends as if nothing had happened (I5, I6)',
    async ({ names, type }) => {
      const orders = Array.from({ length: 20 }, () => play.order());
      const dying = names.map((name) => dies(name, `${type} of some orders`, () => heardOf(orders, type) >= 3));
      await Promise.all([...orders.map(way), ...dying]);
      await sameEnd(orders);
      expect(await play.house.audit()).toEqual([]);
    },
  );

  it('hears then what was said meanwhile, and a deadline that fell due takes effect, once', async () => {
    const orders = Array.from({ length: 4 }, () => play.order());
    const waiting = await play.placed();
    await play.partners.answers(waiting.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
    const { dueAt } = await play.partners.task(waiting.orderNumber, 'choose-without-missing');
    await play.house.kill('order');
    await Promise.all(orders.map((order) => play.partners.places(order)));
    await play.house.passUntil(dueAt ?? '');
    await play.house.start('order');

    await play.partners.fact(waiting.orderNumber, 'OrderLinesCancelled');
    await Promise.all([...orders.map(way), play.ships(waiting), play.refunds(waiting)]);
    await sameEnd(orders);
    await play.over(waiting);
    expect(play.partners.facts(waiting.orderNumber).filter((type) => type === 'OrderLinesCancelled')).toHaveLength(1);
    expect(await play.house.audit()).toEqual([]);
  });
});
