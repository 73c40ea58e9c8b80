import { useScenario } from '../support/scenario/story.js';

const play = useScenario();
const lanternsMissing = { type: 'StockNotToBeHad', lines: [2] };

describe('an order of which some lines are unavailable (ORD-04)', () => {
  it('ships the other lines and refunds the lines that the customer gives up', async () => {
    const order = await play.placed({ charges: [{ kind: 'shipping', amount: 495 }] });
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'confirm-stock', lanternsMissing);
    const choice = await play.partners.answers(orderNumber, 'choose-without-missing', { type: 'LinesGivenUp' });
    expect(choice.about).toEqual({ orderNumber, lines: [2] });

    const cancelled = await play.partners.fact(orderNumber, 'OrderLinesCancelled');
    expect(cancelled.data).toMatchObject({ lines: [{ line: 2, quantity: 3 }], refund: 1017 });
    const { about } = await play.partners.task(orderNumber, 'ship-order');
    expect(about['lines']).toEqual([order.lines[0]]);
    await play.ships(order);
    await play.refunds(order);

    expect(await play.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: dispatched', 'ship-order: shipped']);
    expect(await play.register(order)).toMatchObject({
      captured: 3042,
      refunds: [{ amount: 1017, status: 'paid', cause: 'not-to-be-had' }],
    });
  });

  it('is cancelled and refunded in full when the customer gives up the order', async () => {
    const order = await play.placed();
    await play.partners.answers(order.orderNumber, 'confirm-stock', lanternsMissing);
    await play.partners.answers(order.orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await play.refunds(order);

    expect(await play.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
    expect((await play.orderState(order)).status).toBe('cancelled');
    const told = await play.partners.customerMessage(order.orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 2547, reason: 'not-to-be-had', decidedBy: 'customer' });
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    expect(play.partners.facts(order.orderNumber)).not.toContain('OrderReleased');
  });

  it('ships without the unavailable lines when the customer does not answer within three days', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'confirm-stock', lanternsMissing);
    const { dueAt, taskId } = await play.partners.task(orderNumber, 'choose-without-missing');
    expect(Date.parse(dueAt ?? '') - play.stack.now().getTime()).toBeLessThanOrEqual(3 * 86_400_000);

    await play.stack.advanceClock({ days: 2, hours: 23 });
    expect(play.partners.facts(orderNumber)).not.toContain('OrderLinesCancelled');
    await play.stack.advanceClockTo(dueAt ?? '');
    await play.partners.fact(orderNumber, 'OrderLinesCancelled', ({ data }) => data.refund === 1017);
    const told = await play.partners.customerMessage(orderNumber, 'lines-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 1017, currency: 'GBP', reason: 'not-to-be-had', decidedBy: 'time' });
    expect(play.partners.received(orderNumber, 'TaskReminded', '.tasks.').map(({ data }) => data.taskId)).toContain(taskId);
    const withdrawn = () => play.partners.received(orderNumber, 'TaskWithdrawn', '.tasks.').find(({ data }) => data.taskId === taskId);
    await play.partners.messages.until('the question is withdrawn', withdrawn, orderNumber);

    await play.ships(order);
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('of which all lines are unavailable is cancelled after three days: a reminder first, then customer and teams get amount and reason', async () => {
    const order = await play.placed({ charges: [{ kind: 'shipping', amount: 495 }] });
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'confirm-stock', { ...lanternsMissing, lines: [1, 2] });
    const choice = await play.partners.task(orderNumber, 'choose-without-missing');
    const reminder = () =>
      play.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === choice.taskId);
    await play.stack.advanceClock({ days: 2, minutes: 1 });
    await play.partners.messages.until('the customer is reminded', reminder, orderNumber);
    expect(play.partners.facts(orderNumber)).not.toContain('OrderCancelled');

    await play.stack.advanceClockTo(choice.dueAt ?? '');
    const told = await play.partners.customerMessage(orderNumber, 'order-cancelled');
    const outcome = { refund: 3042, currency: 'GBP', reason: 'not-to-be-had', decidedBy: 'time' };
    expect(told.data.fields).toMatchObject(outcome);
    for (const team of ['reviewer', 'warehouse', 'purchasing'] as const)
      expect((await play.partners.informed(orderNumber, team, 'order-cancelled')).data.about).toMatchObject(outcome);
    expect(await play.partners.withdrawn(choice)).toBe('overdue');
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
    expect(await play.orderState(order)).toMatchObject({ status: 'cancelled', openChange: null });
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 3042, status: 'paid', cause: 'not-to-be-had' }]);
    expect(play.partners.facts(orderNumber)).not.toContain('OrderReleased');
  });

  it('ignores a choice after those three days and tells the customer that it came too late', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'confirm-stock', lanternsMissing);
    const choice = await play.partners.task(orderNumber, 'choose-without-missing');
    await play.stack.advanceClockTo(choice.dueAt ?? '');
    await play.partners.fact(orderNumber, 'OrderLinesCancelled');

    await play.partners.answer(choice, { type: 'OrderGivenUp' });
    await play.partners.messages.until(
      'the choice strays',
      () => play.partners.received(orderNumber, 'InputStrayed', '.flows')[0],
      orderNumber,
    );
    await play.ships(order);
    await play.refunds(order);
    expect((await play.orderState(order)).status).toBe('dispatched');
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 1017, status: 'paid' }]);
  });
});

describe('an order of which some lines arrive later (ORD-04)', () => {
  const arrivingIn = (hours: number) => ({
    type: 'StockArrivesLater',
    lines: [2],
    expectedAt: new Date(play.stack.now().getTime() + hours * 3_600_000).toISOString(),
  });

  it('waits for goods that arrive within the processing window, tells the customer, then ships complete', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'confirm-stock', arrivingIn(48));
    const told = await play.partners.customerMessage(orderNumber, 'goods-arrive-later');
    expect(told.data).toMatchObject({ rule: 'ORD-04', fields: { lines: [2] } });
    expect(play.partners.facts(orderNumber)).not.toContain('OrderReleased');

    await play.partners.answers(orderNumber, 'confirm-arrival', { type: 'StockArrived' });
    expect((await play.partners.task(orderNumber, 'ship-order')).about['lines']).toEqual(order.lines);
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });

  it('asks the customer at once when they arrive after the processing window', async () => {
    const order = await play.placed();
    await play.partners.answers(order.orderNumber, 'confirm-stock', arrivingIn(30 * 24));
    await play.partners.answers(order.orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
  });
});
