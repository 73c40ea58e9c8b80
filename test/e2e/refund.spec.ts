import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

const application = ({ orderNumber }: Order, amount: number, currency = 'GBP') => ({
  ...{ orderNumber, cause: 'not-as-agreed', amount, currency },
  parts: [{ kind: 'goods', amount }],
});

/** Somebody of service files a refund for a shipped order. */
async function filed(amount: number, change: Partial<Order> = {}, who = 'service:anna'): Promise<Order> {
  const order = await scenario.released(change);
  await scenario.ships(order);
  const answer = await scenario.stack.at('refund', who).post('/refunds', application(order, amount));
  expect(answer.status).toBe(202);
  return order;
}

const hundreds = { lines: [{ line: 1, sku: 'CABINET', quantity: 1, unitPrice: 50_000 }] };
const approval = { type: 'ApprovalGiven' };
const strayed = async ({ orderNumber }: Order, times: number): Promise<void> => {
  const strays = () => scenario.partners.received(orderNumber, 'InputStrayed', 'refund.flows');
  await scenario.partners.messages.until('the answer changes nothing', () => strays().length === times, orderNumber);
};

describe('a payment provider that does not answer (REF-05)', () => {
  it('leaves the refund unknown; a second request with the same key gets two answers and records one payment', async () => {
    const order = await filed(1000);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    const task = await scenario.partners.task(orderNumber, 'pay-refund');
    await scenario.stack.advanceClockTo(task.dueAt ?? '');
    await scenario.partners.fact(orderNumber, 'RefundOutcomeUnknown');
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'unknown' }]);

    await scenario.stack.advanceClock({ hours: 2 });
    const reminded = () => scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.payments')[0];
    const again = await scenario.partners.messages.until('the provider is asked again', reminded, orderNumber);
    expect(again.data).toMatchObject({ taskId: task.taskId, about: { idempotencyKey: task.about['idempotencyKey'] } });
    const paid = { type: 'RefundSucceeded', providerReference: 'psp-1' };
    await Promise.all([scenario.partners.answer(task, paid), scenario.partners.answer(task, paid)]);

    expect(await scenario.partners.outcome(orderNumber, 'finance-refund')).toBe('told');
    await scenario.flowOutcomes(order);
    expect(scenario.partners.facts(orderNumber).filter((type) => type === 'RefundPaid')).toHaveLength(1);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', amount: 1000, providerReference: 'psp-1' }]);
  });

  it('that refuses returns the refund to finance, who pays it again', async () => {
    const order = await filed(1000);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundFailed', reason: 'account closed' });
    await scenario.partners.fact(orderNumber, 'RefundFailed', ({ data }) => data.reason === 'account closed');
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-failed-refund', { type: 'PayAgain' });
    await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-2' });
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid' }]);
  });
});

describe('a refund refused by the provider and paid by finance through a bank (REF-05)', () => {
  it('counts as paid against the captured amount', async () => {
    const order = await filed(2547);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundFailed', reason: 'account closed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-failed-refund', { type: 'PaidOtherwise', reference: 'bank-7' });
    await scenario.partners.fact(orderNumber, 'RefundPaid', ({ data }) => data['providerReference'] === 'bank-7');
    const second = await scenario.stack.at('refund', 'service:anna').post('/refunds', application(order, 1));
    expect([second.status, second.body['code']]).toEqual([409, 'refund-exceeds-captured']);
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', providerReference: 'bank-7' }]);
  });
});

describe('a refund whose payment changes after the refund has ended (REF-05)', () => {
  it('bounces days later: the amount is free again, finance decides, and it is paid again like any refund', async () => {
    const order = await filed(1000);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    const task = await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-6' });
    await scenario.flowOutcomes(order);
    await scenario.partners.answer(task, { type: 'RefundFailed', reason: 'the account is closed' }, 'provider');
    const asked = await scenario.partners.task(orderNumber, 'decide-bounced-refund');
    expect(asked.about).toMatchObject({ amount: 1000, reason: 'the account is closed', providerReference: 'psp-6' });
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'bounced' }]);
    await scenario.partners.answer(asked, { type: 'PayAgain' }, 'finance:li');
    await scenario.partners.answer(await scenario.partners.task(orderNumber, 'approve-refund', 2), approval, 'finance:zhou');
    const again = await scenario.partners.task(orderNumber, 'pay-refund', 2);
    expect(again.about['idempotencyKey']).not.toBe(task.about['idempotencyKey']);
    await scenario.partners.answer(again, { type: 'RefundSucceeded', providerReference: 'psp-7' });
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'bounced' }, { status: 'paid', providerReference: 'psp-7' }]);
  });

  it('succeeds after it was given up: finance gets a task, and the amount is not refunded again', async () => {
    const order = await filed(2547);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    const task = await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundFailed', reason: 'account closed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-failed-refund', { type: 'PayoutGivenUp', reason: 'no account' });
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-rejected-refund', { type: 'RejectionUpheld', explanation: 'no account' });
    await scenario.flowOutcomes(order);
    await scenario.partners.answer(task, { type: 'RefundSucceeded', providerReference: 'psp-8' }, 'provider');
    const late = await scenario.partners.task(orderNumber, 'decide-late-payout');
    expect(late.about).toMatchObject({ amount: 2547, was: 'rejected', excess: 0, providerReference: 'psp-8' });
    const second = await scenario.stack.at('refund', 'service:anna').post('/refunds', application(order, 1));
    expect([second.status, second.body['code']]).toEqual([409, 'refund-exceeds-captured']);
    await scenario.partners.answer(late, { type: 'PayoutCounts', note: 'it was owed' });
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', providerReference: 'psp-8' }]);
  });
});

describe('the approval of a refund (REF-02)', () => {
  it('is refused from the person who filed the refund, over every channel', async () => {
    const order = await filed(1000, {}, 'finance:anna');
    const { orderNumber } = order;
    const task = await scenario.partners.task(orderNumber, 'approve-refund');
    const own = await scenario.stack.at('refund', 'finance:anna').post(`/tasks/${task.taskId}/answer`, approval);
    expect(own.status).toBe(409);
    await scenario.partners.answer(task, approval, 'finance:anna');
    await scenario.partners.answer(task, approval, 'anna');
    await strayed(order, 3);
    expect(scenario.partners.facts(orderNumber)).not.toContain('RefundApproved');

    const other = await scenario.stack.at('refund', 'finance:li').post(`/tasks/${task.taskId}/answer`, approval);
    expect(other.status).toBe(200);
    const approved = await scenario.partners.fact(orderNumber, 'RefundApproved');
    expect(approved.data.approvedBy).toEqual(['finance:li']);
    await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-3' });
    await scenario.flowOutcomes(order);
  });

  it('is refused from the person who requested the cancellation that caused it, whatever the role', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const asked = await scenario.stack.at('order', 'service:anna').post(`/orders/${orderNumber}/cancellation`, { reason: 'ordered twice' });
    expect(asked.status).toBe(202);
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const task = await scenario.partners.task(orderNumber, 'approve-refund');
    expect(task.about['filedBy']).toBe('service:anna');
    const own = await scenario.stack.at('refund', 'finance:anna').post(`/tasks/${task.taskId}/answer`, approval);
    expect(own.status).toBe(409);
    await scenario.partners.answer(task, approval, 'finance:anna');
    await strayed(order, 2);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('is refused on the topic of another team, whatever sender it names', async () => {
    const order = await filed(1000);
    const task = await scenario.partners.task(order.orderNumber, 'approve-refund');
    await scenario.partners.answer({ ...task, team: 'service' }, approval, 'finance:li');
    await strayed(order, 1);
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('RefundApproved');
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('is no task of service', async () => {
    const order = await filed(1000);
    const task = await scenario.partners.task(order.orderNumber, 'approve-refund');
    expect((await scenario.stack.at('refund', 'service:anna').post(`/tasks/${task.taskId}/answer`, approval)).status).toBe(403);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('needs two different people above 200.00', async () => {
    const order = await filed(20_001, hundreds);
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'approve-refund', approval, 'finance:li');
    const second = await scenario.partners.task(orderNumber, 'approve-refund', 2);
    expect(second.about['approvedBy']).toBe('finance:li');
    for (const by of ['finance:li', 'service:anna']) await scenario.partners.answer(second, approval, by);
    await strayed(order, 2);
    expect(scenario.partners.facts(orderNumber)).not.toContain('RefundApproved');

    await scenario.partners.answer(second, approval, 'finance:chen');
    const approved = await scenario.partners.fact(orderNumber, 'RefundApproved');
    expect(approved.data.approvedBy).toEqual(['finance:li', 'finance:chen']);
    await scenario.partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-4' });
    await scenario.flowOutcomes(order);
  });

  it('needs one person up to 200.00', async () => {
    const order = await filed(20_000, hundreds);
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    expect(scenario.partners.tasks(order.orderNumber, 'approve-refund')).toHaveLength(1);
  });

  it('may be rejected with a reason: nothing is paid, and the reserved amount is free again', async () => {
    const order = await filed(2547);
    await scenario.partners.waitAndAnswer(
      order.orderNumber,
      'approve-refund',
      { type: 'ApprovalDenied', reason: 'no photos' },
      'finance:li',
    );
    const task = await scenario.partners.waitAndAnswer(order.orderNumber, 'decide-rejected-refund', {
      type: 'RejectionUpheld',
      explanation: 'no photos',
    });
    expect(task.about).toMatchObject({ amount: 2547, reason: 'no photos' });
    await scenario.partners.fact(order.orderNumber, 'RefundRejected', ({ data }) => data.reason === 'no photos');
    await scenario.flowOutcomes(order);
    const told = scenario.partners
      .received(order.orderNumber, 'CustomerTold', 'customer.messages')
      .filter(({ data }) => data['template'] === 'refund-rejected');
    expect(told.map(({ data }) => data['fields'])).toMatchObject([{ amount: 2547, reason: 'no photos' }]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'rejected' }]);
    expect((await scenario.stack.at('refund', 'service:anna').post('/refunds', application(order, 2547))).status).toBe(202);
    const again = await scenario.partners.task(order.orderNumber, 'approve-refund', 2);
    await scenario.partners.answer(again, approval, 'finance:li');
    await scenario.partners.waitAndAnswer(order.orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-5' });
    await scenario.flowOutcomes(order);
  });

  it('may ask back first, and finance sees the answer', async () => {
    const order = await filed(1000);
    await scenario.partners.waitAndAnswer(
      order.orderNumber,
      'approve-refund',
      { type: 'QuestionAsked', question: 'what was wrong?' },
      'finance:li',
    );
    const asked = await scenario.partners.waitAndAnswer(order.orderNumber, 'answer-finance', {
      type: 'QuestionAnswered',
      answer: 'the colour',
    });
    expect(asked.about['question']).toBe('what was wrong?');
    expect((await scenario.partners.task(order.orderNumber, 'approve-refund', 2)).about['answer']).toBe('the colour');
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });
});

describe('all refunds of an order (REF-03)', () => {
  it('never exceed the captured amount, however many are filed at the same moment', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    const anna = scenario.stack.at('refund', 'service:anna');
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.post('/refunds', application(order, 500))));

    const { captured, refunds } = await scenario.register(order);
    expect(captured).toBe(2547);
    expect(refunds).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(answers.filter(({ status }) => status !== 202).map(({ status, body }) => [status, body['code']])).toEqual(
      Array.from({ length: 15 }, () => [409, 'refund-exceeds-captured']),
    );
    const tasks = () => scenario.partners.tasks(order.orderNumber, 'approve-refund');
    await scenario.partners.messages.until('finance is asked about each', () => tasks().length === 5, order.orderNumber);
    for (const task of tasks()) await scenario.partners.answer(task, { type: 'ApprovalDenied', reason: 'one is enough' }, 'finance:li');
    const rejected = () => scenario.partners.tasks(order.orderNumber, 'decide-rejected-refund');
    await scenario.partners.messages.until('a supervisor is asked about each', () => rejected().length === 5, order.orderNumber);
    for (const task of rejected()) await scenario.partners.answer(task, { type: 'RejectionUpheld', explanation: 'one is enough' });
    await scenario.flowOutcomes(order);
  });

  it('are filed in the currency of the payment', async () => {
    const order = await scenario.released();
    const answer = await scenario.stack.at('refund', 'service:anna').post('/refunds', application(order, 500, 'EUR'));
    expect([answer.status, answer.body['code']]).toEqual([409, 'refund-in-other-currency']);
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});
