import { paymentsNotices } from '@orderloom/contracts';
import { leeds, london, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

/** Placed with notes: a reviewer looks at it. */
async function inReview(): Promise<Order> {
  const order = scenario.order({ notes: 'please gift-wrap' });
  await scenario.partners.places(order);
  await scenario.partners.task(order.orderNumber, 'review-order');
  return order;
}

const movesTo = ({ orderNumber }: Order, address: object) =>
  scenario.partners.storefront('AddressChangeRequested', { orderNumber, address });
/** The first task about an order that was asked anew: withdrawn, and its answer changes nothing. */
async function isPast({ orderNumber }: Order, answer: { type: string; reason?: string }): Promise<void> {
  const before = await scenario.partners.task(orderNumber, 'review-order');
  expect(await scenario.partners.withdrawn(before)).toBe('superseded');
  await scenario.partners.answer(before, answer);
  await scenario.partners.messages.until(
    'the answer strays',
    () => scenario.partners.received(orderNumber, 'InputStrayed', 'order.flows')[0],
    orderNumber,
  );
}

describe('an order that changes during its review (ORD-03)', () => {
  it('asks the reviewer again after a change of address: the parcel goes to the current address', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    const first = await scenario.partners.task(orderNumber, 'review-order');
    expect(await scenario.aboutInClear(first, 'order')).toMatchObject({ address: london, concerns: ['notes'] });
    await movesTo(order, leeds);
    const again = await scenario.partners.task(orderNumber, 'review-order', 2);
    expect(await scenario.aboutInClear(again, 'order')).toMatchObject({
      address: leeds,
      lines: order.lines,
      concerns: ['notes', 'address-changed'],
    });
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await isPast(order, { type: 'ReviewPassed' });
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderApproved');

    await scenario.partners.answer(again, { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order'))).toMatchObject({
      address: leeds,
      lines: order.lines,
    });
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['change-address: changed', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('asks the reviewer again after a cancellation of lines: only the remaining lines ship', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'too many', lines: [{ line: 1, quantity: 4 }] });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const again = await scenario.partners.task(orderNumber, 'review-order', 2);
    const left = [{ ...order.lines[0], quantity: 2 }, order.lines[1]];
    expect(again.about).toMatchObject({ lines: left, concerns: ['notes', 'lines-cancelled'] });
    await isPast(order, { type: 'ReviewHeld', reason: 'six are too many' });
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderHeld');

    await scenario.partners.answer(again, { type: 'ReviewPassed' });
    expect((await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' })).about['lines']).toMatchObject(
      left,
    );
    expect((await scenario.partners.task(orderNumber, 'ship-order')).about['lines']).toMatchObject(left);
    await scenario.ships(order);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 1020, status: 'paid', cause: 'cancelled' }]);
  });

  it('shows both changes to the reviewer when they happen while the order is held', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'review-order', { type: 'ReviewHeld', reason: 'is it London?' });
    const held = await scenario.partners.task(orderNumber, 'review-order', 2);
    await movesTo(order, leeds);
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'no lanterns', lines: [{ line: 2, quantity: 3 }] });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const last = await scenario.partners.task(orderNumber, 'review-order', 4);
    expect(await scenario.aboutInClear(last, 'order')).toMatchObject({
      address: leeds,
      lines: [order.lines[0]],
      concerns: ['notes', 'address-changed', 'lines-cancelled'],
    });
    expect(await scenario.partners.withdrawn(held)).toBe('superseded');
    await scenario.partners.answer(last, { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order'))).toMatchObject({
      address: leeds,
      lines: [order.lines[0]],
    });
    await scenario.ships(order);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('withdraws the review of a cancelled order and gives the reviewer the reason', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    const review = await scenario.partners.task(orderNumber, 'review-order');
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await scenario.partners.informed(orderNumber, 'reviewer', 'cancellation-requested');
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    expect(await scenario.partners.withdrawn(review)).toBe('cancelled');
    await scenario.partners.informed(orderNumber, 'reviewer', 'order-cancelled');
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: told', 'fulfil-order: cancelled']);
    expect(scenario.partners.tasks(orderNumber, 'review-order')).toHaveLength(1);
  });

  it('withdraws the review of an order that is paid in full when missing payment was its only concern', async () => {
    const order = scenario.order();
    const { orderNumber } = order;
    await scenario.partners.places({ ...order, payment: { method: 'paypal', captured: 0, reference: `pay-${orderNumber}` } });
    const review = await scenario.partners.task(orderNumber, 'review-order');
    expect(review.about['concerns']).toEqual(['not-fully-paid']);
    const capture = { reference: `pay-${orderNumber}`, method: 'paypal', amount: 2547, currency: 'GBP' };
    const data = { orderNumber, ...capture, capturedAt: scenario.stack.now().toISOString() };
    await scenario.partners.messages.send({ topic: paymentsNotices, key: orderNumber, type: 'PaymentCaptured', data, source: '/payments' });
    expect(await scenario.partners.withdrawn(review)).toBe('superseded');
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });
});
