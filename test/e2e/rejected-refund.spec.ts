import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);

const denied = { type: 'ApprovalDenied', reason: 'no photos' };
const filedAgain = { type: 'RefundFiledAgain', note: 'it was promised' };
const upheld = { type: 'RejectionUpheld', explanation: 'the goods were used' };
/** Messages to the customer that say whether the refund comes. */
const outcomes = ['return-accepted', 'return-not-refunded', 'refund-rejected', 'refund-paid', 'refund-came-back', 'return-unpaid'];
const toldOfRefund = (order: Order): string[] => scenario.customerTemplates(order).filter((template) => outcomes.includes(template));

/** The answer of somebody by HTTP: its status. */
const answers = async (who: string, taskId: string, answer: object): Promise<number> =>
  (await scenario.stack.at('refund', who).post(`/tasks/${taskId}/answer`, answer)).status;

/** Finance says no; a supervisor is asked. */
async function deniedByFinance({ orderNumber }: Order, amount: number) {
  const { about } = await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', denied, 'finance:li');
  expect(about['amount']).toBe(amount);
  const asked = await scenario.partners.task(orderNumber, 'decide-rejected-refund');
  expect(asked).toMatchObject({ team: 'supervisor', about: { amount, currency: 'GBP', reason: 'no photos' } });
  expect(asked.dueAt).not.toBeNull();
  return asked;
}

/** Whether a flow of this kind about the order is still running. */
const isOpen = async (service: 'order' | 'after-sales', { orderNumber }: Order, kind: string): Promise<boolean> =>
  (await scenario.stack.at(service, 'operator:kim').flows(orderNumber)).some(({ flow, status }) => flow === kind && status === 'active');

describe('a refund of returned goods that finance rejects (REF-02, REF-05)', () => {
  /** Anna of service opens the case; the goods are accepted, and finance rejects their refund. */
  async function returned() {
    const order = await after.delivered();
    const intake = { orderNumber: order.orderNumber, kind: 'return', lines: [{ line: 2, quantity: 2 }], text: 'too big' };
    expect((await scenario.stack.at('after-sales', 'service:anna').post('/cases', intake)).status).toBe(201);
    await after.sendsBack(order);
    await after.inspects(order, 2);
    const approval = await scenario.partners.task(order.orderNumber, 'approve-refund');
    expect(approval.about).toMatchObject({ amount: 678, filedBy: 'service:anna' });
    expect(await answers('finance:anna', approval.taskId, { type: 'ApprovalGiven' })).toBe(409);
    const asked = await deniedByFinance(order, 678);
    expect(await after.cases(order)).toMatchObject([{ status: 'open' }]);
    expect(toldOfRefund(order)).toEqual([]);
    return { order, asked };
  }

  it('may be filed again: the person who filed it may approve neither it nor its second payment after a bounce; the customer gets one outcome', async () => {
    const { order, asked } = await returned();
    const { orderNumber } = order;
    expect(asked.about['caseId']).toBe((await scenario.partners.fact(orderNumber, 'CaseOpened')).data.caseId);
    expect(await answers('supervisor:zhou', asked.taskId, filedAgain)).toBe(200);
    const approval = await scenario.partners.task(orderNumber, 'approve-refund', 2);
    expect(approval.about).toMatchObject({ answer: 'it was promised' });
    for (const filer of ['finance:anna', 'finance:zhou'])
      expect(await answers(filer, approval.taskId, { type: 'ApprovalGiven' })).toBe(409);
    expect(await answers('finance:li', approval.taskId, { type: 'ApprovalGiven' })).toBe(200);
    const paid = { type: 'RefundSucceeded', providerReference: `psp-${orderNumber}` };
    const pay = await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', paid);
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: refunded');
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'refunded' }]);
    expect(toldOfRefund(order).sort()).toEqual(['refund-paid', 'return-accepted']);

    await scenario.partners.answer(pay, { type: 'RefundFailed', reason: 'the account is closed' }, 'provider');
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-bounced-refund', { type: 'PayAgain' }, 'finance:chen');
    const again = await scenario.partners.task(orderNumber, 'approve-refund', 3);
    expect(again.about).toMatchObject({ amount: 678, filedBy: 'finance:chen', alsoFiledBy: ['service:anna', 'supervisor:zhou'] });
    for (const filer of ['finance:anna', 'finance:zhou', 'finance:chen'])
      expect(await answers(filer, again.taskId, { type: 'ApprovalGiven' })).toBe(409);
    await scenario.partners.answer(again, { type: 'ApprovalGiven' }, 'finance:li');
    const payAgain = await scenario.partners.task(orderNumber, 'pay-refund', 2);
    await scenario.partners.answer(payAgain, { type: 'RefundSucceeded', providerReference: `psp-${orderNumber}-2` });
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'bounced' }, { status: 'paid', amount: 678 }]);
    expect(toldOfRefund(order)).not.toContain('refund-rejected');
  });

  it('may stay rejected: the goods are offered back before the case closes, and the customer gets the reason', async () => {
    const { order, asked } = await returned();
    const { orderNumber } = order;
    expect(await answers('supervisor:zhou', asked.taskId, upheld)).toBe(200);
    const back = await scenario.partners.task(orderNumber, 'take-back');
    expect(back.about).toMatchObject({ lines: [{ line: 2, quantity: 2 }] });
    expect(await after.cases(order)).toMatchObject([{ status: 'open' }]);
    await scenario.partners.answer(back, { type: 'TakenBack' });
    const told = await scenario.partners.customerMessage(orderNumber, 'return-not-refunded');
    expect(told.data.fields).toMatchObject({ amount: 678, currency: 'GBP', reason: upheld.explanation, sentBack: true });
    expect(await after.flowOutcomes(order)).toContain('return-with-refund: notRefunded');
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'not refunded' }]);
    expect(toldOfRefund(order).sort()).toEqual(['refund-rejected', 'return-not-refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'rejected' }]);
    expect(scenario.partners.facts(orderNumber)).toContain('UnitsRestored');
  });
});

describe('a refund of a cancelled order that finance rejects (ORD-13, REF-05)', () => {
  /** Anna of service asks for the cancellation before the release; finance rejects the refund. */
  async function cancelled() {
    const order = await scenario.placed();
    const { orderNumber } = order;
    const asked = await scenario.stack.at('order', 'service:anna').post(`/orders/${orderNumber}/cancellation`, { reason: 'ordered twice' });
    expect(asked.status).toBe(202);
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const task = await deniedByFinance(order, 2547);
    expect(toldOfRefund(order)).toEqual([]);
    expect(await isOpen('order', order, 'cancel-order')).toBe(true);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
    return { order, task };
  }

  it('is paid another way, as promised with the cancellation, and not approved by the person who requested it', async () => {
    const { order, task } = await cancelled();
    const otherwise = { type: 'RefundPaidOtherwise', reference: 'bank-7' };
    expect(await answers('supervisor:anna', task.taskId, otherwise)).toBe(409);
    expect(await answers('supervisor:zhou', task.taskId, otherwise)).toBe(200);
    expect(await scenario.flowOutcomes(order)).toContain('cancel-order: cancelled');
    const told = await scenario.partners.customerMessage(order.orderNumber, 'order-cancelled');
    expect(told.data.fields).toMatchObject({ refund: 2547 });
    expect(toldOfRefund(order)).toEqual(['refund-paid']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', providerReference: 'bank-7' }]);
  });

  it('may stay rejected: customer and service are told once, after that decision, with amount and explanation', async () => {
    const { order, task } = await cancelled();
    expect(await answers('supervisor:zhou', task.taskId, upheld)).toBe(200);
    const told = await scenario.partners.customerMessage(order.orderNumber, 'refund-rejected');
    expect(told.data.fields).toMatchObject({ amount: 2547, currency: 'GBP', reason: upheld.explanation });
    await scenario.partners.informed(order.orderNumber, 'service', 'refund-rejected');
    expect(await scenario.flowOutcomes(order)).toEqual(['cancel-order: cancelled', 'finance-refund: rejected', 'fulfil-order: cancelled']);
    expect(toldOfRefund(order)).toEqual(['refund-rejected']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'rejected' }]);
  });
});

describe('a refund of an order whose goods are unavailable (ORD-04, REF-03, REF-05)', () => {
  async function givenUp({ orderNumber }: Order): Promise<void> {
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [1, 2] });
    await scenario.partners.waitAndAnswer(orderNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
  }

  it('becomes a task of a supervisor when finance rejects it; the fulfilment stays open until it is paid', async () => {
    const order = await scenario.placed();
    await givenUp(order);
    const task = await deniedByFinance(order, 2547);
    expect(await isOpen('order', order, 'fulfil-order')).toBe(true);
    expect(await answers('supervisor:zhou', task.taskId, filedAgain)).toBe(200);
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['finance-refund: told', 'fulfil-order: cancelled']);
    expect(toldOfRefund(order)).toEqual(['refund-paid']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
  });

  it('is refused when part of it was refunded before; a supervisor settles it by hand, and the fulfilment stays open until then', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    const parts = [{ kind: 'compensation', amount: 1000 }];
    const early = { orderNumber, cause: 'other', amount: 1000, currency: 'GBP', parts };
    expect((await scenario.stack.at('refund', 'service:anna').post('/refunds', early)).status).toBe(202);
    await scenario.refunds(order);
    await givenUp(order);
    const task = await scenario.partners.task(orderNumber, 'settle-refund');
    const reason = '25.47 GBP is more than the 15.47 GBP of 25.47 GBP captured that are left';
    expect(task).toMatchObject({ team: 'supervisor', about: { amount: 2547, currency: 'GBP', reason } });
    expect(await isOpen('order', order, 'fulfil-order')).toBe(true);
    await scenario.partners.answer(task, { type: 'RefundSettledByHand', note: '15.47 by bank' });
    expect(await scenario.flowOutcomes(order)).toContain('fulfil-order: cancelled');
  });
});
