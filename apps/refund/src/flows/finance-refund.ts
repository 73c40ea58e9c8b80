import { type AnswerOf, defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import type { RefundCommand } from '../refund-facts.js';
import { isSomebodyElse } from '../segregation-of-duties.js';
import { defaultStorefrontSettings, methodOf, policies, type StorefrontSettings } from '../policies.js';

const needed = [
  'orderNumber',
  'refundId',
  'amount',
  'currency',
  'cause',
  'declaredCause',
  'caseId',
  'filedBy',
  'twoApprovals',
  'method',
  'reference',
] as const;

interface Refund extends Pick<FactOf<'RefundRequested'>, (typeof needed)[number]> {
  readonly alsoFiledBy: readonly string[];
  readonly approvedBy: readonly string[];
  readonly question: string;
  readonly answer: string | null;
  /** REF-02: who filed it again last. */
  readonly refiledBy?: string;
  readonly reason: string;
  readonly providerReference: string;
  /** REF-04, by the settings at the start; absent in refunds that began before it was kept. */
  readonly paymentMethod?: ReturnType<StorefrontSettings['paymentMethod']>;
}

const { ask, asking, inform, keep, remind, send, tell } = notation<Refund, { refund: RefundCommand }>();

/** The provider pays what it had refused: nothing is left to decide. */
const LatePayoutReported = { guard: thisRefund, target: 'recording', actions: keep('providerReference') };

/**
 * REF-01..05 财务退款: filed, approved by somebody else (two above the limit), paid exactly once, and said to the customer once. What
 * finance rejects or gives up is a supervisor's task before anybody else hears of it.
 */
export const financeRefund = defineFlow<Refund>()({
  service: 'refund',
  policies,
  startedBy: {
    RefundRequested: ({ alsoFiledBy = [], ...fact }, { paymentMethod }: StorefrontSettings = defaultStorefrontSettings) => ({
      ...starts({ approvedBy: [], question: '', answer: null, reason: '', providerReference: '' }, ...needed)(fact),
      alsoFiledBy,
      paymentMethod: paymentMethod(fact.method),
    }),
  },
  listensTo: ['LatePayoutReported', 'RefundBounced'],
}).chart({
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
        approving: asking('REF-02', 'approve-refund', approval, {
          on: {
            ApprovalGiven: [
              { guard: firstOfTwo, target: 'approvingAgain', actions: noteApproval },
              { guard: notWhoFiled, target: 'approved', actions: noteApproval },
            ],
            ApprovalDenied: { target: 'decidingRejection', actions: keep('reason') },
            QuestionAsked: { target: 'askedBack', actions: keep('question') },
            LatePayoutReported,
          },
          remindedAfter: 'financeAnswer',
        }),
        approvingAgain: asking('REF-02', 'approve-refund', approval, {
          on: {
            ApprovalGiven: { guard: somebodyElse, target: 'approved', actions: noteApproval },
            ApprovalDenied: { target: 'decidingRejection', actions: keep('reason') },
            QuestionAsked: { target: 'askedBack', actions: keep('question') },
            LatePayoutReported,
          },
          remindedAfter: 'financeAnswer',
        }),
        askedBack: asking('REF-02', 'answer-finance', (c) => ({ ...ids(c), question: c.question }), {
          on: {
            QuestionAnswered: [
              { guard: approvedOnce, target: 'approvingAgain', actions: keep('answer') },
              { target: 'approving', actions: keep('answer') },
            ],
            LatePayoutReported,
          },
          remindedAfter: 'serviceAnswer',
        }),
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
        failed: asking('REF-05', 'decide-failed-refund', why, {
          first: send('refund', 'RecordRefundFailed', reason),
          on: {
            PayAgain: 'paying',
            PaidOtherwise: { target: 'recording', actions: keep({ providerReference: 'reference' }) },
            PayoutGivenUp: { target: 'decidingRejection', actions: keep('reason') },
            LatePayoutReported,
          },
          remindedAfter: 'financeAnswer',
        }),
        decidingRejection: asking('REF-05', 'decide-rejected-refund', rejection, {
          on: {
            RefundFiledAgain: { target: 'approving', actions: [noteFiledAgain, send('refund', 'RefileRefund', refiling)] },
            RefundPaidOtherwise: { guard: notWhoFiled, target: 'recording', actions: keep({ providerReference: 'reference' }) },
            RejectionUpheld: { target: 'rejecting', actions: keep({ reason: 'explanation' }) },
            LatePayoutReported,
          },
          remindedAfter: 'supervisorAnswer',
        }),
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
    mailing: asking('REF-04', 'send-refund-mail', posting, {
      on: { RefundMailSent: 'mailed', RefundBounced: { guard: thisRefund, target: 'cameBack' } },
      remindedAfter: 'mailSent',
    }),
    told: end('REF-04', tell('REF-04', 'refund-paid', posting)),
    mailed: end('REF-04'),
    /** `bounced-refund` tells the customer. */
    cameBack: end('REF-05'),
    rejected: end('REF-02', inform('service', 'refund-rejected', rejection), tell('REF-02', 'refund-rejected', why)),
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
  return {
    ...sum(c),
    cause: c.cause,
    ...(c.declaredCause && { declaredCause: c.declaredCause }),
    filedBy: c.filedBy,
    ...(c.alsoFiledBy.length > 0 && { alsoFiledBy: c.alsoFiledBy }),
    approvedBy: c.approvedBy[0] ?? null,
    answer: c.answer,
  };
}
function rejection(c: Refund) {
  return { ...why(c), cause: c.cause, caseId: c.caseId };
}
function refiling(c: Refund) {
  return { ...ids(c), filedBy: c.refiledBy ?? '' };
}
function payout(c: Refund) {
  return { ...sum(c), idempotencyKey: c.refundId, method: c.method, reference: c.reference };
}
function posting(c: Refund) {
  return { ...sum(c), postingTime: (c.paymentMethod ?? methodOf(c.method)).postingTime };
}

function thisRefund({ refundId }: Refund, input: { readonly refundId: string }) {
  return input.refundId === refundId;
}
function firstOfTwo(c: Refund, input: AnswerOf<'ApprovalGiven'>) {
  return c.twoApprovals && notWhoFiled(c, input);
}
function notWhoFiled({ filedBy, alsoFiledBy }: Refund, { by }: { readonly by: string }) {
  return isSomebodyElse(by, filedBy, ...alsoFiledBy);
}
function somebodyElse(c: Refund, input: AnswerOf<'ApprovalGiven'>) {
  return notWhoFiled(c, input) && isSomebodyElse(input.by, ...c.approvedBy);
}
function approvedOnce({ approvedBy }: Refund) {
  return approvedBy.length > 0;
}
function mailByItself({ method, paymentMethod = methodOf(method) }: Refund) {
  return paymentMethod.mailByItself;
}

function noteApproval({ approvedBy }: Refund, { by }: AnswerOf<'ApprovalGiven'>) {
  return { approvedBy: [...approvedBy, by] };
}
function noteFiledAgain({ alsoFiledBy }: Refund, { note, by }: AnswerOf<'RefundFiledAgain'>) {
  return { answer: note, refiledBy: by, alsoFiledBy: [...new Set([...alsoFiledBy, by])], approvedBy: [] };
}
