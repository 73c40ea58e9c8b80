import { isDeepStrictEqual } from 'node:util';
import type { ReceivedMessage } from '../support/messaging/heard.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario();

/** Types of facts, tasks and messages to the customer, without their ids and times. */
const messagesAbout = ({ orderNumber }: Order): string[] => {
  const name = ({ type, data }: ReceivedMessage): string => [type, data.question, data.template, data.notice].filter(Boolean).join(' ');
  const ours = ({ topic }: ReceivedMessage): boolean => /\.(events|messages)$|\.tasks\./.test(topic);
  return play.partners.messages.of(orderNumber).filter(ours).map(name).sort();
};

const hearsTheSame = (order: Order, expected: readonly string[]) =>
  play.partners.messages.until('the same messages exist', () => isDeepStrictEqual(messagesAbout(order), expected), order.orderNumber);

async function wholeWay(order: Order): Promise<string[]> {
  await play.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
  await play.ships(order);
  await play.flowOutcomes(order);
  await play.partners.messages.until(
    'the task is withdrawn',
    () => play.partners.received(order.orderNumber, 'TaskWithdrawn', '.tasks.')[0],
  );
  await play.partners.customerMessage(order.orderNumber, 'order-dispatched');
  return messagesAbout(order);
}

describe('a storefront that sends every order twice (ORD-01)', () => {
  it('has the same outcome as one that sends it once, with the same message id or another', async () => {
    const [once, same, other] = [play.order(), play.order(), play.order()];
    await play.partners.places(once);
    for (const id of ['m', 'm']) await play.partners.places(same, { id: `${same.orderNumber}-${id}` });
    for (const id of ['m', 'n']) await play.partners.places(other, { id: `${other.orderNumber}-${id}` });

    const expected = await wholeWay(once);
    for (const order of [same, other]) {
      await wholeWay(order);
      await hearsTheSame(order, expected);
    }
    expect(expected.filter((name) => name === 'OrderPlaced')).toHaveLength(1);
  });

  it('has the same outcome when the second record arrives after the parcel was shipped', async () => {
    const order = play.order();
    await play.partners.places(order);
    const expected = await wholeWay(order);
    await play.partners.places(order);
    await play.partners.places({ ...order, notes: 'another one' });
    await play.partners.fact(order.orderNumber, 'OrderRepeated');
    await play.partners.answers(order.orderNumber, 'check-repeated-order', {
      type: 'RepeatChecked',
      note: 'wrapping was ordered too late',
    });
    await hearsTheSame(order, [...expected, 'OrderRepeated', 'TaskAsked check-repeated-order'].sort());
    await play.flowOutcomes(order);
  });

  it('has the same outcome when the order also arrives over HTTP: the response names the existing order', async () => {
    const order = play.order();
    await play.partners.places(order);
    await play.partners.task(order.orderNumber, 'confirm-stock');
    const answer = await play.stack.at('order', 'storefront:main').post('/orders', order);
    expect(answer.status).toBeLessThan(300);
    await wholeWay(order);
    expect(play.partners.facts(order.orderNumber).filter((type) => type === 'OrderPlaced')).toHaveLength(1);
    expect(play.partners.facts(order.orderNumber)).not.toContain('OrderRepeated');
  });
});

describe('a different order with the same number (ORD-01)', () => {
  it('is shown to service with its differences, and the first order is unchanged', async () => {
    const order = await play.placed();
    const lines = [{ line: 1, sku: 'GOLD', quantity: 1, unitPrice: 999 }];
    await play.partners.places(play.order({ ...order, lines, total: 999, payment: { method: 'card', captured: 999, reference: 'x' } }));
    await play.partners.fact(order.orderNumber, 'OrderRepeated');
    const { about } = await play.partners.task(order.orderNumber, 'check-repeated-order');
    expect(about).toMatchObject({ orderNumber: order.orderNumber, differs: expect.arrayContaining(['lines', 'total']) as unknown });
    await play.partners.answers(order.orderNumber, 'check-repeated-order', { type: 'RepeatChecked', note: 'a mistake of the shop' });

    await play.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect((await play.partners.task(order.orderNumber, 'ship-order')).about['lines']).toEqual(order.lines);
    expect((await play.register(order)).captured).toBe(2547);
    await play.ships(order);
    await play.flowOutcomes(order);
  });
});
