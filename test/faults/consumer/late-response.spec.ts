import type { Order } from '../../support/scenario/orders.js';
import type { Task } from '../../support/messaging/received-message.js';
import { useScenario } from '../../support/scenario/scenario.js';

const scenario = useScenario({ only: ['order', 'logistics', 'refund'] });

/** An order of which the lanterns are not to be had; its customer may choose, and who does not choose in time goes without them. */
async function choosing(): Promise<{ order: Order; task: Task }> {
  const order = await scenario.placed();
  await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
  return { order, task: await scenario.partners.task(order.orderNumber, 'choose-without-missing') };
}

const givesUp = { type: 'OrderGivenUp' };
const cancellations = ({ orderNumber }: Order): string[] =>
  scenario.partners.facts(orderNumber).filter((type) => type === 'OrderLinesCancelled' || type === 'OrderCancelled');

/** The order goes on to the end that was decided; what that is, with all that was paid back. */
async function outcome(order: Order) {
  const decided = await scenario.partners.fact(order.orderNumber, 'RefundRequested');
  const without = cancellations(order)[0] === 'OrderLinesCancelled';
  await Promise.all([scenario.refunds(order), ...(without ? [scenario.ships(order)] : [])]);
  const flows = await scenario.flowOutcomes(order);
  const { refunds } = await scenario.register(order);
  expect(refunds).toMatchObject([{ amount: decided.data.amount, status: 'paid' }]);
  return { flows, paid: refunds[0]?.amount, cancelled: cancellations(order) };
}

const goneWithout = {
  flows: ['finance-refund: told', 'fulfil-order: dispatched', 'ship-order: shipped'],
  paid: 1017,
  cancelled: ['OrderLinesCancelled'],
};
const givenUp = { flows: ['finance-refund: told', 'fulfil-order: cancelled'], paid: 2547, cancelled: ['OrderCancelled'] };

describe('fault 25: an answer arrives after its deadline fired', () => {
  it('the answer is recorded as ignored, and the outcome is that of the deadline (I5)', async () => {
    const { order, task } = await choosing();
    const { orderNumber } = order;
    await scenario.stack.advanceClockTo(task.dueAt ?? '');
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled');
    await scenario.partners.answer(task, givesUp);
    const strays = () => scenario.partners.received(orderNumber, 'InputStrayed', 'order.flows')[0];
    const stray = await scenario.partners.messages.until('the answer strays', strays, orderNumber);
    expect(stray.data).toMatchObject({ input: givesUp });
    expect(await outcome(order)).toEqual(goneWithout);
  });

  it('an answer at the same moment yields one of the two outcomes completely (I5)', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, choosing));
    // nothing is read and nothing fires until both can be
    scenario.stack.pause('order');
    await scenario.stack.advanceClockTo(
      all
        .map(({ task }) => task.dueAt ?? '')
        .sort()
        .at(-1) ?? '',
    );
    await Promise.all(all.map(({ task }) => scenario.partners.answer(task, givesUp)));
    scenario.stack.resume('order');
    for (const found of await Promise.all(all.map(({ order }) => outcome(order))))
      expect([JSON.stringify(goneWithout), JSON.stringify(givenUp)]).toContain(JSON.stringify(found));
    expect(await scenario.stack.audit()).toEqual([]);
  });
});
