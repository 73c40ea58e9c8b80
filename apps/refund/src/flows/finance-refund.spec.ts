import { givenFlow } from '@orderloom/flows';
import { ids, requested } from '../refunds.fixture.js';
import { financeRefund } from './finance-refund.js';

const filed = (more: object = {}) => givenFlow(financeRefund, { type: 'RefundRequested', ...requested(10_000, 'service:anna'), ...more });
const large = () => givenFlow(financeRefund, { type: 'RefundRequested', ...requested(25_000, 'service:anna') });
const paying = (more: object = {}) => filed(more).answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').when('RefundApproved');
const paid = (more: object = {}) => paying(more).answered('pay-refund', 'RefundSucceeded', { providerReference: 'psp-1' });

describe('approving (REF-02)', () => {
  it('is asked of finance, and done by somebody who did not file it', () => {
    const flow = filed().then('open.approving', 'ask finance: approve-refund');
    flow
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:anna')
      .thenStrayed(/guards/)
      .then('open.approving');
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approved', 'send refund: ApproveRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, approvedBy: ['finance:li'] });
  });

  it('is done by two different people above the limit', () => {
    const flow = large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'service:anna')
      .thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approvingAgain', 'ask finance: approve-refund');
    for (const same of ['finance:li', 'finance:anna']) flow.answered('approve-refund', 'ApprovalGiven', {}, same).thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, approvedBy: ['finance:li', 'finance:zhou'] });
  });

  it('is not done by anybody else on whose behalf it was filed: who opened the case files it too', () => {
    const flow = filed({ alsoFiledBy: ['finance:li'] });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').thenStrayed(/guards/);
    expect(flow.task('approve-refund').about).toMatchObject({ alsoFiledBy: ['finance:li'] });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
  });

  it('may ask back, and goes on with the answer', () => {
    const flow = filed()
      .answered('approve-refund', 'QuestionAsked', { question: 'which goods?' })
      .then('open.askedBack', 'ask service: answer-finance');
    flow.answered('answer-finance', 'QuestionAnswered', { answer: 'the blue ones' }).then('open.approving', 'ask finance: approve-refund');
    expect(flow.task('approve-refund').about).toMatchObject({ answer: 'the blue ones' });
  });

  it('that asks back for the second time keeps the first approval', () => {
    const flow = large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .answered('approve-refund', 'QuestionAsked', { question: 'why?' });
    flow.answered('answer-finance', 'QuestionAnswered', { answer: 'lost' }).then('open.approvingAgain', 'ask finance: approve-refund');
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
  });

  it('is reminded after a working day, twice, then escalated', () => {
    const flow = filed().due('financeAnswer').due('financeAnswer').then('open.approving', 'remind finance: approve-refund');
    expect(flow.due('financeAnswer').last('TeamInformed')).toMatchObject({ team: 'supervisor', notice: 'task-escalated' });
  });
});

describe('a refund that finance rejects or gives up (REF-05)', () => {
  const denied = (more: object = {}) => filed(more).answered('approve-refund', 'ApprovalDenied', { reason: 'not owed' }, 'finance:li');

  it("is a supervisor's task before anything is recorded or said", () => {
    const flow = denied({ caseId: 'case-1' }).then('open.decidingRejection', 'ask supervisor: decide-rejected-refund');
    const about = { ...ids, amount: 10_000, currency: 'GBP', cause: 'cancelled', caseId: 'case-1', reason: 'not owed' };
    expect(flow.task('decide-rejected-refund').about).toEqual(about);
    large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .answered('approve-refund', 'ApprovalDenied', { reason: 'too much' }, 'finance:zhou')
      .then('open.decidingRejection', 'ask supervisor: decide-rejected-refund');
  });

  it('is rejected only on their word, and said once with amount and explanation', () => {
    const flow = denied().answered('decide-rejected-refund', 'RejectionUpheld', { explanation: 'paid twice already' }, 'supervisor:hao');
    flow.then('open.rejecting', 'send refund: RejectRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, reason: 'paid twice already' });
    flow.when('RefundRejected').then('rejected', 'inform service: refund-rejected', 'tell customer: refund-rejected', 'end: rejected');
    expect(flow.last('CustomerTold').fields).toMatchObject({ amount: 10_000, currency: 'GBP', reason: 'paid twice already' });
  });

  it('may be filed again with a note, which finance sees; who does that does not approve it', () => {
    const flow = denied().answered('decide-rejected-refund', 'RefundFiledAgain', { note: 'it was promised' }, 'supervisor:zhou');
    flow.then('open.approving', 'send refund: RefileRefund', 'ask finance: approve-refund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, filedBy: 'supervisor:zhou' });
    expect(flow.task('approve-refund').about).toMatchObject({ answer: 'it was promised', approvedBy: null });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approved', 'send refund: ApproveRefund');
  });

  it('may be paid otherwise, which counts as paid; not by who filed it', () => {
    const flow = denied();
    flow.answered('decide-rejected-refund', 'RefundPaidOtherwise', { reference: 'bank-1' }, 'supervisor:anna').thenStrayed(/guards/);
    flow.answered('decide-rejected-refund', 'RefundPaidOtherwise', { reference: 'bank-1' }, 'supervisor:hao');
    flow.then('open.recording', 'send refund: RecordRefundPaid');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, providerReference: 'bank-1' });
  });

  it('is reminded after a working day, twice, then escalated', () => {
    const flow = denied()
      .due('supervisorAnswer')
      .due('supervisorAnswer')
      .then('open.decidingRejection', 'remind supervisor: decide-rejected-refund');
    expect(flow.due('supervisorAnswer').last('TeamInformed')).toMatchObject({ team: 'supervisor', notice: 'task-escalated' });
  });
});

describe('the promise of three working days (REF-01)', () => {
  it('raises an alert the day before, and shows what is overdue', () => {
    const flow = filed();
    expect([flow.dueAt('refundAlert'), flow.dueAt('refundPromise')]).toEqual([
      '2010-12-03T09:00:00.000000Z',
      '2010-12-06T09:00:00.000000Z',
    ]);
    flow.due('refundAlert').then('open.approving', 'inform supervisor: refund-promise-at-risk');
    flow.due('refundPromise').then('open.approving', 'inform supervisor: refund-overdue');
  });

  it('is met when finance executes', () => {
    expect(paid().when('RefundPaid').dueAt('refundPromise')).toBeUndefined();
  });
});

describe('paying (REF-04, REF-05)', () => {
  it("is asked of the provider under a key that is the refund's own", () => {
    const flow = paying().then('open.paying.inFlight', 'send refund: StartRefundExecution', 'ask payments: pay-refund');
    expect(flow.task('pay-refund').about).toMatchObject({
      idempotencyKey: ids.refundId,
      amount: 10_000,
      method: 'card',
      reference: 'pay-536365',
    });
  });

  it('is recorded, and told by a person where the method needs it: card, with the posting time', () => {
    paid().then('open.recording', 'send refund: RecordRefundPaid').when('RefundPaid').then('mailing', 'ask finance: send-refund-mail');
    const flow = paid().when('RefundPaid');
    expect(flow.task('send-refund-mail').about).toMatchObject({ postingTime: '20-30 working days' });
    // the mail of that person is the one mail: nothing else is said
    flow.answered('send-refund-mail', 'RefundMailSent').then('mailed', 'end: mailed');
  });

  it('is told by itself where the method says so: PayPal', () => {
    paid({ method: 'paypal' }).when('RefundPaid').then('told', 'tell customer: refund-paid', 'end: told');
  });

  it('without an answer in time is unknown: asked again under the same task and key, and a late answer counts', () => {
    const flow = paying();
    const { taskId, about } = flow.task('pay-refund');
    flow.due('providerAnswer').then('open.paying.unknown', 'send refund: RecordOutcomeUnknown');
    flow.due('providerReminder').then('open.paying.unknown', 'remind payments: pay-refund');
    expect(flow.last('TaskReminded')).toMatchObject({ taskId, about });
    flow.answeredTask(taskId, 'RefundSucceeded', { providerReference: 'psp-1' }).then('open.recording', 'send refund: RecordRefundPaid');
    flow
      .answeredTask(taskId, 'RefundSucceeded', { providerReference: 'psp-1' })
      .thenStrayed(/closed/)
      .then('open.recording');
  });

  it('that failed goes back to finance, which tries again or gives up with a reason', () => {
    const failed = () => paying().answered('pay-refund', 'RefundFailed', { reason: 'account closed' });
    failed().then('open.failed', 'send refund: RecordRefundFailed', 'ask finance: decide-failed-refund');
    failed()
      .answered('decide-failed-refund', 'PayAgain')
      .then('open.paying.inFlight', 'send refund: StartRefundExecution', 'ask payments: pay-refund');
    failed()
      .answered('decide-failed-refund', 'PayoutGivenUp', { reason: 'no account' })
      .then('open.decidingRejection', 'ask supervisor: decide-rejected-refund');
    const flow = failed()
      .answered('decide-failed-refund', 'PaidOtherwise', { reference: 'bank-1' })
      .then('open.recording', 'send refund: RecordRefundPaid');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, providerReference: 'bank-1' });
  });
});

describe('what comes early or after the end', () => {
  it('waits for its state', () => {
    filed().when('RefundApproved').thenKept();
  });

  it('changes nothing any more', () => {
    paid({ method: 'paypal' }).when('RefundPaid').when('RefundRejected').thenStrayed(/ended/).then('told');
  });
});
