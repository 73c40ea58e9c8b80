import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

const asksToCancel = ({ orderNumber }: Order, lines?: { line: number; quantity: number }[]) =>
  scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice', ...(lines ? { lines } : {}) });

/** The warehouse stops it, and purchasing says what that costs. */
async function heldWithLoss({ orderNumber }: Order, loss: number): Promise<void> {
  await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
  await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss });
}

const never = async (order: Order, fact: string): Promise<void> => {
  expect(scenario.partners.facts(order.orderNumber)).not.toContain(fact);
};

describe('cancelling an order before shipment without a loss (ORD-12)', () => {
  it('before the release: the warehouse never gets the order, and the customer gets a full refund', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await asksToCancel(order);
    await scenario.partners.informed(orderNumber, 'reviewer', 'cancellation-requested');
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    expect(await scenario.partners.withdrawn(await scenario.partners.task(orderNumber, 'confirm-stock'))).toBe('cancelled');
    await scenario.refunds(order);

    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: told', 'fulfil-order: cancelled']);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid', cause: 'cancelled' }]);
    await never(order, 'OrderReleased');
    for (const team of ['reviewer', 'warehouse', 'purchasing'] as const)
      await scenario.partners.informed(orderNumber, team, 'order-cancelled');
  });

  it('after the release: the warehouse holds the order, and its ship-order task is withdrawn (ORD-10, ORD-13)', async () => {
    const order = await scenario.released();
    const task = await scenario.partners.task(order.orderNumber, 'ship-order');
    await asksToCancel(order);
    await heldWithLoss(order, 0);
    await scenario.refunds(order);

    expect(await scenario.flowOutcomes(order)).toEqual([
      'cancel-order: cancelled',
      'finance-refund: told',
      'fulfil-order: cancelled',
      'hold-shipment: held',
      'ship-order: cancelled',
    ]);
    expect(await scenario.partners.withdrawn(task)).toBe('held');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    await never(order, 'ParcelShipped');
  });

  it('paid by card: sends one mail at the cancellation; a person sends the posting time of the refund later (REF-04)', async () => {
    const order = scenario.order();
    const { orderNumber } = order;
    const payment = { method: 'card', captured: order.total, reference: `pay-${orderNumber}` };
    await scenario.partners.places({ ...order, payment });
    await scenario.partners.task(orderNumber, 'confirm-stock');
    await asksToCancel(order);
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    const mail = await scenario.partners.waitAndAnswer(orderNumber, 'send-refund-mail', { type: 'RefundMailSent' });
    expect([mail.team, mail.about]).toMatchObject(['finance', { amount: 2547, currency: 'GBP', postingTime: '20-30 working days' }]);
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: mailed', 'fulfil-order: cancelled']);
    expect(scenario.partners.tasks(orderNumber, 'send-refund-mail')).toHaveLength(1);
    expect(scenario.partners.customerTemplates(orderNumber)).toEqual(['order-cancelled']);
  });

  it('in part: allows another change before the refund of the first one is filed (ORD-03)', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.stack.kill('refund');
    await asksToCancel(order, [{ line: 1, quantity: 4 }]);
    await heldWithLoss(order, 0);
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled');
    await asksToCancel(order, [{ line: 2, quantity: 1 }]);
    const hold = await scenario.partners.task(orderNumber, 'hold-order', 2);
    await scenario.stack.start('refund');
    await scenario.partners.answer(hold, { type: 'HoldConfirmed' });
    const loss = await scenario.partners.task(orderNumber, 'loss-on-bought-goods', 2);
    await scenario.partners.answer(loss, { type: 'LossAssessed', loss: 0 });
    for (const nth of [1, 2]) {
      await scenario.partners.answer(await scenario.partners.task(orderNumber, 'approve-refund', nth), { type: 'ApprovalGiven' }, 'li');
      const pay = await scenario.partners.task(orderNumber, 'pay-refund', nth);
      await scenario.partners.answer(pay, { type: 'RefundSucceeded', providerReference: `psp-${orderNumber}-${nth}` });
    }
    for (const nth of [1, 2]) expect(await scenario.partners.outcome(orderNumber, 'cancel-order', nth)).toBe('cancelled');
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    const amounts = (await scenario.register(order)).refunds.map(({ amount }) => amount);
    expect([...amounts].sort((a, b) => a - b)).toEqual([339, 1020]);
  });

  it('in part before the release: ships exactly the remaining units (ORD-13)', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await asksToCancel(order, [{ line: 1, quantity: 4 }]);
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled');
    // asked anew about what is left (ORD-03, ORD-04)
    const again = await scenario.partners.task(orderNumber, 'confirm-stock', 2);
    await scenario.partners.answer(again, { type: 'StockConfirmed' });
    const { about } = await scenario.partners.task(orderNumber, 'ship-order');
    expect(again.about['lines']).toMatchObject(about['lines'] as object);
    expect(about['lines']).toMatchObject([
      { line: 1, quantity: 2 },
      { line: 2, quantity: 3 },
    ]);
    await scenario.ships(order);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('in part after the release: ships the remaining lines', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await asksToCancel(order, [{ line: 1, quantity: 4 }]);
    await heldWithLoss(order, 0);
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled', ({ data }) => data.refund === 1020);
    const { about } = await scenario.partners.task(orderNumber, 'ship-order', 2);
    expect(about['lines']).toMatchObject([
      { line: 1, quantity: 2 },
      { line: 2, quantity: 3 },
    ]);
    await scenario.ships(order);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect((await scenario.orderState(order)).status).toBe('dispatched');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 1020, status: 'paid' }]);
  });
});

describe('cancelling an order whose goods cause a loss (ORD-12)', () => {
  it('refunds the amount paid minus the loss that the customer agreed to bear', async () => {
    const order = await scenario.released();
    await asksToCancel(order);
    await heldWithLoss(order, 400);
    const offer = await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OfferAccepted' });
    expect(offer.about).toMatchObject({ loss: 400, currency: 'GBP' });
    await scenario.refunds(order);

    const cancelled = await scenario.partners.fact(order.orderNumber, 'OrderCancelled');
    expect(cancelled.data).toMatchObject({ agreedLoss: 400, refund: 2147 });
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2147, status: 'paid' }]);
  });

  it('continues and ships the original order when the customer declines', async () => {
    const order = await scenario.released();
    await asksToCancel(order);
    await heldWithLoss(order, 400);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OfferDeclined' });
    const told = await scenario.partners.customerMessage(order.orderNumber, 'order-goes-on');
    expect(told.data.fields).toMatchObject({ reason: 'offer-declined', loss: 400, promisedDispatchBy: expect.any(String) as string });
    await scenario.partners.task(order.orderNumber, 'ship-order', 2);
    await scenario.ships(order);

    expect(await scenario.flowOutcomes(order)).toEqual([
      'cancel-order: kept',
      'fulfil-order: dispatched',
      'hold-shipment: held',
      'ship-order: shipped',
    ]);
    expect(await scenario.orderState(order)).toMatchObject({ status: 'dispatched', openChange: null });
    expect((await scenario.register(order)).refunds).toEqual([]);
  });

  it('continues the original order after three days without an answer: the customer gets a reminder first and a message after (CS-02)', async () => {
    const order = await scenario.released();
    await asksToCancel(order);
    await heldWithLoss(order, 400);
    const offer = await scenario.partners.task(order.orderNumber, 'bear-loss');
    const reminder = () =>
      scenario.partners.received(order.orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === offer.taskId);
    await scenario.stack.advanceClock({ days: 2, minutes: 1 });
    const { data } = await scenario.partners.messages.until('the customer is reminded', reminder, order.orderNumber);
    expect(data).toMatchObject({ about: { loss: 400 } });
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('CancellationRefused');
    await scenario.stack.advanceClockTo(offer.dueAt ?? '');
    expect(await scenario.partners.outcome(order.orderNumber, 'cancel-order')).toBe('kept');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'order-goes-on');
    expect(told.data.fields).toMatchObject({ reason: 'no-answer', loss: 400, currency: 'GBP' });
    await scenario.partners.task(order.orderNumber, 'ship-order', 2);
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });

  it('allows another offer with a smaller loss, which the customer accepts', async () => {
    const order = await scenario.released();
    await asksToCancel(order);
    await heldWithLoss(order, 400);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OtherOfferAsked' });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'make-offer', { type: 'OfferMade', loss: 150 });
    const second = await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OfferAccepted' });
    expect(second.about).toMatchObject({ loss: 150 });
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2397, status: 'paid' }]);
  });

  it('ends after the third declined offer', async () => {
    const order = await scenario.released();
    await asksToCancel(order);
    await heldWithLoss(order, 400);
    for (const loss of [300, 200]) {
      await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OtherOfferAsked' });
      await scenario.partners.waitAndAnswer(order.orderNumber, 'make-offer', { type: 'OfferMade', loss });
    }
    await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OtherOfferAsked' });
    expect(await scenario.partners.outcome(order.orderNumber, 'cancel-order')).toBe('kept');
    await scenario.partners.task(order.orderNumber, 'ship-order', 2);
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});

describe('cancelling an order that was shipped (ORD-11)', () => {
  it('is refused, and the customer is told the reason', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    await asksToCancel(order);
    const refused = await scenario.partners.fact(order.orderNumber, 'CancellationRefused');
    expect(refused.data.reason).toBe('shipped');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'cancellation-too-late');
    expect(told.data.fields).toMatchObject({ reason: 'shipped', promisedDispatchBy: expect.any(String) as string });
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: refused', 'fulfil-order: dispatched', 'ship-order: shipped']);
    expect(await scenario.orderState(order)).toMatchObject({ status: 'dispatched', openChange: null });
    expect((await scenario.register(order)).refunds).toEqual([]);
  });
});

describe('a cancellation of an order whose goods are unavailable (ORD-04, ORD-13)', () => {
  /** Both questions are open: which lines to give up, and what the cancellation costs. */
  async function askedTwice(): Promise<Order> {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [1, 2] });
    await scenario.partners.task(orderNumber, 'choose-without-missing');
    await asksToCancel(order);
    await scenario.partners.task(orderNumber, 'loss-on-bought-goods');
    return order;
  }

  /** One decision, one amount, one refund; whatever else is told, it is the same. */
  async function expectOneCancellation(order: Order): Promise<void> {
    const { orderNumber } = order;
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: told', 'fulfil-order: cancelled']);
    const decided = scenario.partners
      .received(orderNumber, 'OrderCancelled', 'order.events')
      .filter(({ data }) => data.decided === undefined);
    expect(decided.map(({ data }) => data)).toMatchObject([{ refund: 2547, agreedLoss: 0 }]);
    const told = scenario.partners
      .received(orderNumber, 'CustomerTold', 'customer.messages')
      .filter(({ data }) => data.template === 'order-cancelled')
      .map(({ data }) => [data.fields.refund, data.fields.currency]);
    expect(told.length).toBeGreaterThan(0);
    for (const amounts of told) expect(amounts).toEqual([2547, 'GBP']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
    await never(order, 'OrderReleased');
    const asked = scenario.partners.received(orderNumber, 'TaskAsked', '.tasks.').map(({ data }) => data.taskId as string);
    const closed = scenario.partners.received(orderNumber, 'TaskClosed', '.flows').map(({ data }) => data.taskId as string);
    expect(closed.sort()).toEqual(asked.sort());
  }

  it('cancels the order and withdraws the question which lines to give up', async () => {
    const order = await askedTwice();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    await expectOneCancellation(order);
    const { taskId } = await scenario.partners.task(orderNumber, 'choose-without-missing');
    const withdrawn = scenario.partners.received(orderNumber, 'TaskWithdrawn', 'tasks.customer').find(({ data }) => data.taskId === taskId);
    expect(withdrawn?.data).toMatchObject({ reason: 'cancelled' });
  });

  it('ends with the same refund when the customer first gives up the order, and withdraws the question about the loss', async () => {
    const order = await askedTwice();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await scenario.refunds(order);
    await expectOneCancellation(order);
    const { taskId } = await scenario.partners.task(orderNumber, 'loss-on-bought-goods');
    const withdrawn = scenario.partners
      .received(orderNumber, 'TaskWithdrawn', 'tasks.purchasing')
      .find(({ data }) => data.taskId === taskId);
    expect(withdrawn?.data).toMatchObject({ reason: 'cancelled' });
  });

  it('refunds the remaining lines minus the agreed loss when some lines were given up before: in total the amount paid minus the loss', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2] });
    await asksToCancel(order);
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 1800 });
    expect((await scenario.partners.task(orderNumber, 'bear-loss')).about).toMatchObject({ loss: 1800 });
    await scenario.partners.waitAndAnswer(orderNumber, 'choose-without-missing', { type: 'LinesGivenUp' });
    const again = await scenario.partners.task(orderNumber, 'loss-on-bought-goods', 2);
    expect(again.about['lines']).toMatchObject([{ line: 1, quantity: 6 }]);
    await scenario.partners.answer(again, { type: 'LossAssessed', loss: 300 });
    const offer = await scenario.partners.task(orderNumber, 'bear-loss', 2);
    expect(offer.about).toMatchObject({ loss: 300 });
    await scenario.partners.answer(offer, { type: 'OfferAccepted' });
    const told = await scenario.partners.customerMessage(orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 1230, agreedLoss: 300 });
    for (const nth of [1, 2]) await scenario.refunds(order, nth);
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds.map(({ amount }) => amount)).toEqual([1017, 1230]);
  });

  it('cancels the order once when both answers arrive at the same moment', async () => {
    const orders = await Promise.all(Array.from({ length: 4 }, askedTwice));
    const answersBoth = async ({ orderNumber }: Order): Promise<void> => {
      const choice = await scenario.partners.task(orderNumber, 'choose-without-missing');
      const loss = await scenario.partners.task(orderNumber, 'loss-on-bought-goods');
      await Promise.all([
        scenario.partners.answer(choice, { type: 'OrderGivenUp' }),
        scenario.partners.answer(loss, { type: 'LossAssessed', loss: 0 }),
      ]);
    };
    await Promise.all(orders.map(answersBoth));
    await Promise.all(orders.map((order) => scenario.refunds(order)));
    for (const order of orders) await expectOneCancellation(order);
  });
});
