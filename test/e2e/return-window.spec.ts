import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);
const dayMs = 86_400_000;
const daysAgo = (days: number): string => new Date(scenario.stack.now().getTime() - days * dayMs).toISOString();

/** Shipped so many days ago by letter, which nobody scans. */
async function shippedUntracked(days: number): Promise<Order> {
  const order = await scenario.released({ placedAt: daysAgo(days + 1) });
  const { orderNumber } = order;
  await scenario.partners.warehouse(orderNumber, 'ParcelPicked', { at: daysAgo(days) });
  await scenario.partners.warehouse(orderNumber, 'ParcelPacked', { at: daysAgo(days) });
  const letter = { carrier: 'Royal Mail', method: 'Letter', trackingNumber: null, at: daysAgo(days) };
  await scenario.partners.warehouse(orderNumber, 'ParcelShipped', letter);
  await scenario.partners.fact(orderNumber, 'OrderDispatched');
  return order;
}

/** Signed for so many days ago. */
async function delivered(days: number): Promise<Order> {
  const order = await scenario.released({ placedAt: daysAgo(days + 3) });
  const { orderNumber } = order;
  const tracking = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}`, at: daysAgo(days + 1) };
  await scenario.partners.warehouse(orderNumber, 'ParcelShipped', tracking);
  await scenario.partners.fact(orderNumber, 'OrderDispatched');
  await scenario.partners.courier(orderNumber, 'delivered', daysAgo(days));
  await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
  return order;
}

/** A message that the customer wrote so many days ago, and that comes now. */
const wroteThen = ({ orderNumber }: Order, days: number) =>
  scenario.partners.storefront(
    'ReturnRequested',
    { orderNumber, lines: [{ line: 2, quantity: 1 }], reason: 'not as nice as I thought' },
    { headers: { ce_time: daysAgo(days) } },
  );

const tooLate = { rule: 'AFT-30', fields: { reason: 'delivered more than 7 days before; later only for defects' } };
const returned = async (order: Order) => (await after.flowOutcomes(order)).filter((outcome) => outcome.startsWith('return-with-refund'));

describe('the return window of a parcel without tracking (LOG-03, AFT-30)', () => {
  it('counts delivery as possible for 50 days: a return without a defect is accepted 56 days after shipment', async () => {
    const order = await shippedUntracked(56);
    await after.requestsReturn(order, 1);
    await after.sendsBack(order);
    await after.inspects(order, 1);
    await scenario.refunds(order);
    expect(await returned(order)).toEqual(['return-with-refund: refunded']);
    const { body } = await scenario.stack.at('logistics', 'service:mia').get(`/shipments/${order.orderNumber}`);
    expect(body).toMatchObject({ stage: 'shipped' });
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('ShipmentDelivered');
  });

  it('has ended 58 days after shipment: a return without a defect is refused, and the customer is told why', async () => {
    const order = await shippedUntracked(58);
    await after.requestsReturn(order, 1);
    expect((await scenario.partners.customerMessage(order.orderNumber, 'return-refused')).data).toMatchObject(tooLate);
    expect(await returned(order)).toEqual(['return-with-refund: refused']);
  });

  it('counts from the customer’s message: a return requested in time is accepted although the record arrives later', async () => {
    const order = await shippedUntracked(58);
    await wroteThen(order, 2);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'send-back', { type: 'ReturnGivenUp' });
    expect(await returned(order)).toEqual(['return-with-refund: givenUp']);
  });
});

describe('a return request that is processed late (AFT-30)', () => {
  it('counts from its own time: one sent on day 6 and processed on day 9 is accepted, one sent on day 9 is refused', async () => {
    const order = await delivered(6);
    const { orderNumber } = order;
    await scenario.stack.stop('after-sales');
    await after.requestsReturn(order, 1);
    await scenario.stack.advanceClock({ days: 3 });
    await scenario.stack.start('after-sales');
    await scenario.partners.task(orderNumber, 'send-back');

    await after.requestsReturn(order, 1, 'dislike');
    expect((await scenario.partners.customerMessage(orderNumber, 'return-refused')).data).toMatchObject(tooLate);
    await after.sendsBack(order);
    await after.inspects(order, 1);
    await scenario.refunds(order);
    expect(await returned(order)).toEqual(['return-with-refund: refunded', 'return-with-refund: refused']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
  });
});

describe('a tracking number that arrives the day after the return has lapsed (AFT-31)', () => {
  it('reopens the return: the goods are inspected and refunded', async () => {
    const order = await delivered(1);
    const { orderNumber } = order;
    await after.requestsReturn(order, 2);
    const { dueAt } = await scenario.partners.task(orderNumber, 'send-back');
    await scenario.stack.advanceClockTo(dueAt ?? '');
    await scenario.partners.customerMessage(orderNumber, 'return-lapsed');
    await scenario.partners.fact(orderNumber, 'UnitsReleased');

    await scenario.stack.advanceClock({ days: 1 });
    await after.sendsBack(order);
    await scenario.partners.fact(orderNumber, 'UnitsClaimed', ({ data }) => data.lines[0]?.quantity === 2);
    await after.inspects(order, 2);
    await scenario.refunds(order);
    expect(await returned(order)).toEqual(['return-with-refund: refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid', cause: 'returned' }]);
    expect(scenario.partners.customerTemplates(orderNumber)).not.toContain('return-closed');
  });
});

describe('a return that is lost on its way back (AFT-31, LOG-06)', () => {
  const lost = async (order: Order) => {
    await after.requestsReturn(order, 1);
    await after.sendsBack(order);
    const note = 'the courier has no trace of it';
    await scenario.partners.waitAndAnswer(order.orderNumber, 'inspect-return', { type: 'ReturnNotArrived', note });
    await scenario.partners.customerMessage(order.orderNumber, 'return-not-arrived');
    const { about } = await scenario.partners.task(order.orderNumber, 'decide-lost-return');
    expect(about).toMatchObject({ trackingNumber: `RB${order.orderNumber}`, note });
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('RefundRequested');
  };

  it('is decided by service: units that count as received are refunded, and never reported as rejected', async () => {
    const order = await delivered(2);
    await lost(order);
    const credited = { type: 'LostReturnCredited', note: 'the customer has a receipt' };
    await scenario.partners.waitAndAnswer(order.orderNumber, 'decide-lost-return', credited);
    await scenario.refunds(order);
    expect(await returned(order)).toEqual(['return-with-refund: refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    expect(scenario.partners.customerTemplates(order.orderNumber)).not.toContain('return-rejected');
  });

  it('that is not credited gives the customer a reason of its own; its units may be claimed again', async () => {
    const order = await delivered(2);
    const { orderNumber } = order;
    await lost(order);
    const refused = { type: 'LostReturnRefused', reason: 'no receipt of the post office' };
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-lost-return', refused);
    const { data } = await scenario.partners.customerMessage(orderNumber, 'return-not-credited');
    expect(data.fields).toMatchObject({ reason: refused.reason });
    expect(await returned(order)).toEqual(['return-with-refund: lost']);
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'not arrived' }]);
    await scenario.partners.fact(orderNumber, 'UnitsReleased');
    expect(scenario.partners.customerTemplates(orderNumber)).not.toContain('return-rejected');
  });
});

describe('goods that are returned late as defective and turn out to be sound (AFT-30)', () => {
  const lateAndSound = async (): Promise<Order> => {
    const order = await delivered(9);
    const { orderNumber } = order;
    await after.requestsReturn(order, 1, 'quality');
    await scenario.partners.waitAndAnswer(orderNumber, 'give-evidence', { type: 'EvidenceGiven', items: ['lantern.jpg'] });
    await after.sendsBack(order);
    await after.inspects(order, 1);
    const { about, team } = await scenario.partners.task(orderNumber, 'decide-late-return');
    expect([team, about]).toMatchObject(['service', { lines: [{ line: 2, quantity: 1 }], found: 'none' }]);
    expect(scenario.partners.facts(orderNumber)).not.toContain('RefundRequested');
    return order;
  };

  it('are refunded when service decides for it', async () => {
    const order = await lateAndSound();
    await scenario.partners.waitAndAnswer(order.orderNumber, 'decide-late-return', { type: 'LateReturnAccepted', note: 'a good customer' });
    await scenario.refunds(order);
    expect(await returned(order)).toEqual(['return-with-refund: refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
  });

  it('are offered back when service decides against it; nothing is refunded', async () => {
    const order = await lateAndSound();
    const { orderNumber } = order;
    const refused = { type: 'LateReturnRefused', reason: 'it works, and it came late' };
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-late-return', refused);
    await scenario.partners.waitAndAnswer(orderNumber, 'take-back', { type: 'TakenBack' });
    await scenario.partners.informed(orderNumber, 'warehouse', 'send-rejected-back');
    expect((await scenario.partners.customerMessage(orderNumber, 'return-rejected')).data.fields).toMatchObject({ reason: refused.reason });
    expect(await returned(order)).toEqual(['return-with-refund: rejected']);
    expect((await scenario.register(order)).refunds).toEqual([]);
  });
});
