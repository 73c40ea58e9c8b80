import { type ReceivedMessage, type Task, taskOf } from '../../support/messaging/received-message.js';
import type { Order } from '../../support/scenario/orders.js';
import { useScenario } from '../../support/scenario/scenario.js';
import { eventually } from '../support/eventually.js';

const scenario = useScenario({ only: ['order', 'refund'] });

/** The provider's ledger: payments by their idempotency key. */
const ledger = new Map<string, { orderNumber: string; amount: number }>();

/** Pays what it is asked to, unless it has paid that key. */
function pays({ about }: Pick<Task, 'about'>): void {
  const { idempotencyKey, orderNumber, amount } = about as { idempotencyKey: string; orderNumber: string; amount: number };
  if (!ledger.has(idempotencyKey)) ledger.set(idempotencyKey, { orderNumber, amount });
}
const paidFor = ({ orderNumber }: Order) => [...ledger.values()].filter((payment) => payment.orderNumber === orderNumber);

/** An approved refund of 10.00, and the provider's task. */
async function asked(): Promise<{ order: Order; task: Task }> {
  const order = await scenario.placed();
  const { orderNumber } = order;
  const application = { orderNumber, cause: 'not-as-agreed', amount: 1000, currency: 'GBP', parts: [{ kind: 'goods', amount: 1000 }] };
  const filed = async (): Promise<boolean> =>
    (await scenario.stack.at('refund', 'service:anna').post('/refunds', application)).status === 202;
  await scenario.partners.messages.until('what was captured is known, and the refund filed', filed);
  await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'li');
  return { order, task: await scenario.partners.task(orderNumber, 'pay-refund') };
}

/** Says nothing until its time is over and it is asked again; that task. */
async function timesOut({ orderNumber }: Order, task: Task): Promise<Task> {
  await scenario.stack.advanceClockTo(task.dueAt ?? '');
  await scenario.partners.fact(orderNumber, 'RefundOutcomeUnknown');
  await scenario.stack.advanceClock({ hours: 2 });
  const reminded = (): ReceivedMessage | undefined => scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.payments')[0];
  return taskOf(await scenario.partners.messages.until('it is asked again', reminded, orderNumber));
}

const succeeded = (n: number) => ({ type: 'RefundSucceeded', providerReference: `psp-${n}` });
const strayed = ({ orderNumber }: Order, times: number): Promise<unknown> =>
  scenario.partners.messages.until(
    `${times} answers change nothing`,
    () => scenario.partners.received(orderNumber, 'InputStrayed', 'refund.flows').length === times,
    orderNumber,
  );

/** Hours that pass at once make deadlines of all orders due. */
const allFired = (): Promise<unknown> =>
  eventually('nothing is overdue', async () => {
    const figures = await Promise.all(scenario.stack.services.map((name) => scenario.stack.at(name, 'operator:kim').metrics()));
    return figures.every((figure) => figure.get('orderloom_overdue_deadlines') === 0);
  });

/** One payment there, and one here. */
async function paidOnce(order: Order): Promise<void> {
  expect(await scenario.partners.outcome(order.orderNumber, 'finance-refund')).toBe('told');
  expect(paidFor(order)).toEqual([{ orderNumber: order.orderNumber, amount: 1000 }]);
  // another topic, which may be heard later
  await scenario.partners.fact(order.orderNumber, 'RefundPaid');
  expect(scenario.partners.facts(order.orderNumber).filter((type) => type === 'RefundPaid')).toHaveLength(1);
  expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', amount: 1000, providerReference: 'psp-1' }]);
  await allFired();
  expect(await scenario.stack.audit()).toEqual([]);
}

describe('fault 33: the payment provider times out, answers late or answers twice', () => {
  it('a paid refund without an answer is requested again under the same key, paid once and answered twice (I5)', async () => {
    const { order, task } = await asked();
    pays(task);
    const again = await timesOut(order, task);
    expect(again).toMatchObject({ taskId: task.taskId, about: { idempotencyKey: task.about['idempotencyKey'] } });
    pays(again);
    await scenario.partners.answer(again, succeeded(1));
    await scenario.partners.answer(task, succeeded(2));
    await strayed(order, 1);
    await paidOnce(order);
  });

  it('a late answer of the provider counts, and is recorded once (I5)', async () => {
    const { order, task } = await asked();
    pays(await timesOut(order, task));
    const given = { id: `late-${order.orderNumber}` };
    await scenario.partners.answer(task, succeeded(1), 'provider', given);
    await scenario.partners.answer(task, succeeded(1), 'provider', given);
    await paidOnce(order);
  });

  it('a late failure of a paid refund goes to finance, and it is not paid again (I5, REF-05)', async () => {
    const { order, task } = await asked();
    const { orderNumber } = order;
    pays(task);
    await scenario.partners.answer(task, succeeded(1));
    await scenario.partners.fact(orderNumber, 'RefundPaid');
    await scenario.partners.answer(task, { type: 'RefundFailed', reason: 'a time-out inside the provider' });
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-bounced-refund', { type: 'PayoutStands', reference: 'psp-1' });
    expect(await scenario.partners.outcome(orderNumber, 'bounced-refund')).toBe('stands');
    expect(paidFor(order)).toEqual([{ orderNumber, amount: 1000 }]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', amount: 1000, providerReference: 'psp-1' }]);
    expect(scenario.partners.tasks(orderNumber, 'decide-failed-refund')).toEqual([]);
    await allFired();
    expect(await scenario.stack.audit()).toEqual([]);
  });

  it('a paid refund reported as failed is requested again under the same key, and paid once (I5)', async () => {
    const { order, task } = await asked();
    pays(task);
    await scenario.partners.answer(task, { type: 'RefundFailed', reason: 'a time-out inside the provider' });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'decide-failed-refund', { type: 'PayAgain' });
    const again = await scenario.partners.task(order.orderNumber, 'pay-refund', 2);
    pays(again);
    await scenario.partners.answer(again, succeeded(1));
    await scenario.partners.answer(task, succeeded(2));
    await strayed(order, 1);
    await paidOnce(order);
  });

  it('a service killed while the provider pays requests no second payment (I5)', async () => {
    const { order, task } = await asked();
    await scenario.stack.kill('refund');
    pays(task);
    await scenario.partners.answer(task, succeeded(1));
    await scenario.stack.start('refund');
    await paidOnce(order);
    expect(scenario.partners.tasks(order.orderNumber, 'pay-refund')).toEqual([task]);
  });
});
