import { AfterSales } from '../support/scenario/after-sales.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);
const day = 86_400_000;

describe('returned goods (AFT-30..32)', () => {
  it('within 7 days of delivery need no reason: sent at the buyer’s cost, inspected, refunded', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 1);
    const { about, dueAt } = await after.sendsBack(order, 450);
    expect(about).toMatchObject({ freightBy: 'customer', returnAddress: { city: 'Coventry' } });
    expect(Math.round((Date.parse(dueAt ?? '') - scenario.stack.now().getTime()) / day)).toBe(14);
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('RefundRequested');
    await after.inspects(order, 1);
    await scenario.refunds(order);

    expect(await after.flowOutcomes(order)).toEqual(['finance-refund: told', 'gather-evidence: notNeeded', 'return-with-refund: refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid', cause: 'returned' }]);
    expect(await after.cases(order)).toMatchObject([
      { status: 'closed', outcome: 'refunded', found: 'none', inspected: [{ stock: 'sellable' }] },
    ]);
  });

  it('without a defect after 7 days are refused, and the customer is told why', async () => {
    const order = await after.delivered();
    await scenario.stack.advanceClock({ days: 8 });
    await after.requestsReturn(order, 1, 'dislike');
    const { data } = await scenario.partners.customerMessage(order.orderNumber, 'return-refused');
    expect(data).toMatchObject({ rule: 'AFT-30', fields: { reason: 'delivered more than 7 days before; later only for defects' } });
    expect(await after.flowOutcomes(order)).toEqual(['gather-evidence: notNeeded', 'return-with-refund: refused']);
    expect(await after.cases(order)).toMatchObject([{ outcome: 'refused', cause: 'dislike' }]);
  });

  it('with a defect are accepted after 7 days too; the customer’s freight is refunded up to the cap, and photos are stored', async () => {
    const order = await after.delivered({ charges: [{ kind: 'shipping', amount: 1200 }] });
    const { orderNumber } = order;
    await scenario.stack.advanceClock({ days: 8 });
    await after.requestsReturn(order, 3, 'quality');
    await scenario.partners.waitAndAnswer(orderNumber, 'give-evidence', { type: 'EvidenceGiven', items: ['crack.jpg'] });
    expect((await after.sendsBack(order, 1450)).about).toMatchObject({ freightBy: 'merchant', freightCap: 1000 });
    await after.inspects(order, 3, 0, 'defect');
    const paid = (amount: number) => scenario.partners.fact(orderNumber, 'RefundPaid', ({ data }) => data.amount === amount);
    for (const amount of [1017, 1000]) {
      const refund = await scenario.partners.fact(orderNumber, 'RefundRequested', ({ data }) => data.amount === amount);
      expect(refund.data.cause).toBe('quality');
      const asked = (question: string) => () =>
        scenario.partners.tasks(orderNumber, question).find((t) => t.about['refundId'] === refund.data.refundId);
      const approve = await scenario.partners.messages.until('finance is asked', asked('approve-refund'), orderNumber);
      await scenario.partners.answer(approve, { type: 'ApprovalGiven' }, 'finance:li');
      const pay = await scenario.partners.messages.until('the provider is asked', asked('pay-refund'), orderNumber);
      await scenario.partners.answer(pay, { type: 'RefundSucceeded', providerReference: `psp-${amount}` });
      await paid(amount);
    }
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: refunded');
    expect(await after.cases(order)).toMatchObject([{ cause: 'quality', found: 'defect', evidence: ['crack.jpg'], outcome: 'refunded' }]);
  });

  it('accepted in part are refunded in part; the other units are offered back to the customer', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 3);
    await after.sendsBack(order);
    await after.inspects(order, 2, 1);
    await scenario.refunds(order);
    const { about } = await scenario.partners.waitAndAnswer(order.orderNumber, 'take-back', { type: 'TakenBack' });
    expect(about).toMatchObject({ lines: [{ line: 2, quantity: 1 }], photos: ['scratches.jpg'] });
    await scenario.partners.informed(order.orderNumber, 'warehouse', 'send-rejected-back');
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: refundedInPart');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid' }]);
  });

  it('rejected are offered back; nothing is refunded, and they may be returned again', async () => {
    const order = await after.delivered();
    await after.requestsReturn(order, 1);
    await after.sendsBack(order);
    await after.inspects(order, 0, 1, 'untrue');
    await scenario.partners.waitAndAnswer(order.orderNumber, 'take-back', { type: 'TakenBack' });
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: rejected');
    expect((await scenario.register(order)).refunds).toEqual([]);

    await after.requestsReturn(order, 3);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'send-back', { type: 'ReturnGivenUp' });
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: givenUp');
  });

  it('that are never sent lapse after 14 days and two reminders; the case closes 14 days later, and its units may be claimed again (AFT-31)', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    await after.requestsReturn(order, 3);
    const { taskId } = await scenario.partners.task(orderNumber, 'send-back');
    const reminders = () =>
      scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').filter((m) => m.data.taskId === taskId);
    for (const times of [1, 2]) {
      await scenario.stack.advanceClock({ days: 5, hours: 1 });
      await scenario.partners.messages.until(`the customer is reminded (${times})`, () => reminders().length === times, orderNumber);
    }
    await scenario.stack.advanceClock({ days: 4 });
    await scenario.partners.customerMessage(orderNumber, 'return-lapsed');
    await scenario.stack.advanceClock({ days: 14, hours: 1 });
    await scenario.partners.customerMessage(orderNumber, 'return-closed');
    expect([await after.flowOutcomes(order), reminders().length]).toEqual([
      ['gather-evidence: notNeeded', 'return-with-refund: neverSent'],
      2,
    ]);
    expect(await after.cases(order)).toMatchObject([{ outcome: 'never sent' }]);
    expect(scenario.partners.facts(orderNumber)).toContain('UnitsReleased');
  });
});

describe('a return requested before dispatch (AFT-02, ORD-14)', () => {
  it('stops and refunds the units instead, tells the customer, and ships the rest of the order', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await after.requestsReturn(order, 2);
    await scenario.partners.customerMessage(orderNumber, 'return-not-sent-yet');
    await scenario.partners.informed(orderNumber, 'reviewer', 'cancellation-requested');
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const { data } = await scenario.partners.customerMessage(orderNumber, 'return-stopped');
    expect(data).toMatchObject({ fields: { lines: [{ line: 2, quantity: 2 }], refund: 678, currency: 'GBP' } });
    await scenario.refunds(order);
    await scenario.ships(order);
    expect(await after.flowOutcomes(order)).toEqual([
      ...['cancel-order: cancelled', 'finance-refund: told', 'gather-evidence: notNeeded', 'hold-shipment: held'],
      'return-with-refund: stopped',
    ]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid', cause: 'cancelled' }]);
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'cancelled before dispatch' }]);
    expect(scenario.partners.received(orderNumber, 'CustomerTold', 'customer.messages').map((m) => m.data.template)).not.toContain(
      'order-not-found',
    );
  });

  it.each([
    ['during a cancellation: the units are refunded with it, and the case closes as cancelled', 'cancellation'],
    ['before a cancellation: the units are refunded first, and the rest with the cancellation', 'return'],
  ])('%s', async (_, first) => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const cancels = () => scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const asks = [cancels, () => after.requestsReturn(order, 3)];
    for (const [i, ask] of (first === 'return' ? asks.reverse() : asks).entries()) {
      await ask();
      await scenario.partners.fact(orderNumber, i === 0 ? 'CancellationRequested' : 'CancellationQueued');
    }
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    if (first === 'return') await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const amounts = first === 'return' ? [1017, 1530] : [2547];
    for (const nth of amounts.keys()) await scenario.refunds(order, nth + 1);
    const ended = await after.flowOutcomes(order);
    expect(ended).toContain('return-with-refund: stopped');
    expect((await scenario.register(order)).refunds.map(({ amount, status }) => [amount, status])).toEqual(amounts.map((a) => [a, 'paid']));
    const { data } = await scenario.partners.customerMessage(orderNumber, 'return-stopped');
    expect(data.fields).toMatchObject({ lines: [{ line: 2, quantity: 3 }], refund: amounts[0], currency: 'GBP' });
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'cancelled before dispatch' }]);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
  });

  it('becomes a return after delivery when the warehouse has already picked them (ORD-11)', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await after.requestsReturn(order, 1);
    const hold = await scenario.partners.task(orderNumber, 'hold-order');
    await scenario.ships(order);
    await scenario.partners.answer(hold, { type: 'HoldDenied', reason: 'it has left' });
    await scenario.partners.customerMessage(orderNumber, 'cancellation-too-late');
    await after.sendsBack(order);
    await after.inspects(order, 1);
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: refunded');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid', cause: 'returned' }]);
  });
});

describe('two returns of the same units requested at the same moment', () => {
  it('one is accepted, the other case is refused', async () => {
    const order = await after.delivered();
    await Promise.all([after.requestsReturn(order, 2), after.requestsReturn(order, 2)]);
    await scenario.partners.customerMessage(order.orderNumber, 'return-refused');
    await after.sendsBack(order);
    await after.inspects(order, 2);
    await scenario.refunds(order);
    expect((await after.flowOutcomes(order)).filter((o) => o.startsWith('return'))).toEqual([
      'return-with-refund: refunded',
      'return-with-refund: refused',
    ]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678 }]);
  });
});

describe('killing the after-sales process (SIGKILL) while returns run', () => {
  it.each(['UnitsClaimed', 'GoodsInspected'])('after %s of some returns: every return ends as without the kill', async (type) => {
    const orders = await Promise.all(Array.from({ length: 4 }, () => after.delivered()));
    const way = async (order: (typeof orders)[number]): Promise<void> => {
      await after.requestsReturn(order, 1);
      await after.sendsBack(order);
      await after.inspects(order, 1);
      await scenario.refunds(order);
    };
    const heard = () => orders.filter(({ orderNumber }) => scenario.partners.facts(orderNumber).includes(type)).length >= 2;
    const dies = async (): Promise<void> => {
      await scenario.partners.messages.until(`${type} of some orders`, heard);
      await scenario.stack.kill('after-sales');
      await scenario.stack.start('after-sales');
    };
    await Promise.all([...orders.map(way), dies()]);
    for (const order of orders) {
      expect(await after.flowOutcomes(order)).toEqual([
        'finance-refund: told',
        'gather-evidence: notNeeded',
        'return-with-refund: refunded',
      ]);
      expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    }
  });
});
