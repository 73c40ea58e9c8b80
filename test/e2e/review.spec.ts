import { paymentsNotices } from '@orderloom/contracts';
import { leeds, london, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario();

/** Placed with notes: a reviewer looks at it. */
async function inReview(): Promise<Order> {
  const order = play.order({ notes: 'please gift-wrap' });
  await play.partners.places(order);
  await play.partners.task(order.orderNumber, 'review-order');
  return order;
}

const movesTo = ({ orderNumber }: Order, address: object) => play.partners.storefront('AddressChangeRequested', { orderNumber, address });
/** The first task about an order that was asked anew: withdrawn, and its answer changes nothing. */
async function isPast({ orderNumber }: Order, answer: { type: string; reason?: string }): Promise<void> {
  const before = await play.partners.task(orderNumber, 'review-order');
  expect(await play.partners.withdrawn(before)).toBe('superseded');
  await play.partners.answer(before, answer);
  await play.partners.messages.until(
    'the answer strays',
    () => play.partners.received(orderNumber, 'InputStrayed', 'order.flows')[0],
    orderNumber,
  );
}

describe('an order that changes during its review (ORD-03)', () => {
  it('asks the reviewer again after a change of address: the parcel goes to the current address', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    const first = await play.partners.task(orderNumber, 'review-order');
    expect(await play.aboutInClear(first, 'order')).toMatchObject({ address: london, concerns: ['notes'] });
    await movesTo(order, leeds);
    const again = await play.partners.task(orderNumber, 'review-order', 2);
    expect(await play.aboutInClear(again, 'order')).toMatchObject({
      address: leeds,
      lines: order.lines,
      concerns: ['notes', 'address-changed'],
    });
    await play.partners.customerMessage(orderNumber, 'address-changed');
    await isPast(order, { type: 'ReviewPassed' });
    expect(play.partners.facts(orderNumber)).not.toContain('OrderApproved');

    await play.partners.answer(again, { type: 'ReviewPassed' });
    await play.partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect(await play.aboutInClear(await play.partners.task(orderNumber, 'ship-order'))).toMatchObject({
      address: leeds,
      lines: order.lines,
    });
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(['change-address: changed', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('asks the reviewer again after a cancellation of lines: only the remaining lines ship', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'too many', lines: [{ line: 1, quantity: 4 }] });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const again = await play.partners.task(orderNumber, 'review-order', 2);
    const left = [{ ...order.lines[0], quantity: 2 }, order.lines[1]];
    expect(again.about).toMatchObject({ lines: left, concerns: ['notes', 'lines-cancelled'] });
    await isPast(order, { type: 'ReviewHeld', reason: 'six are too many' });
    expect(play.partners.facts(orderNumber)).not.toContain('OrderHeld');

    await play.partners.answer(again, { type: 'ReviewPassed' });
    expect((await play.partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' })).about['lines']).toMatchObject(left);
    expect((await play.partners.task(orderNumber, 'ship-order')).about['lines']).toMatchObject(left);
    await play.ships(order);
    await play.refunds(order);
    await play.flowOutcomes(order);
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 1020, status: 'paid', cause: 'cancelled' }]);
  });

  it('shows both changes to the reviewer when they happen while the order is held', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'review-order', { type: 'ReviewHeld', reason: 'is it London?' });
    const held = await play.partners.task(orderNumber, 'review-order', 2);
    await movesTo(order, leeds);
    await play.partners.customerMessage(orderNumber, 'address-changed');
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'no lanterns', lines: [{ line: 2, quantity: 3 }] });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const last = await play.partners.task(orderNumber, 'review-order', 4);
    expect(await play.aboutInClear(last, 'order')).toMatchObject({
      address: leeds,
      lines: [order.lines[0]],
      concerns: ['notes', 'address-changed', 'lines-cancelled'],
    });
    expect(await play.partners.withdrawn(held)).toBe('superseded');
    await play.partners.answer(last, { type: 'ReviewPassed' });
    await play.partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    expect(await play.aboutInClear(await play.partners.task(orderNumber, 'ship-order'))).toMatchObject({
      address: leeds,
      lines: [order.lines[0]],
    });
    await play.ships(order);
    await play.refunds(order);
    await play.flowOutcomes(order);
  });

  it('withdraws the review of a cancelled order and gives the reviewer the reason', async () => {
    const order = await inReview();
    const { orderNumber } = order;
    const review = await play.partners.task(orderNumber, 'review-order');
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await play.partners.informed(orderNumber, 'reviewer', 'cancellation-requested');
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    expect(await play.partners.withdrawn(review)).toBe('cancelled');
    await play.partners.informed(orderNumber, 'reviewer', 'order-cancelled');
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: told', 'fulfil-order: cancelled']);
    expect(play.partners.tasks(orderNumber, 'review-order')).toHaveLength(1);
  });

  it('withdraws the review of an order that is paid in full when missing payment was its only concern', async () => {
    const order = play.order();
    const { orderNumber } = order;
    await play.partners.places({ ...order, payment: { method: 'paypal', captured: 0, reference: `pay-${orderNumber}` } });
    const review = await play.partners.task(orderNumber, 'review-order');
    expect(review.about['concerns']).toEqual(['not-fully-paid']);
    const capture = { reference: `pay-${orderNumber}`, method: 'paypal', amount: 2547, currency: 'GBP' };
    const data = { orderNumber, ...capture, capturedAt: play.stack.now().toISOString() };
    await play.partners.messages.send({ topic: paymentsNotices, key: orderNumber, type: 'PaymentCaptured', data, source: '/payments' });
    expect(await play.partners.withdrawn(review)).toBe('superseded');
    await play.partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });
});
