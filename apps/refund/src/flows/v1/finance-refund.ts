import { approval, ask, flow, ids, inform, payout, posting, remind, send, sum, tell } from './finance-refund.case.js';

/** As it was: what finance rejected was said to the customer at once, and a refund by card twice. REF-01..05 财务退款: filed, approved by somebody else (two above the limit), paid exactly once, and said to the customer. */
export const financeRefundV1 = flow.chart({
  id: 'finance-refund',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'REF-01',
      initial: 'approving',
      after: {
        refundAlert: { actions: inform('supervisor', 'refund-promise-at-risk', sum) },
        refundPromise: { actions: inform('supervisor', 'refund-overdue', sum) },
      },
      states: {
        approving: {
          description: 'REF-02',
          entry: ask('finance', 'approve-refund', approval),
          on: {
            ApprovalGiven: [
              { guard: 'firstOfTwo', target: 'approvingAgain', actions: 'noteApproval' },
              { guard: 'notWhoFiled', target: 'approved', actions: 'noteApproval' },
            ],
            ApprovalDenied: { target: 'rejecting', actions: 'noteReason' },
            QuestionAsked: { target: 'askedBack', actions: 'noteQuestion' },
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        approvingAgain: {
          description: 'REF-02',
          entry: ask('finance', 'approve-refund', approval),
          on: {
            ApprovalGiven: { guard: 'somebodyElse', target: 'approved', actions: 'noteApproval' },
            ApprovalDenied: { target: 'rejecting', actions: 'noteReason' },
            QuestionAsked: { target: 'askedBack', actions: 'noteQuestion' },
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        askedBack: {
          description: 'REF-02',
          entry: ask('service', 'answer-finance', (c) => ({ ...ids(c), question: c.question })),
          on: {
            QuestionAnswered: [
              { guard: 'approvedOnce', target: 'approvingAgain', actions: 'noteAnswer' },
              { target: 'approving', actions: 'noteAnswer' },
            ],
          },
          after: { serviceAnswer: { actions: remind('service') } },
        },
        approved: {
          description: 'REF-02',
          entry: send('refund', 'ApproveRefund', (c) => ({ ...ids(c), approvedBy: c.approvedBy })),
          on: { RefundApproved: 'paying' },
        },
        paying: {
          description: 'REF-04',
          entry: [send('refund', 'StartRefundExecution', ids), ask('payments', 'pay-refund', payout)],
          initial: 'inFlight',
          on: { RefundSucceeded: { target: 'recording', actions: 'notePaid' }, RefundFailed: { target: 'failed', actions: 'noteReason' } },
          states: {
            inFlight: { description: 'REF-04', after: { providerAnswer: 'unknown' } },
            unknown: {
              description: 'REF-05',
              entry: send('refund', 'RecordOutcomeUnknown', ids),
              after: { providerReminder: { actions: remind('payments') } },
            },
          },
        },
        failed: {
          description: 'REF-05',
          entry: [
            send('refund', 'RecordRefundFailed', (c) => ({ ...ids(c), reason: c.reason })),
            ask('finance', 'decide-failed-refund', (c) => ({ ...sum(c), reason: c.reason })),
          ],
          on: { PayAgain: 'paying', PayoutGivenUp: { target: 'rejecting', actions: 'noteReason' } },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        recording: {
          description: 'REF-04',
          tags: 'pivot',
          entry: send('refund', 'RecordRefundPaid', (c) => ({ ...ids(c), providerReference: c.providerReference })),
          on: { RefundPaid: '#finance-refund.paid' },
        },
        rejecting: {
          description: 'REF-02',
          entry: send('refund', 'RejectRefund', (c) => ({ ...ids(c), reason: c.reason })),
          on: { RefundRejected: '#finance-refund.rejected' },
        },
      },
    },
    paid: { description: 'REF-04', always: [{ guard: 'mailByItself', target: 'told' }, { target: 'mailing' }] },
    mailing: {
      description: 'REF-04',
      entry: ask('finance', 'send-refund-mail', posting),
      on: { RefundMailSent: 'told' },
      after: { mailSent: { actions: remind('finance') } },
    },
    told: { type: 'final', description: 'REF-04', entry: tell('REF-04', 'refund-paid', posting) },
    rejected: {
      type: 'final',
      description: 'REF-02',
      entry: [inform('service', 'refund-rejected', (c) => ({ ...sum(c), reason: c.reason })), tell('REF-02', 'refund-rejected', sum)],
    },
  },
});
