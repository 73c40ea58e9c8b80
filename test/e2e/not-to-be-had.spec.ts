import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const lanternsMissing = { type: 'StockNotToBeHad', lines: [2] };

describe('an order of which some lines are unavailable (ORD-04)', () => {
  it('ships the other lines and refunds the lines that the customer gives up', async () => {
    const order = await scenario.placed({ charges: [{ kind: 'shipping', amount: 495 }] });
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', lanternsMissing);
    const choice = await scenario.partners.waitAndAnswer(orderNumber, 'choose-without-missing', { type: 'LinesGivenUp' });
    expect(choice.about).toEqual({ orderNumber, lines: [2] });

    const cancelled = await scenario.partners.fact(orderNumber, 'OrderLinesCancelled');
    expect(cancelled.data).toMatchObject({ lines: [{ line: 2, quantity: 3 }], refund: 1017 });
    const { about } = await scenario.partners.task(orderNumber, 'ship-order');
    expect(about['lines']).toEqual([order.lines[0]]);
    await scenario.ships(order);
    await scenario.refunds(order);

    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: dispatched', 'ship-order: shipped']);
    expect(await scenario.register(order)).toMatchObject({
      captured: 3042,
      refunds: [{ amount: 1017, status: 'paid', cause: 'not-to-be-had' }],
    });
  });

  it('is cancelled and refunded in full when the customer gives up the order', async () => {
    const order = await scenario.placed();
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', lanternsMissing);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await scenario.refunds(order);

    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 2547, reason: 'not-to-be-had', decidedBy: 'customer' });
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('OrderReleased');
  });

  it('ships without the unavailable lines when the customer does not answer within three days', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', lanternsMissing);
    const { dueAt, taskId } = await scenario.partners.task(orderNumber, 'choose-without-missing');
    expect(Date.parse(dueAt ?? '') - scenario.stack.now().getTime()).toBeLessThanOrEqual(3 * 86_400_000);

    await scenario.stack.advanceClock({ days: 2, hours: 23 });
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderLinesCancelled');
    await scenario.stack.advanceClockTo(dueAt ?? '');
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled', ({ data }) => data.refund === 1017);
    const told = await scenario.partners.customerMessage(orderNumber, 'lines-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 1017, currency: 'GBP', reason: 'not-to-be-had', decidedBy: 'time' });
    expect(scenario.partners.received(orderNumber, 'TaskReminded', '.tasks.').map(({ data }) => data.taskId)).toContain(taskId);
    const withdrawn = () => scenario.partners.received(orderNumber, 'TaskWithdrawn', '.tasks.').find(({ data }) => data.taskId === taskId);
    await scenario.partners.messages.until('the question is withdrawn', withdrawn, orderNumber);

    await scenario.ships(order);
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('of which all lines are unavailable is cancelled after three days: a reminder first, then customer and teams get amount and reason', async () => {
    const order = await scenario.placed({ charges: [{ kind: 'shipping', amount: 495 }] });
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { ...lanternsMissing, lines: [1, 2] });
    const choice = await scenario.partners.task(orderNumber, 'choose-without-missing');
    const reminder = () =>
      scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === choice.taskId);
    await scenario.stack.advanceClock({ days: 2, minutes: 1 });
    await scenario.partners.messages.until('the customer is reminded', reminder, orderNumber);
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderCancelled');

    await scenario.stack.advanceClockTo(choice.dueAt ?? '');
    const told = await scenario.partners.customerMessage(orderNumber, 'order-cancelled');
    const outcome = { refund: 3042, currency: 'GBP', reason: 'not-to-be-had', decidedBy: 'time' };
    expect(told.data.fields).toMatchObject(outcome);
    for (const team of ['reviewer', 'warehouse', 'purchasing'] as const)
      expect((await scenario.partners.informed(orderNumber, team, 'order-cancelled')).data.about).toMatchObject(outcome);
    expect(await scenario.partners.withdrawn(choice)).toBe('overdue');
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
    expect(await scenario.orderState(order)).toMatchObject({ status: 'cancelled', openChange: null });
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 3042, status: 'paid', cause: 'not-to-be-had' }]);
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderReleased');
  });

  it('ignores a choice after those three days and tells the customer that it came too late', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', lanternsMissing);
    const choice = await scenario.partners.task(orderNumber, 'choose-without-missing');
    await scenario.stack.advanceClockTo(choice.dueAt ?? '');
    await scenario.partners.fact(orderNumber, 'OrderLinesCancelled');

    await scenario.partners.answer(choice, { type: 'OrderGivenUp' });
    await scenario.partners.messages.until(
      'the choice strays',
      () => scenario.partners.received(orderNumber, 'InputStrayed', '.flows')[0],
      orderNumber,
    );
    await scenario.ships(order);
    await scenario.refunds(order);
    expect((await scenario.orderState(order)).status).toBe('dispatched');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 1017, status: 'paid' }]);
  });
});

describe('an order of which some lines arrive later (ORD-04)', () => {
  const arrivingIn = (hours: number) => ({
    type: 'StockArrivesLater',
    lines: [2],
    expectedAt: new Date(scenario.stack.now().getTime() + hours * 3_600_000).toISOString(),
  });

  it('waits for goods that arrive within the processing window, tells the customer, then ships complete', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', arrivingIn(48));
    const told = await scenario.partners.customerMessage(orderNumber, 'goods-arrive-later');
    expect(told.data).toMatchObject({ rule: 'ORD-04', fields: { lines: [2] } });
    expect(scenario.partners.facts(orderNumber)).not.toContain('OrderReleased');

    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-arrival', { type: 'StockArrived' });
    expect((await scenario.partners.task(orderNumber, 'ship-order')).about['lines']).toEqual(order.lines);
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('asks the customer at once when they arrive after the processing window', async () => {
    const order = await scenario.placed();
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', arrivingIn(30 * 24));
    await scenario.partners.waitAndAnswer(order.orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
  });
});
