import { isDeepStrictEqual } from 'node:util';
import type { ReceivedMessage } from '../support/messaging/received-message.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

/** Types of facts, tasks and messages to the customer, without their ids and times. */
const messagesAbout = ({ orderNumber }: Order): string[] => {
  const name = ({ type, data }: ReceivedMessage): string => [type, data.question, data.template, data.notice].filter(Boolean).join(' ');
  const ours = ({ topic }: ReceivedMessage): boolean => /\.(events|messages)$|\.tasks\./.test(topic);
  return scenario.partners.messages.of(orderNumber).filter(ours).map(name).sort();
};

const hearsTheSame = (order: Order, expected: readonly string[]) =>
  scenario.partners.messages.until('the same messages exist', () => isDeepStrictEqual(messagesAbout(order), expected), order.orderNumber);

async function wholeWay(order: Order): Promise<string[]> {
  await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
  await scenario.ships(order);
  await scenario.flowOutcomes(order);
  await scenario.partners.messages.until(
    'the task is withdrawn',
    () => scenario.partners.received(order.orderNumber, 'TaskWithdrawn', '.tasks.')[0],
  );
  await scenario.partners.customerMessage(order.orderNumber, 'order-dispatched');
  return messagesAbout(order);
}

describe('a storefront that sends every order twice (ORD-01)', () => {
  it('has the same outcome as one that sends it once, with the same message id or another', async () => {
    const [once, same, other] = [scenario.order(), scenario.order(), scenario.order()];
    await scenario.partners.places(once);
    for (const id of ['m', 'm']) await scenario.partners.places(same, { id: `${same.orderNumber}-${id}` });
    for (const id of ['m', 'n']) await scenario.partners.places(other, { id: `${other.orderNumber}-${id}` });

    const expected = await wholeWay(once);
    for (const order of [same, other]) {
      await wholeWay(order);
      await hearsTheSame(order, expected);
    }
    expect(expected.filter((name) => name === 'OrderPlaced')).toHaveLength(1);
  });

  it('has the same outcome when the second record arrives after the parcel was shipped', async () => {
    const order = scenario.order();
    await scenario.partners.places(order);
    const expected = await wholeWay(order);
    await scenario.partners.places(order);
    await scenario.partners.places({ ...order, notes: 'another one' });
    await scenario.partners.fact(order.orderNumber, 'OrderRepeated');
    await scenario.partners.waitAndAnswer(order.orderNumber, 'check-repeated-order', {
      type: 'RepeatChecked',
      note: 'wrapping was ordered too late',
    });
    await hearsTheSame(order, [...expected, 'OrderRepeated', 'TaskAsked check-repeated-order'].sort());
    await scenario.flowOutcomes(order);
  });

  it('has the same outcome when the order also arrives over HTTP: the response names the existing order', async () => {
    const order = scenario.order();
    await scenario.partners.places(order);
    await scenario.partners.task(order.orderNumber, 'confirm-stock');
    const answer = await scenario.stack.at('order', 'storefront:main').post('/orders', order);
    expect(answer.status).toBeLessThan(300);
    await wholeWay(order);
    expect(scenario.partners.facts(order.orderNumber).filter((type) => type === 'OrderPlaced')).toHaveLength(1);
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('OrderRepeated');
  });
});

describe('a different order with the same number (ORD-01)', () => {
  it('is shown to service with its differences, and the first order is unchanged', async () => {
    const order = await scenario.placed();
    const lines = [{ line: 1, sku: 'GOLD', quantity: 1, unitPrice: 999 }];
    await scenario.partners.places(
      scenario.order({ ...order, lines, total: 999, payment: { method: 'card', captured: 999, reference: 'x' } }),
    );
    await scenario.partners.fact(order.orderNumber, 'OrderRepeated');
    const { about } = await scenario.partners.task(order.orderNumber, 'check-repeated-order');
    expect(about).toMatchObject({ orderNumber: order.orderNumber, differs: expect.arrayContaining(['lines', 'total']) as unknown });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'check-repeated-order', {
      type: 'RepeatChecked',
      note: 'a mistake of the shop',
    });

    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect((await scenario.partners.task(order.orderNumber, 'ship-order')).about['lines']).toEqual(order.lines);
    expect((await scenario.register(order)).captured).toBe(2547);
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});
