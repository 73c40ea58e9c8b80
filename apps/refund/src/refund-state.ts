import { withCapture } from '@orderloom/contracts';
import type { Payment, RefundEvent } from './refund-facts.js';

export type RefundStatus = 'requested' | 'approved' | 'executing' | 'unknown' | 'failed' | 'rejected' | 'paid' | 'bounced' | 'settled';

/** One refund: its application and its progress. */
export interface Refund {
  readonly status: RefundStatus;
  readonly requested: Extract<RefundEvent, { type: 'RefundRequested' }>['data'];
  /** REF-02: who filed it again after finance had rejected it or given it up. */
  readonly refiledBy?: readonly string[];
  /** REF-07: the cause as a person verified it last; absent until then. */
  readonly verifiedCause?: string;
  /** Reason of the rejection. */
  readonly reason?: string;
  /** Flow that asks the provider to pay it. */
  readonly payer: string | null;
  /** True if the provider ever refused it. */
  readonly hasFailed: boolean;
  /** Reference of the payment that counts for it. */
  readonly paidBy: string | null;
  /** References of returned payments. */
  readonly back: readonly string[];
  /** References of further payments that the customer received (REF-05). */
  readonly late: readonly string[];
}

/** All refunds of one order: one stream, so that their sum can be capped (REF-03, docs/decisions/0007). */
export interface RefundsState {
  /** Payments with their captured amounts, in the order of their first notice. */
  readonly payments: readonly Payment[];
  /** Currency of all payments; null if none is known. */
  readonly currency: string | null;
  readonly refunds: Readonly<Record<string, Refund>>;
  /** Applications that have had an outcome, by the id of their first refund. */
  readonly settled?: readonly string[];
}

export function evolve(state: RefundsState, event: RefundEvent): RefundsState {
  if (event.type === 'PaymentCaptured') {
    const { method, captured, reference, currency } = event.data;
    return { ...state, currency, payments: withCapture(state.payments, { method, captured, reference }) };
  }
  if (event.type === 'RefundApplicationSettled') return { ...state, settled: [...(state.settled ?? []), event.data.refundId] };
  if (event.type === 'RefundApplicationRefused') return state;
  if (event.type === 'PayoutNoticeIgnored') return state;
  const { refundId } = event.data;
  const put = (refund: Refund): RefundsState => ({ ...state, refunds: { ...state.refunds, [refundId]: refund } });
  if (event.type === 'RefundRequested')
    return put({ status: 'requested', requested: event.data, payer: null, hasFailed: false, paidBy: null, back: [], late: [] });
  const refund = state.refunds[refundId];
  return refund ? put(changed(refund, event)) : state;
}

type Change = Extract<
  RefundEvent,
  {
    type:
      keyof typeof statusAfter | 'RefundRefiled' | 'RefundCauseVerified' | 'LatePayoutReported' | 'LatePayoutReturned' | 'LatePayoutKept';
  }
>;

function changed(refund: Refund, event: Change): Refund {
  const { late, back } = refund;
  switch (event.type) {
    case 'RefundRefiled':
      return { ...refund, refiledBy: [...(refund.refiledBy ?? []), event.data.filedBy] };
    case 'RefundCauseVerified':
      return { ...refund, verifiedCause: event.data.cause };
    case 'RefundApproved':
      return { ...refund, status: 'approved', payer: event.data.flow };
    case 'RefundRejected':
      return { ...refund, status: 'rejected', reason: event.data.reason };
    case 'RefundFailed':
      return { ...refund, status: 'failed', hasFailed: true };
    case 'RefundPaid': {
      const { providerReference: paidBy, flow } = event.data;
      const not = (one: string): boolean => one !== paidBy;
      // the returned payment may be reported before the refund's own flow records it
      const status = back.includes(paidBy) && flow === refund.payer ? 'bounced' : 'paid';
      return { ...refund, status, paidBy, late: late.filter(not), back: status === 'paid' ? back.filter(not) : back };
    }
    case 'LatePayoutReported':
      return { ...refund, late: [...late, event.data.providerReference] };
    case 'RefundBounced':
    case 'LatePayoutReturned': {
      const { providerReference } = event.data;
      const status = event.type === 'RefundBounced' ? 'bounced' : refund.status;
      return { ...refund, status, late: late.filter((one) => one !== providerReference), back: [...back, providerReference] };
    }
    case 'LatePayoutKept':
      return refund;
    default:
      return { ...refund, status: statusAfter[event.type] };
  }
}

/** Status of a refund after each event. */
export const statusAfter = {
  RefundApproved: 'approved',
  RefundRejected: 'rejected',
  RefundExecutionStarted: 'executing',
  RefundOutcomeUnknown: 'unknown',
  RefundFailed: 'failed',
  RefundPaid: 'paid',
  RefundBounced: 'bounced',
  BouncedRefundSettled: 'settled',
} as const satisfies Partial<Record<RefundEvent['type'], RefundStatus>>;

/** REF-02: everybody who filed it, by an application or again. None of them approves it, or what takes its place. */
export const filersOf = ({ requested: { filedBy, alsoFiledBy = [] }, refiledBy = [] }: Refund): readonly string[] => [
  ...new Set([filedBy, ...alsoFiledBy, ...refiledBy]),
];

/** Returns whether the amount is reserved. Only a rejection or a returned payment frees it. A refund settled by hand uses no payment. */
export const isOwed = ({ status }: Pick<Refund, 'status'>): boolean =>
  status !== 'rejected' && status !== 'bounced' && status !== 'settled';

/** Returns whether another application took the place of a refund whose payment came back. */
export const isFiledAgain = ({ requested: { refundId } }: Refund, { refunds }: RefundsState): boolean =>
  Object.values(refunds).some(({ requested }) => requested.insteadOf === refundId);

/** Amount that the customer has or will have for a refund. While it is open, a late payment is no second payment. */
function takenBy(refund: Refund): number {
  const { status, late, requested } = refund;
  const times = status === 'paid' ? 1 + late.length : isOwed(refund) ? Math.max(1, late.length) : late.length;
  return times * requested.amount;
}

/** Requested, executing and paid amounts of a payment together, plus what the provider paid beside them. */
const reserved = ({ refunds }: RefundsState, { reference }: Payment): number =>
  Object.values(refunds).reduce((sum, refund) => sum + (refund.requested.reference === reference ? takenBy(refund) : 0), 0);

/** Refundable amount of a payment; negative if the provider paid more. */
export const refundableOn = (state: RefundsState, payment: Payment): number => payment.captured - reserved(state, payment);
