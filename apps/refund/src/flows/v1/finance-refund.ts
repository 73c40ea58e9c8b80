import { type AnswerOf, defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { methodOf, policies } from '../../policies.js';
import type { RefundCommand } from '../../refund-facts.js';
import { isSomebodyElse } from '../../segregation-of-duties.js';

const needed = ['orderNumber', 'refundId', 'amount', 'currency', 'cause', 'filedBy', 'twoApprovals', 'method', 'reference'] as const;

interface Refund extends Pick<FactOf<'RefundRequested'>, (typeof needed)[number]> {
  readonly approvedBy: readonly string[];
  readonly question: string;
  readonly answer: string | null;
  readonly reason: string;
  readonly providerReference: string;
}

const { ask, inform, keep, remind, send, tell } = notation<Refund, { refund: RefundCommand }>();

/** As it was: what finance rejected was said to the customer at once, and a refund by card twice. REF-01..05 财务退款: filed, approved by somebody else (two above the limit), paid exactly once, and said to the customer. */
export const financeRefundV1 = defineFlow<Refund>()({
  service: 'refund',
  policies,
  startedBy: {
    RefundRequested: starts({ approvedBy: [], question: '', answer: null, reason: '', providerReference: '' }, ...needed),
  },
}).chart({
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
          entry: ask('approve-refund', approval),
          on: {
            ApprovalGiven: [
              { guard: firstOfTwo, target: 'approvingAgain', actions: noteApproval },
              { guard: notWhoFiled, target: 'approved', actions: noteApproval },
            ],
            ApprovalDenied: { target: 'rejecting', actions: keep('reason') },
            QuestionAsked: { target: 'askedBack', actions: keep('question') },
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        approvingAgain: {
          description: 'REF-02',
          entry: ask('approve-refund', approval),
          on: {
            ApprovalGiven: { guard: somebodyElse, target: 'approved', actions: noteApproval },
            ApprovalDenied: { target: 'rejecting', actions: keep('reason') },
            QuestionAsked: { target: 'askedBack', actions: keep('question') },
          },
          after: { financeAnswer: { actions: remind('finance') } },
        },
        askedBack: {
          description: 'REF-02',
          entry: ask('answer-finance', (c) => ({ ...ids(c), question: c.question })),
          on: {
            QuestionAnswered: [
              { guard: approvedOnce, target: 'approvingAgain', actions: keep('answer') },
              { target: 'approving', actions: keep('answer') },
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
          entry: [send('refund', 'StartRefundExecution', ids), ask('pay-refund', payout)],
          initial: 'inFlight',
          on: {
            RefundSucceeded: { target: 'recording', actions: keep('providerReference') },
            RefundFailed: { target: 'failed', actions: keep('reason') },
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
          entry: [send('refund', 'RecordRefundFailed', reason), ask('decide-failed-refund', why)],
          on: { PayAgain: 'paying', PayoutGivenUp: { target: 'rejecting', actions: keep('reason') } },
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
          entry: send('refund', 'RejectRefund', reason),
          on: { RefundRejected: '#finance-refund.rejected' },
        },
      },
    },
    paid: { description: 'REF-04', always: [{ guard: mailByItself, target: 'told' }, { target: 'mailing' }] },
    mailing: {
      description: 'REF-04',
      entry: ask('send-refund-mail', posting),
      on: { RefundMailSent: 'told' },
      after: { mailSent: { actions: remind('finance') } },
    },
    told: end('REF-04', tell('REF-04', 'refund-paid', posting)),
    rejected: end('REF-02', inform('service', 'refund-rejected', why), tell('REF-02', 'refund-rejected', sum)),
  },
});

function ids({ orderNumber, refundId }: Refund) {
  return { orderNumber, refundId };
}
function sum(c: Refund) {
  return { ...ids(c), amount: c.amount, currency: c.currency };
}
function reason(c: Refund) {
  return { ...ids(c), reason: c.reason };
}
function why(c: Refund) {
  return { ...sum(c), reason: c.reason };
}
function approval(c: Refund) {
  return { ...sum(c), cause: c.cause, filedBy: c.filedBy, approvedBy: c.approvedBy[0] ?? null, answer: c.answer };
}
function payout(c: Refund) {
  return { ...sum(c), idempotencyKey: c.refundId, method: c.method, reference: c.reference };
}
function posting(c: Refund) {
  return { ...sum(c), postingTime: methodOf(c.method).postingTime };
}

function notWhoFiled({ filedBy }: Refund, { by }: AnswerOf<'ApprovalGiven'>) {
  return isSomebodyElse(by, filedBy);
}
function firstOfTwo(c: Refund, input: AnswerOf<'ApprovalGiven'>) {
  return c.twoApprovals && notWhoFiled(c, input);
}
function somebodyElse(c: Refund, input: AnswerOf<'ApprovalGiven'>) {
  return notWhoFiled(c, input) && isSomebodyElse(input.by, ...c.approvedBy);
}
function approvedOnce({ approvedBy }: Refund) {
  return approvedBy.length > 0;
}
function mailByItself({ method }: Refund) {
  return methodOf(method).mailByItself;
}

function noteApproval({ approvedBy }: Refund, { by }: AnswerOf<'ApprovalGiven'>) {
  return { approvedBy: [...approvedBy, by] };
}
