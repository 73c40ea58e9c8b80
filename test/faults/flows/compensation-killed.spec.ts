import type { ServiceName } from '../../support/stack/test-stack.js';
import type { Order } from '../../support/scenario/orders.js';
import { useScenario } from '../../support/scenario/scenario.js';
import { OrderMix } from '../support/ways.js';

const scenario = useScenario();
const ways = new OrderMix(scenario);

/** Kills and starts the service as soon as `moment` has come. */
async function dies(name: ServiceName, what: string, moment: () => boolean): Promise<void> {
  await scenario.partners.messages.until(what, moment);
  await scenario.stack.kill(name);
  await scenario.stack.start(name);
}

const heardOf = (orders: readonly Order[], type: string): number =>
  orders.filter(({ orderNumber }) => scenario.partners.messages.of(orderNumber).some((m) => m.type === type)).length;

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
      const orders = Array.from({ length: 20 }, () => scenario.order());
      const dying = names.map((name) => dies(name, `${type} of some orders`, () => heardOf(orders, type) >= 3));
      await Promise.all([...orders.map(ways.run), ...dying]);
      await ways.expectOutcomes(orders);
      expect(await scenario.stack.audit()).toEqual([]);
    },
  );

  it('after the restart missed messages are handled, and a due deadline fires once', async () => {
    const orders = Array.from({ length: 4 }, () => scenario.order());
    const waiting = await scenario.placed();
    await scenario.partners.waitAndAnswer(waiting.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
    const { dueAt } = await scenario.partners.task(waiting.orderNumber, 'choose-without-missing');
    await scenario.stack.kill('order');
    await Promise.all(orders.map((order) => scenario.partners.places(order)));
    await scenario.stack.advanceClockTo(dueAt ?? '');
    await scenario.stack.start('order');

    await scenario.partners.fact(waiting.orderNumber, 'OrderLinesCancelled');
    await Promise.all([...orders.map(ways.run), scenario.ships(waiting), scenario.refunds(waiting)]);
    await ways.expectOutcomes(orders);
    await scenario.flowOutcomes(waiting);
    expect(scenario.partners.facts(waiting.orderNumber).filter((type) => type === 'OrderLinesCancelled')).toHaveLength(1);
    expect(await scenario.stack.audit()).toEqual([]);
  });
});
