import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ withConsole: true });
const after = new AfterSales(scenario);

const asksToCancel = ({ orderNumber }: Order, quantity?: number, line = 2) =>
  scenario.partners.storefront('CancellationRequested', {
    ...{ orderNumber, reason: 'ordered too many' },
    ...(quantity !== undefined && { lines: [{ line, quantity }] }),
  });

const loses = ({ orderNumber }: Order, loss: number) =>
  scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss });

/** The warehouse has the order: it is held, and some of it is cancelled. */
async function cancelsAtTheWarehouse(order: Order, quantity: number, line?: number): Promise<void> {
  await asksToCancel(order, quantity, line);
  await scenario.partners.waitAndAnswer(order.orderNumber, 'hold-order', { type: 'HoldConfirmed' });
  await loses(order, 0);
}

async function shipsAndDelivers(order: Order): Promise<void> {
  await scenario.ships(order);
  await scenario.partners.courier(order.orderNumber, 'delivered');
  await scenario.partners.fact(order.orderNumber, 'ShipmentDelivered');
}

/** The customer proves it, sends units of line 2 back and advances no freight; the warehouse finds `found`. */
async function returns(order: Order, quantity: number, cause: string, found: string): Promise<void> {
  await after.requestsReturn(order, quantity, cause);
  await scenario.partners.waitAndAnswer(order.orderNumber, 'give-evidence', { type: 'EvidenceGiven', items: ['parcel.jpg'] });
  await after.sendsBack(order);
  await after.inspects(order, quantity, 0, found);
}

/** The refunded amounts, in the order of the applications. */
const refunded = async (order: Order): Promise<number[]> => {
  const { refunds } = await scenario.register(order);
  expect(refunds.filter(({ status }) => status !== 'paid')).toEqual([]);
  return refunds.map(({ amount }) => amount);
};

describe('an order whose discount equals its shipping charge (ORD-13, AFT-32)', () => {
  const charges = [
    { kind: 'shipping', amount: 495 },
    { kind: 'discount', amount: -495 },
  ];
  const freeShipping = { lines: [{ line: 2, sku: '71053', quantity: 2, unitPrice: 500 }], charges };

  it('refunds a cancelled unit and later a returned unit at their prices: together the amount paid', async () => {
    const order = await scenario.released(freeShipping);
    expect(order.payment).toMatchObject({ captured: 1000 });
    await cancelsAtTheWarehouse(order, 1);
    await scenario.refunds(order);
    expect(await refunded(order)).toEqual([500]);
    await shipsAndDelivers(order);
    await returns(order, 1, 'wrong', 'wrong-item');
    await scenario.refunds(order, 2);
    await scenario.flowOutcomes(order);
    expect(await refunded(order)).toEqual([500, 500]);
  });

  it('refunds the whole amount paid when both units are returned as wrong items', async () => {
    const order = await after.delivered(freeShipping);
    await returns(order, 2, 'wrong', 'wrong-item');
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect(await refunded(order)).toEqual([1000]);
  });
});

describe('units of one order that are cancelled, reported missing and returned one at a time (ORD-13, AFT-15, AFT-32)', () => {
  /** 3 units for 9.99 less a discount of 1.00, and shipping of 4.95. */
  const thirds = {
    lines: [{ line: 2, sku: '71053', quantity: 3, unitPrice: 333 }],
    charges: [
      { kind: 'shipping', amount: 495 },
      { kind: 'discount', amount: -100 },
    ],
  };

  it('refunds the price of the goods in total and not the shipping charge once something was shipped', async () => {
    const order = await scenario.released(thirds);
    const { orderNumber } = order;
    await cancelsAtTheWarehouse(order, 1);
    await scenario.refunds(order);
    await shipsAndDelivers(order);
    await after.reportsMissing(order);
    const explained = { type: 'MissingItemsExplained', found: 'missing-items', note: 'stock' };
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-missing-items', explained);
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-missing-items', { type: 'MissingItemsNotToBeHad' });
    await scenario.refunds(order, 2);
    await after.requestsReturn(order, 1, 'dislike');
    await after.sendsBack(order);
    await after.inspects(order, 1);
    await scenario.refunds(order, 3);
    await scenario.flowOutcomes(order);
    const amounts = await refunded(order);
    expect(amounts).toHaveLength(3);
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(999 - 100);
    for (const amount of amounts) expect([299, 300]).toContain(amount);
  });

  it('refunds the whole amount paid when all units are cancelled before dispatch: the last refund includes the shipping as freight', async () => {
    const order = await scenario.placed(thirds);
    const { orderNumber } = order;
    for (const nth of [1, 2, 3]) {
      await asksToCancel(order, 1);
      await loses(order, 0);
      await scenario.refunds(order, nth);
      expect(await scenario.partners.outcome(orderNumber, 'cancel-order', nth)).toBe('cancelled');
    }
    await scenario.flowOutcomes(order);
    expect((await refunded(order)).reduce((sum, amount) => sum + amount, 0)).toBe(1394);
    const parts = scenario.partners.received(orderNumber, 'RefundRequested', 'refund.events').map(({ data }) => data.parts);
    const kinds = parts.map((of: { kind: string }[]) => of.map(({ kind }) => kind));
    expect(kinds).toEqual([['goods'], ['goods'], ['goods', 'freight']]);
    expect(parts[2]).toContainEqual({ kind: 'freight', amount: 495 });
  });
});

describe('a cancellation with a loss on goods already bought (ORD-12)', () => {
  /** Placed with so much captured of it; a reviewer passes it all the same. */
  async function captured(amount: number): Promise<Order> {
    const order = scenario.order();
    const { orderNumber } = order;
    await scenario.partners.places({ ...order, payment: { method: 'paypal', captured: amount, reference: `pay-${orderNumber}` } });
    await scenario.partners.waitAndAnswer(orderNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.task(orderNumber, 'confirm-stock');
    await asksToCancel(order);
    await loses(order, 400);
    return order;
  }

  it('does not ask a customer who has paid nothing to bear the loss: the order is cancelled and no refund is filed', async () => {
    const order = await captured(0);
    const { orderNumber } = order;
    const told = await scenario.partners.customerMessage(orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 0, agreedLoss: 0 });
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'fulfil-order: cancelled']);
    expect(scenario.partners.tasks(orderNumber, 'bear-loss')).toEqual([]);
    expect((await scenario.register(order)).refunds).toEqual([]);
  });

  it('asks the customer to bear at most the amount paid', async () => {
    const order = await captured(100);
    const { about } = await scenario.partners.waitAndAnswer(order.orderNumber, 'bear-loss', { type: 'OfferAccepted' });
    expect(about).toMatchObject({ loss: 100, currency: 'GBP' });
    const told = await scenario.partners.customerMessage(order.orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 0, agreedLoss: 100 });
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'fulfil-order: cancelled']);
  });
});

describe('the inspection of returned goods (AFT-32, AFT-33)', () => {
  const row = (accepted: number, stock: string, rejected = 0) => ({ line: 2, accepted, rejected, stock });
  const inspected = ({ orderNumber }: Order, ...lines: object[]) =>
    scenario.partners.waitAndAnswer(orderNumber, 'inspect-return', { type: 'ReturnInspected', lines, found: 'none', photos: [] });

  it('refunds units of one line that are accepted partly as sellable and partly as scrap', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 2);
    await after.sendsBack(order);
    await inspected(order, row(1, 'sellable'), row(1, 'scrap'));
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: refunded');
    expect(await refunded(order)).toEqual([678]);
    expect(await after.cases(order)).toMatchObject([{ inspected: [{ stock: 'sellable' }, { stock: 'scrap' }], outcome: 'refunded' }]);
  });

  it('refunds only the units that were claimed when more units are accepted, and offers the surplus units back', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 1);
    await after.sendsBack(order);
    await inspected(order, row(1, 'sellable'), row(1, 'scrap'));
    await scenario.refunds(order);
    const { about } = await scenario.partners.waitAndAnswer(order.orderNumber, 'take-back', { type: 'TakenBack' });
    expect(about).toMatchObject({ lines: [{ line: 2, quantity: 1 }] });
    await scenario.partners.informed(order.orderNumber, 'warehouse', 'send-rejected-back');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'return-accepted');
    expect(told.data.fields).toMatchObject({ refund: 339, notAccepted: [{ line: 2, quantity: 1 }], sentBack: true });
    await after.flowOutcomes(order);
    expect(await refunded(order)).toEqual([339]);
  });

  it('refuses an answer about a line that was not claimed, names that field, and leaves the task open', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 1);
    await after.sendsBack(order);
    const task = await scenario.partners.task(order.orderNumber, 'inspect-return');
    const lines = [row(1, 'sellable'), { ...row(1, 'sellable'), line: 1 }];
    const answer = { type: 'ReturnInspected', lines, found: 'none', photos: [] };
    const refused = await scenario.stack.at('after-sales', 'warehouse:wang').post(`/tasks/${task.taskId}/answer`, answer);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'answer.lines.1' }] } });
    await inspected(order, row(1, 'sellable'));
    await scenario.refunds(order);
    await after.flowOutcomes(order);
    expect(await refunded(order)).toEqual([339]);
  });
});

describe('an order in a currency with other minor units (REF-02, AFT-30)', () => {
  // digits of ISO 4217, whatever the runtime thinks: the first line costs 200 units, as much as one person may approve
  it.each([
    { currency: 'HUF', limit: 20_000, above: 500_000, texts: ['200.00 HUF', '5000.00 HUF'], cap: 1000 },
    { currency: 'KWD', limit: 200_000, above: 200_001, texts: ['200.000 KWD', '200.001 KWD'], cap: 10_000 },
    { currency: 'JPY', limit: 200, above: 201, texts: ['200 JPY', '201 JPY'], cap: 10 },
  ])(
    'applies approval limit, freight cap and message texts with the minor units of $currency',
    async ({ currency, limit, above, texts, cap }) => {
      const lines = [
        { line: 1, sku: '85123A', quantity: 1, unitPrice: limit },
        { line: 2, sku: '71053', quantity: 1, unitPrice: above },
      ];
      const order = await scenario.released({ currency, lines });
      const { orderNumber } = order;
      await cancelsAtTheWarehouse(order, 1, 1);
      const cancelled = await scenario.partners.customerMessage(orderNumber, 'lines-cancelled');
      expect(cancelled.data.fields).toMatchObject({ refund: limit, currency });
      expect((await scenario.partners.task(orderNumber, 'approve-refund')).about).toMatchObject({ amount: limit, currency });
      await scenario.refunds(order);

      await shipsAndDelivers(order);
      await after.requestsReturn(order, 1, 'wrong');
      await scenario.partners.waitAndAnswer(orderNumber, 'give-evidence', { type: 'EvidenceGiven', items: ['parcel.jpg'] });
      expect((await after.sendsBack(order)).about).toMatchObject({ freightCap: cap, currency });
      await after.inspects(order, 1, 0, 'wrong-item');
      const approval = await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'finance:li');
      expect(approval.about).toMatchObject({ amount: above, currency });
      const second = await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'finance:zhou');
      expect(second.about).toMatchObject({ amount: above, currency, approvedBy: 'finance:li' });
      await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', {
        type: 'RefundSucceeded',
        providerReference: `psp-${orderNumber}-2`,
      });
      const accepted = await scenario.partners.customerMessage(orderNumber, 'return-accepted');
      expect(accepted.data.fields).toMatchObject({ refund: above, currency });
      await scenario.flowOutcomes(order);
      expect(await refunded(order)).toEqual([limit, above]);

      const parts = [{ kind: 'goods', amount: 1 }];
      const more = { orderNumber, cause: 'other', amount: 1, currency, parts };
      const refused = await scenario.stack.at('refund', 'service:anna').post('/refunds', more);
      expect(refused).toMatchObject({ status: 409, body: { code: 'refund-exceeds-captured' } });
      const timeline = async () =>
        JSON.stringify((await scenario.stack.at('console', 'service:mia').get(`/orders/${orderNumber}/timeline`)).body);
      for (const text of texts)
        await scenario.partners.messages.until(`the timeline has ${text}`, async () => (await timeline()).includes(text), orderNumber);
    },
  );
});
