import { effects, flowOf, only } from '@orderloom/flows';
import { methodOf, policies } from '../policies.js';

interface Refund {
  orderNumber: string;
  refundId: string;
  amount: number;
  currency: string;
  cause: string;
  filedBy: string;
  twoApprovals: boolean;
  method: string;
  reference: string;
  approvedBy: readonly string[];
  question: string;
  answer: string | null;
  reason: string;
  providerReference: string;
}

type Input =
  | { type: 'ApprovalGiven'; by: string }
  | { type: 'ApprovalDenied' | 'RefundFailed' | 'PayoutGivenUp'; reason: string }
  | { type: 'QuestionAsked'; question: string }
  | { type: 'QuestionAnswered'; answer: string }
  | { type: 'RefundSucceeded'; providerReference: string }
  | { type: 'RefundApproved' | 'RefundPaid' | 'RefundRejected' | 'PayAgain' | 'RefundMailSent' };

const { ask, inform, remind, send, tell } = effects<Refund>();
const ids = ({ orderNumber, refundId }: Refund) => ({ orderNumber, refundId });
const sum = (c: Refund) => ({ ...ids(c), amount: c.amount, currency: c.currency });
const approval = (c: Refund) => ({ ...sum(c), cause: c.cause, filedBy: c.filedBy, approvedBy: c.approvedBy[0] ?? null, answer: c.answer });
const payout = (c: Refund) => ({ ...sum(c), idempotencyKey: c.refundId, method: c.method, reference: c.reference });
const posting = (c: Refund) => ({ ...sum(c), postingTime: methodOf(c.method).postingTime });
const askProvider = ask('payments', 'pay-refund', payout);

const flow = flowOf<Refund, Input>()({
  service: 'refund',
  policies,
  startedBy: {
    RefundRequested: ({ orderNumber, refundId, amount, currency, cause, filedBy, twoApprovals, method, reference }: Refund) => ({
      ...{ orderNumber, refundId, amount, currency, cause, filedBy, twoApprovals, method, reference },
      ...{ approvedBy: [], question: '', answer: null, reason: '', providerReference: '' },
    }),
  },
  guards: {
    firstOfTwo: ({ twoApprovals, filedBy }, input) => twoApprovals && only(input, 'ApprovalGiven').by !== filedBy,
    notWhoFiled: ({ filedBy }, input) => only(input, 'ApprovalGiven').by !== filedBy,
    somebodyElse: ({ filedBy, approvedBy }, input) => ![filedBy, ...approvedBy].includes(only(input, 'ApprovalGiven').by),
    mailByItself: ({ method }) => methodOf(method).mailByItself,
  },
  notes: {
    noteApproval: ({ approvedBy }, input) => ({ approvedBy: [...approvedBy, only(input, 'ApprovalGiven').by] }),
    noteQuestion: (_, input) => ({ question: only(input, 'QuestionAsked').question }),
    noteAnswer: (_, input) => ({ answer: only(input, 'QuestionAnswered').answer }),
    noteReason: (_, input) => ({ reason: only(input, 'ApprovalDenied', 'RefundFailed', 'PayoutGivenUp').reason }),
    notePaid: (_, input) => ({ providerReference: only(input, 'RefundSucceeded').providerReference }),
  },
});

/** REF-01..05 财务退款: filed, approved by somebody else (two above the limit), paid exactly once, and said to the customer. */
export const financeRefund = flow.chart({
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
      on: { RefundPaid: 'paid', RefundRejected: 'rejected' },
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
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        askedBack: {
          description: 'REF-02',
          entry: ask('service', 'answer-finance', (c) => ({ ...ids(c), question: c.question })),
          on: { QuestionAnswered: { target: 'approving', actions: 'noteAnswer' } },
          after: { serviceAnswer: { actions: remind('service') } },
        },
        approved: { description: 'REF-02', entry: send('refund', 'ApproveRefund', (c) => ({ ...ids(c), approvedBy: c.approvedBy })), on: { RefundApproved: 'paying' } },
        paying: {
          description: 'REF-04',
          tags: 'pivot',
          entry: [send('refund', 'StartRefundExecution', ids), askProvider],
          on: { RefundSucceeded: { target: 'recording', actions: 'notePaid' }, RefundFailed: { target: 'failed', actions: 'noteReason' } },
          after: { providerAnswer: 'unknown' },
        },
        unknown: {
          description: 'REF-05',
          entry: [send('refund', 'RecordOutcomeUnknown', ids), askProvider],
          on: { RefundSucceeded: { target: 'recording', actions: 'notePaid' }, RefundFailed: { target: 'failed', actions: 'noteReason' } },
          after: { providerAnswer: { target: 'unknown', reenter: true } },
        },
        failed: {
          description: 'REF-05',
          entry: [send('refund', 'RecordRefundFailed', (c) => ({ ...ids(c), reason: c.reason })), ask('finance', 'decide-failed-refund', (c) => ({ ...sum(c), reason: c.reason }))],
          on: { PayAgain: 'paying', PayoutGivenUp: { target: 'rejecting', actions: 'noteReason' } },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        recording: { description: 'REF-04', entry: send('refund', 'RecordRefundPaid', (c) => ({ ...ids(c), providerReference: c.providerReference })) },
        rejecting: { description: 'REF-02', entry: send('refund', 'RejectRefund', (c) => ({ ...ids(c), reason: c.reason })) },
      },
    },
    paid: { description: 'REF-04', always: [{ guard: 'mailByItself', target: 'told' }, { target: 'mailing' }] },
    mailing: { description: 'REF-04', entry: ask('finance', 'send-refund-mail', posting), on: { RefundMailSent: 'told' }, after: { mailSent: { actions: remind('finance') } } },
    told: { type: 'final', description: 'REF-04', entry: tell('REF-04', 'refund-paid', posting) },
    rejected: { type: 'final', description: 'REF-02', entry: [inform('service', 'refund-rejected', (c) => ({ ...sum(c), reason: c.reason })), tell('REF-02', 'refund-rejected', sum)] },
  },
});
