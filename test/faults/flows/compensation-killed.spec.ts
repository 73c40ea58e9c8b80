import type { ServiceName } from '../../support/stack/test-stack.js';
import type { Order } from '../../support/scenario/orders.js';
import { stage } from '../../support/scenario/story.js';
import { Ways } from '../support/ways.js';

const play = stage();
const ways = new Ways(play);

/** Kills and starts the service as soon as `moment` has come. */
async function dies(name: ServiceName, what: string, moment: () => boolean): Promise<void> {
  await play.partners.wire.until(what, moment);
  await play.house.kill(name);
  await play.house.start(name);
}

const heardOf = (orders: readonly Order[], type: string): number =>
  orders.filter(({ orderNumber }) => play.partners.wire.of(orderNumber).some((m) => m.type === type)).length;

describe('fault 7: kill -9 services during compensation and before it', () => {
  it.each([
    { names: ['order'], type: 'OrderPlaced' },
    { names: ['logistics'], type: 'HoldRequested' },
    { names: ['refund'], type: 'RefundRequested' },
    { names: ['order', 'logistics', 'refund'], type: 'OrderReleased' },
    { names: ['order', 'logistics', 'refund'], type: 'CancellationRequested' },
  ] as const)(
    '$names, after $type was published for some of 20 orders: each order ends as without the fault (I5, I6)',
    async ({ names, type }) => {
      const orders = Array.from({ length: 20 }, () => play.order());
      const dying = names.map((name) => dies(name, `${type} of some orders`, () => heardOf(orders, type) >= 3));
      await Promise.all([...orders.map(ways.go), ...dying]);
      await ways.ended(orders);
      expect(await play.house.audit()).toEqual([]);
    },
  );

  it('after the restart missed messages are handled, and a due deadline fires once', async () => {
    const orders = Array.from({ length: 4 }, () => play.order());
    const waiting = await play.placed();
    await play.partners.answers(waiting.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
    const { dueAt } = await play.partners.task(waiting.orderNumber, 'choose-without-missing');
    await play.house.kill('order');
    await Promise.all(orders.map((order) => play.partners.places(order)));
    await play.house.passUntil(dueAt ?? '');
    await play.house.start('order');

    await play.partners.fact(waiting.orderNumber, 'OrderLinesCancelled');
    await Promise.all([...orders.map(ways.go), play.ships(waiting), play.refunds(waiting)]);
    await ways.ended(orders);
    await play.over(waiting);
    expect(play.partners.facts(waiting.orderNumber).filter((type) => type === 'OrderLinesCancelled')).toHaveLength(1);
    expect(await play.house.audit()).toEqual([]);
  });
});
