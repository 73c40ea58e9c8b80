import { givenFlow } from '@orderloom/flows';
import { ids, requested } from '../refunds.fixture.js';
import { financeRefund } from './finance-refund.js';

const filed = (more: object = {}) => givenFlow(financeRefund, { type: 'RefundRequested', ...requested(10_000, 'service:anna'), ...more });
const large = () => givenFlow(financeRefund, { type: 'RefundRequested', ...requested(25_000, 'service:anna') });
const paying = (more: object = {}) => filed(more).answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').when('RefundApproved');
const paid = (more: object = {}) => paying(more).answered('pay-refund', 'RefundSucceeded', { providerReference: 'psp-1' });

describe('the approval of a refund (REF-02)', () => {
  it('finance is asked, and an approval by the filer is ignored', () => {
    const flow = filed().then('open.approving', 'ask finance: approve-refund');
    flow
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:anna')
      .thenStrayed(/guards/)
      .then('open.approving');
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approved', 'send refund: ApproveRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, approvedBy: ['finance:li'] });
  });

  it('an amount above the limit needs approvals by two people', () => {
    const flow = large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'service:anna')
      .thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approvingAgain', 'ask finance: approve-refund');
    for (const same of ['finance:li', 'finance:anna']) flow.answered('approve-refund', 'ApprovalGiven', {}, same).thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, approvedBy: ['finance:li', 'finance:zhou'] });
  });

  it('nobody on whose behalf the refund was filed may approve it', () => {
    const flow = filed({ alsoFiledBy: ['finance:li'] });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').thenStrayed(/guards/);
    expect(flow.task('approve-refund').about).toMatchObject({ alsoFiledBy: ['finance:li'] });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
  });

  it('finance may ask a question, and its task continues with the answer', () => {
    const flow = filed()
      .answered('approve-refund', 'QuestionAsked', { question: 'which goods?' })
      .then('open.askedBack', 'ask service: answer-finance');
    flow.answered('answer-finance', 'QuestionAnswered', { answer: 'the blue ones' }).then('open.approving', 'ask finance: approve-refund');
    expect(flow.task('approve-refund').about).toMatchObject({ answer: 'the blue ones' });
  });

  it('a question of the second approver keeps the first approval', () => {
    const flow = large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .answered('approve-refund', 'QuestionAsked', { question: 'why?' });
    flow.answered('answer-finance', 'QuestionAnswered', { answer: 'lost' }).then('open.approvingAgain', 'ask finance: approve-refund');
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').then('open.approved', 'send refund: ApproveRefund');
  });

  it('finance is reminded twice, each after a working day, then the task is escalated', () => {
    const flow = filed().due('financeAnswer').due('financeAnswer').then('open.approving', 'remind finance: approve-refund');
    expect(flow.due('financeAnswer').last('TeamInformed')).toMatchObject({ team: 'supervisor', notice: 'task-escalated' });
  });
});

describe('a refund that finance rejects or gives up (REF-05)', () => {
  const denied = (more: object = {}) => filed(more).answered('approve-refund', 'ApprovalDenied', { reason: 'not owed' }, 'finance:li');

  it('a supervisor decides before anything is recorded or told', () => {
    const flow = denied({ caseId: 'case-1' }).then('open.decidingRejection', 'ask supervisor: decide-rejected-refund');
    const about = { ...ids, amount: 10_000, currency: 'GBP', cause: 'cancelled', caseId: 'case-1', reason: 'not owed' };
    expect(flow.task('decide-rejected-refund').about).toEqual(about);
    large()
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .answered('approve-refund', 'ApprovalDenied', { reason: 'too much' }, 'finance:zhou')
      .then('open.decidingRejection', 'ask supervisor: decide-rejected-refund');
  });

  it('an upheld rejection is recorded, and the customer is told amount and explanation once', () => {
    const flow = denied().answered('decide-rejected-refund', 'RejectionUpheld', { explanation: 'paid twice already' }, 'supervisor:hao');
    flow.then('open.rejecting', 'send refund: RejectRefund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, reason: 'paid twice already' });
    flow.when('RefundRejected').then('rejected', 'inform service: refund-rejected', 'tell customer: refund-rejected', 'end: rejected');
    expect(flow.last('CustomerTold').fields).toMatchObject({ amount: 10_000, currency: 'GBP', reason: 'paid twice already' });
  });

  it('a supervisor may file the refund again with a note for finance, and may not approve it', () => {
    const flow = denied().answered('decide-rejected-refund', 'RefundFiledAgain', { note: 'it was promised' }, 'supervisor:zhou');
    flow.then('open.approving', 'send refund: RefileRefund', 'ask finance: approve-refund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, filedBy: 'supervisor:zhou' });
    expect(flow.task('approve-refund').about).toMatchObject({ answer: 'it was promised', approvedBy: null });
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:zhou').thenStrayed(/guards/);
    flow.answered('approve-refund', 'ApprovalGiven', {}, 'finance:li').then('open.approved', 'send refund: ApproveRefund');
  });

  it('a supervisor who did not file the refund may pay it otherwise, which counts as paid', () => {
    const flow = denied();
    flow.answered('decide-rejected-refund', 'RefundPaidOtherwise', { reference: 'bank-1' }, 'supervisor:anna').thenStrayed(/guards/);
    flow.answered('decide-rejected-refund', 'RefundPaidOtherwise', { reference: 'bank-1' }, 'supervisor:hao');
    flow.then('open.recording', 'send refund: RecordRefundPaid');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, providerReference: 'bank-1' });
  });

  it('the supervisor is reminded twice, each after a working day, then the task is escalated', () => {
    const flow = denied()
      .due('supervisorAnswer')
      .due('supervisorAnswer')
      .then('open.decidingRejection', 'remind supervisor: decide-rejected-refund');
    expect(flow.due('supervisorAnswer').last('TeamInformed')).toMatchObject({ team: 'supervisor', notice: 'task-escalated' });
  });
});

describe('the promise of three working days (REF-01)', () => {
  it('an alert is raised the day before, and an overdue refund is reported', () => {
    const flow = filed();
    expect([flow.dueAt('refundAlert'), flow.dueAt('refundPromise')]).toEqual([
      '2010-12-03T09:00:00.000000Z',
      '2010-12-06T09:00:00.000000Z',
    ]);
    flow.due('refundAlert').then('open.approving', 'inform supervisor: refund-promise-at-risk');
    flow.due('refundPromise').then('open.approving', 'inform supervisor: refund-overdue');
  });

  it('the promise ends when the refund is paid', () => {
    expect(paid().when('RefundPaid').dueAt('refundPromise')).toBeUndefined();
  });
});

describe('the payment of a refund (REF-04, REF-05)', () => {
  it('the provider is asked under a key derived from the refund', () => {
    const flow = paying().then('open.paying.inFlight', 'send refund: StartRefundExecution', 'ask payments: pay-refund');
    expect(flow.task('pay-refund').about).toMatchObject({
      idempotencyKey: ids.refundId,
      amount: 10_000,
      method: 'card',
      reference: 'pay-536365',
    });
  });

  it('a paid card refund is recorded, and finance writes to the customer with the posting time', () => {
    paid().then('open.recording', 'send refund: RecordRefundPaid').when('RefundPaid').then('mailing', 'ask finance: send-refund-mail');
    const flow = paid().when('RefundPaid');
    expect(flow.task('send-refund-mail').about).toMatchObject({ postingTime: '20-30 working days' });
    // the mail of that person is the one mail: nothing else is said
    flow.answered('send-refund-mail', 'RefundMailSent').then('mailed', 'end: mailed');
  });

  it('a paid PayPal refund is told to the customer automatically', () => {
    paid({ method: 'paypal' }).when('RefundPaid').then('told', 'tell customer: refund-paid', 'end: told');
  });

  it('without an answer in time the outcome is unknown: the same task and key are used again, and a late answer counts', () => {
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

  it('after a failed payment finance tries again, pays otherwise or gives up with a reason', () => {
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

describe('early and late inputs', () => {
  it('an input of a later state is deferred', () => {
    filed().when('RefundApproved').thenKept();
  });

  it('an input after the end is ignored', () => {
    paid({ method: 'paypal' }).when('RefundPaid').when('RefundRejected').thenStrayed(/ended/).then('told');
  });
});
