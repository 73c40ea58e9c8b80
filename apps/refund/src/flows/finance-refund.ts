import { approval, ask, flow, ids, inform, payout, posting, rejection, remind, send, sum, tell } from './finance-refund.case.js';

/** The provider pays what it had refused: nothing is left to decide. */
const LatePayoutReported = { guard: 'thisRefund', target: 'recording', actions: 'notePaidLate' } as const;

/**
 * REF-01..05 财务退款: filed, approved by somebody else (two above the limit), paid exactly once, and said to the customer once. What
 * finance rejects or gives up is a supervisor's task before anybody else hears of it.
 */
export const financeRefund = flow.chart({
  id: 'finance-refund',
  version: '2',
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
            ApprovalDenied: { target: 'decidingRejection', actions: 'noteReason' },
            QuestionAsked: { target: 'askedBack', actions: 'noteQuestion' },
            LatePayoutReported,
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        approvingAgain: {
          description: 'REF-02',
          entry: ask('finance', 'approve-refund', approval),
          on: {
            ApprovalGiven: { guard: 'somebodyElse', target: 'approved', actions: 'noteApproval' },
            ApprovalDenied: { target: 'decidingRejection', actions: 'noteReason' },
            QuestionAsked: { target: 'askedBack', actions: 'noteQuestion' },
            LatePayoutReported,
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
            LatePayoutReported,
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
          on: {
            RefundSucceeded: { target: 'recording', actions: 'notePaid' },
            RefundFailed: { target: 'failed', actions: 'noteReason' },
            LatePayoutReported,
          },
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
          on: {
            PayAgain: 'paying',
            PaidOtherwise: { target: 'recording', actions: 'notePaidOtherwise' },
            PayoutGivenUp: { target: 'decidingRejection', actions: 'noteReason' },
            LatePayoutReported,
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        decidingRejection: {
          description: 'REF-05',
          entry: ask('supervisor', 'decide-rejected-refund', rejection),
          on: {
            RefundFiledAgain: { target: 'approving', actions: 'noteFiledAgain' },
            RefundPaidOtherwise: { guard: 'notWhoFiled', target: 'recording', actions: 'notePaidOtherwise' },
            RejectionUpheld: { target: 'rejecting', actions: 'noteExplanation' },
            LatePayoutReported,
          },
          after: { supervisorAnswer: { actions: remind('supervisor') } },
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
      on: { RefundMailSent: 'mailed', RefundBounced: { guard: 'thisRefund', target: 'cameBack' } },
      after: { mailSent: { actions: remind('finance') } },
    },
    told: { type: 'final', description: 'REF-04', entry: tell('REF-04', 'refund-paid', posting) },
    mailed: { type: 'final', description: 'REF-04' },
    /** What the customer is told now, `bounced-refund` tells. */
    cameBack: { type: 'final', description: 'REF-05' },
    rejected: {
      type: 'final',
      description: 'REF-02',
      entry: [inform('service', 'refund-rejected', rejection), tell('REF-02', 'refund-rejected', (c) => ({ ...sum(c), reason: c.reason }))],
    },
  },
});
