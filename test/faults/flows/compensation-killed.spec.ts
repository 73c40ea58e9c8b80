import type { ServiceName } from '../../support/stack/test-stack.js';
import type { Order } from '../../support/scenario/orders.js';
import { useScenario } from '../../support/scenario/story.js';
import { OrderMix } from '../support/ways.js';

const play = useScenario();
const ways = new OrderMix(play);

/** Kills and starts the service as soon as `moment` has come. */
async function dies(name: ServiceName, what: string, moment: () => boolean): Promise<void> {
  await play.partners.messages.until(what, moment);
  await play.stack.kill(name);
  await play.stack.start(name);
}

const heardOf = (orders: readonly Order[], type: string): number =>
  orders.filter(({ orderNumber }) => play.partners.messages.of(orderNumber).some((m) => m.type === type)).length;

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
      await Promise.all([...orders.map(ways.run), ...dying]);
      await ways.expectOutcomes(orders);
      expect(await play.stack.audit()).toEqual([]);
    },
  );

  it('after the restart missed messages are handled, and a due deadline fires once', async () => {
    const orders = Array.from({ length: 4 }, () => play.order());
    const waiting = await play.placed();
    await play.partners.answers(waiting.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
    const { dueAt } = await play.partners.task(waiting.orderNumber, 'choose-without-missing');
    await play.stack.kill('order');
    await Promise.all(orders.map((order) => play.partners.places(order)));
    await play.stack.advanceClockTo(dueAt ?? '');
    await play.stack.start('order');

    await play.partners.fact(waiting.orderNumber, 'OrderLinesCancelled');
    await Promise.all([...orders.map(ways.run), play.ships(waiting), play.refunds(waiting)]);
    await ways.expectOutcomes(orders);
    await play.flowOutcomes(waiting);
    expect(play.partners.facts(waiting.orderNumber).filter((type) => type === 'OrderLinesCancelled')).toHaveLength(1);
    expect(await play.stack.audit()).toEqual([]);
  });
});
