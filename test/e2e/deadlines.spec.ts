import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario();
const cross = { recipient: 'Ada Lovelace', street: '5 rue de Rivoli', city: 'Paris', postcode: '75001', country: 'FR' };

const reminders = (orderNumber: string) => play.partners.received(orderNumber, 'TaskReminded', 'tasks.purchasing').map(({ data }) => data);

describe('purchasing does not answer (ORD-04, CS-02)', () => {
  it('reminds it twice of the same task, then escalates to a supervisor; a late answer still counts', async () => {
    const order = await play.placed({ address: cross });
    const { orderNumber } = order;
    const task = await play.partners.task(orderNumber, 'confirm-stock');
    await play.stack.advanceClockTo(task.dueAt ?? '');
    const first = await play.partners.messages.until('the first reminder', () => reminders(orderNumber)[0], orderNumber);
    expect(first).toMatchObject({ taskId: task.taskId, reminder: 1, answers: expect.arrayContaining(['StockConfirmed']) });
    await play.stack.advanceClockTo(first.dueAt);
    const second = await play.partners.messages.until('the second reminder', () => reminders(orderNumber)[1], orderNumber);
    expect(second).toMatchObject({ taskId: task.taskId, reminder: 2 });
    await play.stack.advanceClockTo(second.dueAt);
    const escalated = await play.partners.informed(orderNumber, 'supervisor', 'task-escalated');
    expect(escalated.data.about).toMatchObject({ taskId: task.taskId, team: 'purchasing' });

    await play.stack.advanceClock({ days: 10 });
    await play.partners.answer(task, { type: 'StockConfirmed' });
    await play.ships(order);
    await play.flowOutcomes(order);
    expect(reminders(orderNumber)).toHaveLength(2);
  });

  it('sends reminders on working days only', async () => {
    const order = await play.placed({ address: cross });
    const { dueAt } = await play.partners.task(order.orderNumber, 'confirm-stock');
    const weekday = new Date(dueAt ?? '').getUTCDay();
    expect([1, 2, 3, 4, 5]).toContain(weekday);
    await play.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await play.ships(order);
    await play.flowOutcomes(order);
  });
});

describe('the dispatch promise of an order (ORD-05)', () => {
  const alerts = ({ orderNumber }: Order) =>
    play.partners
      .received(orderNumber, 'TeamInformed', 'tasks.supervisor')
      .filter(({ data }) => data.notice === 'dispatch-promise-at-risk');
  const delays = ({ orderNumber }: Order) =>
    play.partners.received(orderNumber, 'CustomerTold', 'customer.messages').filter(({ data }) => data.template === 'dispatch-delayed');

  it('is 24 hours for a domestic order: one alert to a supervisor before the breach, one message to the customer at the breach', async () => {
    const order = await play.released();
    const placed = await play.partners.fact(order.orderNumber, 'OrderPlaced');
    const promised: string = placed.data.promisedDispatchBy;
    const ahead = Date.parse(promised) - play.stack.now().getTime();
    expect(ahead).toBeGreaterThan(23 * 3_600_000);
    expect(ahead).toBeLessThanOrEqual(24 * 3_600_000);

    await play.stack.advanceClockTo(new Date(Date.parse(promised) - 4 * 3_600_000).toISOString());
    const alert = await play.partners.informed(order.orderNumber, 'supervisor', 'dispatch-promise-at-risk');
    expect(alert.data.about).toMatchObject({ promisedDispatchBy: promised });
    expect(delays(order)).toEqual([]);
    await play.stack.advanceClockTo(promised);
    const told = await play.partners.customerMessage(order.orderNumber, 'dispatch-delayed');
    expect(told.rule).toBe('ORD-05');

    await play.ships(order);
    await play.flowOutcomes(order);
    expect([alerts(order).length, delays(order).length]).toEqual([1, 1]);
  });

  it('causes no alert after dispatch in time', async () => {
    const order = await play.released();
    await play.ships(order);
    await play.flowOutcomes(order);
    await play.stack.advanceClock({ days: 7 });
    const other = await play.released();
    await play.stack.advanceClock({ days: 7 });
    await play.partners.customerMessage(other.orderNumber, 'dispatch-delayed');
    await play.ships(other);
    await play.flowOutcomes(other);
    expect([alerts(order).length, delays(order).length]).toEqual([0, 0]);
  });
});

describe('the promise to refund within three working days (REF-01)', () => {
  it('raises an alert before the breach, is overdue after it, and the refund is still paid', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await play.partners.task(orderNumber, 'approve-refund');
    // three working days, whatever weekend and holidays come between
    await play.stack.advanceClock({ days: 12 });
    await play.partners.informed(orderNumber, 'supervisor', 'refund-promise-at-risk');
    await play.partners.informed(orderNumber, 'supervisor', 'refund-overdue');
    const notices = play.partners.received(orderNumber, 'TeamInformed', 'tasks.supervisor').map(({ data }) => data.notice);
    expect(notices.indexOf('refund-promise-at-risk')).toBeLessThan(notices.indexOf('refund-overdue'));

    await play.refunds(order);
    await play.flowOutcomes(order);
  });
});

describe('the warehouse does not answer a hold (LOG-09)', () => {
  it('reminds it, and the cancellation waits for its answer', async () => {
    const order = await play.released();
    const { orderNumber } = order;
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const hold = await play.partners.task(orderNumber, 'hold-order');
    await play.stack.advanceClockTo(hold.dueAt ?? '');
    const reminded = () =>
      play.partners.received(orderNumber, 'TaskReminded', 'tasks.warehouse').find(({ data }) => data.taskId === hold.taskId);
    await play.partners.messages.until('the warehouse is reminded', reminded, orderNumber);
    expect((await play.orderState(order)).openChange).not.toBeNull();

    await play.partners.answer(hold, { type: 'HoldConfirmed' });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await play.refunds(order);
    await play.flowOutcomes(order);
  });
});
