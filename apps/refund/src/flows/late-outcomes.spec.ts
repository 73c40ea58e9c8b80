import { brokenDuties, violatedInvariants, givenFlow, outcomesOf, rulesOf, enumeratePaths } from '@orderloom/flows';
import { refund } from '../refund.module.js';
import { ids, orderNumber, requested } from '../refunds.fixture.js';
import { bouncedRefund } from './bounced-refund.js';
import { financeRefund } from './finance-refund.js';
import { latePayout } from './late-payout.js';

const payer = 'finance-refund-1';
const sum = { ...ids, amount: 10_000, currency: 'GBP' };
const cameBack = { type: 'PayoutCameBack', orderNumber, payer, providerReference: 'psp-1', reason: 'account closed' };
const cameLate = { type: 'PayoutCameLate', orderNumber, payer, providerReference: 'psp-1' };
const bounced = { ...sum, providerReference: 'psp-1', reason: 'account closed', cause: 'cancelled', filers: ['service:anna'] };
const reported = (was: string, excess = 0) => ({ ...sum, providerReference: 'psp-1', method: 'card', was, excess });

describe('a payment that the provider returns (REF-05)', () => {
  const back = () => givenFlow(bouncedRefund, cameBack).when('RefundBounced', bounced);
  const decided = (answer: string, fields: object = {}) => back().answered('decide-bounced-refund', answer, fields, 'finance:li');
  const givenUp = () => decided('PayoutGivenUp', { reason: 'no account' });

  it('the return is recorded first, then finance decides', () => {
    givenFlow(bouncedRefund, cameBack).then('matching', 'send refund: RecordPayoutBack');
    const flow = back().then('deciding', 'ask finance: decide-bounced-refund');
    expect(flow.task('decide-bounced-refund').about).toMatchObject({ ...sum, providerReference: 'psp-1', reason: 'account closed' });
  });

  it('finance may pay again by a new application that it files; the customer is told once', () => {
    const flow = decided('PayAgain').then('filing', 'send refund: FileRefundAgain');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, filedBy: 'finance:li' });
    flow.when('RefundRequested').then('filed', 'tell customer: refund-came-back', 'end: filed');
  });

  it('finance may pay otherwise or confirm the payment, under a reference that the customer is told', () => {
    for (const [answer, template, end] of [
      ['PaidOtherwise', 'refund-paid-otherwise', 'paidOtherwise'],
      ['PayoutStands', 'refund-confirmed', 'stands'],
    ] as const) {
      const flow = decided(answer, { reference: 'bank-1' });
      expect(flow.last('CommandSent')).toMatchObject({ command: 'RecordRefundPaid', data: { ...ids, providerReference: 'bank-1' } });
      flow.when('RefundPaid').then(end, `tell customer: ${template}`, `end: ${end}`);
    }
  });

  it('a refund that finance gives up is decided by a supervisor before the customer is told', () => {
    const flow = givenUp().then('decidingRejection', 'ask supervisor: decide-rejected-refund');
    flow
      .answered('decide-rejected-refund', 'RejectionUpheld', { explanation: 'not owed' })
      .then('rejecting', 'send refund: RejectRefund')
      .when('RefundRejected')
      .then('givenUp', 'inform service: refund-rejected', 'tell customer: refund-rejected', 'end: givenUp');
    givenUp()
      .answered('decide-rejected-refund', 'RefundPaidOtherwise', { reference: 'bank-1' }, 'supervisor:anna')
      .thenStrayed(/guards of the current state/);
  });

  it('a refund whose amount was used meanwhile is settled by hand', () => {
    decided('PayAgain')
      .when('RefundApplicationRefused', { reason: 'more than is left' })
      .then('settling', 'ask supervisor: settle-refund')
      .answered('settle-refund', 'RefundSettledByHand', { note: 'paid in cash' })
      .then('settled', 'send refund: RecordRefundSettled', 'tell customer: refund-settled', 'end: settled');
  });

  it('finance is informed even if the return changes nothing', () => {
    givenFlow(bouncedRefund, cameBack)
      .when('PayoutNoticeIgnored', { reason: 'x' })
      .then('ignored', 'inform finance: payout-failed-late', 'end: ignored');
  });
});

describe('a payment that the provider makes late (REF-05)', () => {
  const late = (was: string, excess = 0) => givenFlow(latePayout, cameLate).when('LatePayoutReported', reported(was, excess));

  it('finance decides if the refund was given up or paid otherwise', () => {
    for (const was of ['rejected', 'paid', 'bounced', 'settled']) {
      const flow = late(was, 500).then('deciding', 'ask finance: decide-late-payout');
      expect(flow.task('decide-late-payout').about).toMatchObject({ ...sum, was, excess: 500, providerReference: 'psp-1' });
    }
  });

  it('the late payment is counted, reclaimed or not found', () => {
    const decided = (answer: string, fields: object = {}) => late('rejected').answered('decide-late-payout', answer, fields);
    decided('PayoutCounts')
      .then('keeping', 'send refund: KeepLatePayout')
      .when('RefundPaid', { ...ids, providerReference: 'psp-1' })
      .then('kept', 'tell customer: refund-paid-late', 'end: kept');
    decided('PayoutReclaimed', { reference: 'claim-1' })
      .then('reclaiming', 'send refund: RecordPayoutReturned')
      .when('LatePayoutReturned', { ...ids, providerReference: 'psp-1' })
      .then('reclaimed', 'tell customer: refund-reclaimed', 'end: reclaimed');
    decided('PayoutNotFound')
      .then('correcting', 'send refund: RecordPayoutReturned')
      .when('LatePayoutReturned', { ...ids, providerReference: 'psp-1' })
      .then('returned', 'end: returned');
  });

  it('a late payment of an undecided refund waits for its outcome', () => {
    late('failed')
      .then('awaiting')
      .when('RefundPaid', { ...ids, providerReference: 'psp-1' })
      .then('counted', 'inform finance: late-payout-counted', 'end: counted');
    const beside = late('failed')
      .when('RefundPaid', { ...ids, providerReference: 'bank-1' })
      .then('deciding', 'ask finance: decide-late-payout');
    expect(beside.task('decide-late-payout').about).toMatchObject({ was: 'paid', excess: 10_000 });
    late('failed').when('RefundRejected', ids).then('deciding', 'ask finance: decide-late-payout');
    late('failed')
      .when('RefundPaid', { ...ids, refundId: 'refund-2', providerReference: 'psp-1' })
      .then('awaiting');
  });
});

describe('a refund that the provider pays after a failure (REF-05)', () => {
  const failed = () =>
    givenFlow(financeRefund, { type: 'RefundRequested', ...requested(10_000, 'service:anna') })
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .when('RefundApproved')
      .answered('pay-refund', 'RefundFailed', { reason: 'account closed' });
  const paidLate = { ...ids, providerReference: 'psp-1' };

  it('the refund is recorded as paid, and the task of finance is withdrawn', () => {
    const flow = failed()
      .when('LatePayoutReported', paidLate)
      .then('open.recording', 'withdraw finance: decide-failed-refund', 'send refund: RecordRefundPaid');
    expect(flow.last('CommandSent').data).toEqual(paidLate);
    failed()
      .answered('decide-failed-refund', 'PayoutGivenUp', { reason: 'no account' })
      .when('LatePayoutReported', paidLate)
      .then('open.recording', 'withdraw supervisor: decide-rejected-refund', 'send refund: RecordRefundPaid');
    failed()
      .when('LatePayoutReported', { ...paidLate, refundId: 'refund-2' })
      .then('open.failed');
  });

  it('a payment that is returned before finance has written to the customer withdraws that task', () => {
    failed()
      .when('LatePayoutReported', paidLate)
      .when('RefundPaid')
      .when('RefundBounced', ids)
      .then('cameBack', 'withdraw finance: send-refund-mail', 'end: cameBack');
  });
});

describe.each([
  [
    bouncedRefund,
    cameBack,
    ['filed', 'givenUp', 'ignored', 'lateReturned', 'paidOtherwise', 'settled', 'stands'],
    ['REF-01', 'REF-03', 'REF-05'],
  ],
  [latePayout, cameLate, ['counted', 'kept', 'known', 'reclaimed', 'returned'], ['REF-05']],
])('all paths of flow %#', (flow, start, ends, rules) => {
  const types = (...names: string[]) => names.map((type) => ({ type }));
  const inputs = [
    { type: 'RefundBounced', ...bounced },
    { type: 'LatePayoutReturned', ...bounced },
    { type: 'PayAgain', by: 'finance:li' },
    ...types('PaidOtherwise', 'RefundPaidOtherwise', 'PayoutStands').map((input) => ({
      ...input,
      reference: 'bank-1',
      by: 'supervisor:ruth',
    })),
    { type: 'RefundFiledAgain', note: 'promised', by: 'supervisor:hao' },
    { type: 'RejectionUpheld', explanation: 'not owed' },
    ...types('PayoutGivenUp', 'RefundApplicationRefused', 'PayoutNoticeIgnored').map((input) => ({ ...input, reason: 'account closed' })),
    ...['psp-1', 'bank-1'].map((providerReference) => ({ type: 'RefundPaid', ...ids, providerReference })),
    { type: 'RefundRejected', ...ids },
    ...['rejected', 'failed'].map((was) => ({ type: 'LatePayoutReported', ...reported(was) })),
    { type: 'PayoutReclaimed', reference: 'claim-1' },
    ...types('RefundRequested', 'RefundSettledByHand', 'PayoutCounts', 'PayoutNotFound', 'LatePayoutKept'),
  ];
  const walks = [enumeratePaths(flow, start, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(flow, walks, Object.keys(refund.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes and the rules are those of its page', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(ends);
    expect(rulesOf(flow)).toEqual(rules);
  });
});
