import { type AboutOf, defineFlow, end, type FactOf, notation, settlingRefundByHand, starts } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { RefundCommand } from '../refund-facts.js';
import { isSomebodyElse } from '../segregation-of-duties.js';

/** `reason`: why the provider took it back; then why finance gave it up, or why it can't be paid again. */
interface Bounced extends FactOf<'PayoutCameBack'> {
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  readonly cause: string;
  readonly caseId?: string;
  readonly filers: readonly string[];
  readonly filedBy: string;
  readonly paidBy: string;
}

const { asking, inform, keep, send, tell } = notation<Bounced, { refund: RefundCommand }>();

/** REF-05 退款退回: a payment that the provider had reported as made came back. The sum is free again, and finance decides. */
export const bouncedRefund = defineFlow<Bounced>()({
  service: 'refund',
  policies,
  startedBy: {
    PayoutCameBack: starts({ refundId: '', amount: 0, currency: '', cause: 'other', filers: [], filedBy: '', paidBy: '' }),
  },
}).chart({
  id: 'bounced-refund',
  version: '1',
  initial: 'matching',
  states: {
    matching: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutBack', notice),
      on: {
        RefundBounced: {
          target: 'deciding',
          actions: keep('refundId', 'amount', 'currency', 'cause', 'caseId', 'filers', 'providerReference'),
        },
        LatePayoutReturned: { target: 'lateReturned', actions: keep('refundId', 'amount', 'currency', 'providerReference') },
        PayoutNoticeIgnored: 'ignored',
      },
    },
    deciding: asking('REF-05', 'decide-bounced-refund', bounced, {
      on: {
        PayAgain: { target: 'filing', actions: keep({ filedBy: 'by' }) },
        PaidOtherwise: { target: 'recording', actions: keep({ paidBy: 'reference' }) },
        PayoutStands: { target: 'confirming', actions: keep({ paidBy: 'reference' }) },
        PayoutGivenUp: { target: 'decidingRejection', actions: keep('reason') },
      },
      remindedAfter: 'financeAnswer',
    }),
    decidingRejection: asking('REF-05', 'decide-rejected-refund', rejection, {
      on: {
        RefundFiledAgain: { target: 'filing', actions: keep({ filedBy: 'by' }) },
        RefundPaidOtherwise: { guard: notWhoFiled, target: 'recording', actions: keep({ paidBy: 'reference' }) },
        RejectionUpheld: { target: 'rejecting', actions: keep({ reason: 'explanation' }) },
      },
      remindedAfter: 'supervisorAnswer',
    }),
    filing: {
      description: 'REF-01',
      entry: send('refund', 'FileRefundAgain', (c) => ({ ...ids(c), filedBy: c.filedBy })),
      on: { RefundRequested: 'filed', RefundApplicationRefused: { target: 'settling', actions: keep('reason') } },
    },
    recording: {
      description: 'REF-05',
      entry: send('refund', 'RecordRefundPaid', payout),
      on: { RefundPaid: 'paidOtherwise', RefundApplicationRefused: { target: 'settling', actions: keep('reason') } },
    },
    confirming: {
      description: 'REF-05',
      entry: send('refund', 'RecordRefundPaid', payout),
      on: { RefundPaid: 'stands', RefundApplicationRefused: { target: 'settling', actions: keep('reason') } },
    },
    rejecting: {
      description: 'REF-05',
      entry: send('refund', 'RejectRefund', (c) => ({ ...ids(c), reason: c.reason })),
      on: { RefundRejected: 'givenUp' },
    },
    settling: settlingRefundByHand(owed, 'settled'),
    /** From here on a refund of its own, approved and paid as any other. */
    filed: end('REF-05', tell('REF-05', 'refund-came-back', sum)),
    paidOtherwise: end(
      'REF-05',
      tell('REF-05', 'refund-paid-otherwise', (c) => ({ ...sum(c), reference: c.paidBy })),
    ),
    stands: end(
      'REF-05',
      tell('REF-05', 'refund-confirmed', (c) => ({ ...sum(c), reference: c.paidBy })),
    ),
    // who waits for the outcome of its application hears it now
    settled: end('REF-05', send('refund', 'RecordRefundSettled', ids), tell('REF-05', 'refund-settled', sum)),
    givenUp: end('REF-05', inform('service', 'refund-rejected', rejection), tell('REF-05', 'refund-rejected', why)),
    /** It was one too many: who had to decide about it hears that it is gone. */
    lateReturned: end(
      'REF-05',
      inform('finance', 'late-payout-returned', (c) => ({ ...why(c), providerReference: c.providerReference })),
    ),
    ignored: end(
      'REF-05',
      inform('finance', 'payout-failed-late', ({ orderNumber, payer, reason }) => ({ orderNumber, payer, reason })),
    ),
  },
});

function ids({ orderNumber, refundId }: Bounced) {
  return { orderNumber, refundId };
}
function sum(c: Bounced) {
  return { ...ids(c), amount: c.amount, currency: c.currency };
}
function why(c: Bounced) {
  return { ...sum(c), reason: c.reason };
}
function notice({ orderNumber, payer, providerReference, reason }: Bounced) {
  return { orderNumber, payer, providerReference, reason };
}
function rejection(c: Bounced) {
  return { ...why(c), cause: c.cause, caseId: c.caseId };
}
function bounced(c: Bounced) {
  return { ...rejection(c), providerReference: c.providerReference ?? '' };
}
function payout(c: Bounced) {
  return { ...ids(c), providerReference: c.paidBy };
}
function owed({ orderNumber, amount, currency, reason }: Bounced): AboutOf<'settle-refund'> {
  return { orderNumber, amount, currency, reason };
}

function notWhoFiled({ filers }: Bounced, { by }: { readonly by: string }) {
  return isSomebodyElse(by, ...filers);
}
