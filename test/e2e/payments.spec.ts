import { paymentsNotices } from '@orderloom/contracts';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

const captures = (order: Order, amount: number, id: string, change: object = {}): Promise<void> => {
  const { orderNumber } = order;
  const payment = { reference: `pay-${orderNumber}`, method: 'paypal' };
  const data = { orderNumber, ...payment, amount, currency: 'GBP', capturedAt: scenario.stack.now().toISOString(), ...change };
  return scenario.partners.messages.send({
    topic: paymentsNotices,
    key: orderNumber,
    type: 'PaymentCaptured',
    data,
    source: '/payments',
    id,
  });
};

/** Nothing is captured yet: a reviewer passes it all the same. */
async function unpaid(): Promise<Order> {
  const order = scenario.order();
  const { orderNumber } = order;
  await scenario.partners.places({ ...order, payment: { method: 'paypal', captured: 0, reference: `pay-${orderNumber}` } });
  await scenario.partners.waitAndAnswer(orderNumber, 'review-order', { type: 'ReviewPassed' });
  await scenario.partners.task(orderNumber, 'confirm-stock');
  return order;
}

async function cancelled(order: Order): Promise<void> {
  const { orderNumber } = order;
  await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
  await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
  await scenario.partners.fact(orderNumber, 'OrderCancelled');
}

describe('an order paid after it was placed (ORD-01)', () => {
  it('in parts, with each capture published twice, is refunded up to the captured amount', async () => {
    const order = await unpaid();
    const { orderNumber } = order;
    for (const [amount, id] of [[1000, 'first'] as const, [1547, 'second'] as const])
      for (const _ of ['once', 'again']) await captures(order, amount, `${orderNumber}-${id}`);
    await scenario.partners.fact(orderNumber, 'CaptureRecorded', ({ data }) => data['captured'] === 2547);
    await cancelled(order);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect(await scenario.register(order)).toMatchObject({ captured: 2547, refunds: [{ amount: 2547, status: 'paid' }] });
    expect(scenario.partners.facts(orderNumber).filter((type) => type === 'CaptureRecorded')).toHaveLength(2);
  });

  it('only after its cancellation is refunded in full, and the customer is told (ORD-13)', async () => {
    const order = await unpaid();
    const { orderNumber } = order;
    await cancelled(order);
    await captures(order, 2547, `${orderNumber}-late`);
    const told = await scenario.partners.customerMessage(orderNumber, 'payment-after-cancellation');
    expect(told.data['fields']).toMatchObject({ amount: 2547, currency: 'GBP' });
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toContain('refund-surplus: filed');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid', cause: 'cancelled' }]);
  });
});

describe('an order paid by voucher and card (ORD-01, REF-04)', () => {
  it('is refunded to each method up to its captured amount', async () => {
    const order = scenario.order();
    const { orderNumber } = order;
    const voucher = { method: 'voucher', captured: 500, reference: `gift-${orderNumber}` };
    const payment = { method: 'paypal', captured: 2047, reference: `pay-${orderNumber}` };
    await scenario.partners.places({ ...order, payment, payments: [voucher, payment] });
    await scenario.partners.task(orderNumber, 'confirm-stock');
    await cancelled(order);
    for (const nth of [1, 2]) {
      await scenario.partners.answer(await scenario.partners.task(orderNumber, 'approve-refund', nth), { type: 'ApprovalGiven' }, 'li');
      const pay = await scenario.partners.task(orderNumber, 'pay-refund', nth);
      await scenario.partners.answer(pay, { type: 'RefundSucceeded', providerReference: `psp-${orderNumber}-${nth}` });
    }
    const mail = await scenario.partners.task(orderNumber, 'send-refund-mail');
    await scenario.partners.answer(mail, { type: 'RefundMailSent' });
    await scenario.flowOutcomes(order);
    const outcomes = scenario.partners.received(orderNumber, 'RefundApplicationSettled', 'refund.events');
    expect(outcomes.map(({ data }) => data)).toMatchObject([{ paid: 2547, rejected: 0 }]);
    const { captured, refunds } = await scenario.register(order);
    expect(captured).toBe(2547);
    expect(refunds).toMatchObject([
      { amount: 500, status: 'paid', reference: voucher.reference },
      { amount: 2047, status: 'paid', reference: payment.reference },
    ]);
  });
});
