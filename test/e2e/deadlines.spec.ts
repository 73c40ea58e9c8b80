import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const cross = { recipient: 'Ada Lovelace', street: '5 rue de Rivoli', city: 'Paris', postcode: '75001', country: 'FR' };

const reminders = (orderNumber: string) =>
  scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.purchasing').map(({ data }) => data);

describe('purchasing does not answer (ORD-04, CS-02)', () => {
  it('reminds it twice of the same task, then escalates to a supervisor; a late answer still counts', async () => {
    const order = await scenario.placed({ address: cross });
    const { orderNumber } = order;
    const task = await scenario.partners.task(orderNumber, 'confirm-stock');
    await scenario.stack.advanceClockTo(task.dueAt ?? '');
    const first = await scenario.partners.messages.until('the first reminder', () => reminders(orderNumber)[0], orderNumber);
    expect(first).toMatchObject({ taskId: task.taskId, reminder: 1, answers: expect.arrayContaining(['StockConfirmed']) });
    await scenario.stack.advanceClockTo(first.dueAt);
    const second = await scenario.partners.messages.until('the second reminder', () => reminders(orderNumber)[1], orderNumber);
    expect(second).toMatchObject({ taskId: task.taskId, reminder: 2 });
    await scenario.stack.advanceClockTo(second.dueAt);
    const escalated = await scenario.partners.informed(orderNumber, 'supervisor', 'task-escalated');
    expect(escalated.data.about).toMatchObject({ taskId: task.taskId, team: 'purchasing' });

    await scenario.stack.advanceClock({ days: 10 });
    await scenario.partners.answer(task, { type: 'StockConfirmed' });
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    expect(reminders(orderNumber)).toHaveLength(2);
  });

  it('sends reminders on working days only', async () => {
    const order = await scenario.placed({ address: cross });
    const { dueAt } = await scenario.partners.task(order.orderNumber, 'confirm-stock');
    const weekday = new Date(dueAt ?? '').getUTCDay();
    expect([1, 2, 3, 4, 5]).toContain(weekday);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});

describe('the dispatch promise of an order (ORD-05)', () => {
  const alerts = ({ orderNumber }: Order) =>
    scenario.partners
      .received(orderNumber, 'TeamInformed', 'tasks.supervisor')
      .filter(({ data }) => data.notice === 'dispatch-promise-at-risk');
  const delays = ({ orderNumber }: Order) =>
    scenario.partners.received(orderNumber, 'CustomerTold', 'customer.messages').filter(({ data }) => data.template === 'dispatch-delayed');

  it('is 24 hours for a domestic order: one alert to a supervisor before the breach, one message to the customer at the breach', async () => {
    const order = await scenario.released();
    const placed = await scenario.partners.fact(order.orderNumber, 'OrderPlaced');
    const promised: string = placed.data.promisedDispatchBy;
    const ahead = Date.parse(promised) - scenario.stack.now().getTime();
    expect(ahead).toBeGreaterThan(23 * 3_600_000);
    expect(ahead).toBeLessThanOrEqual(24 * 3_600_000);

    await scenario.stack.advanceClockTo(new Date(Date.parse(promised) - 4 * 3_600_000).toISOString());
    const alert = await scenario.partners.informed(order.orderNumber, 'supervisor', 'dispatch-promise-at-risk');
    expect(alert.data.about).toMatchObject({ promisedDispatchBy: promised });
    expect(delays(order)).toEqual([]);
    await scenario.stack.advanceClockTo(promised);
    const told = await scenario.partners.customerMessage(order.orderNumber, 'dispatch-delayed');
    expect(told.rule).toBe('ORD-05');

    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    expect([alerts(order).length, delays(order).length]).toEqual([1, 1]);
  });

  it('causes no alert after dispatch in time', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    await scenario.stack.advanceClock({ days: 7 });
    const other = await scenario.released();
    await scenario.stack.advanceClock({ days: 7 });
    await scenario.partners.customerMessage(other.orderNumber, 'dispatch-delayed');
    await scenario.ships(other);
    await scenario.flowOutcomes(other);
    expect([alerts(order).length, delays(order).length]).toEqual([0, 0]);
  });
});

describe('the promise to refund within three working days (REF-01)', () => {
  it('raises an alert before the breach, is overdue after it, and the refund is still paid', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.partners.task(orderNumber, 'approve-refund');
    // three working days, whatever weekend and holidays come between
    await scenario.stack.advanceClock({ days: 12 });
    await scenario.partners.informed(orderNumber, 'supervisor', 'refund-promise-at-risk');
    await scenario.partners.informed(orderNumber, 'supervisor', 'refund-overdue');
    const notices = scenario.partners.received(orderNumber, 'TeamInformed', 'tasks.supervisor').map(({ data }) => data.notice);
    expect(notices.indexOf('refund-promise-at-risk')).toBeLessThan(notices.indexOf('refund-overdue'));

    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });
});

describe('the warehouse does not answer a hold (LOG-09)', () => {
  it('reminds it, and the cancellation waits for its answer', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const hold = await scenario.partners.task(orderNumber, 'hold-order');
    await scenario.stack.advanceClockTo(hold.dueAt ?? '');
    const reminded = () =>
      scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.warehouse').find(({ data }) => data.taskId === hold.taskId);
    await scenario.partners.messages.until('the warehouse is reminded', reminded, orderNumber);
    expect((await scenario.orderState(order)).openChange).not.toBeNull();

    await scenario.partners.answer(hold, { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });
});
