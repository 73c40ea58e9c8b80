import { withCapture } from '@orderloom/contracts';
import type { Payment, RefundEvent } from './refund-facts.js';

export type RefundStatus = 'requested' | 'approved' | 'executing' | 'unknown' | 'failed' | 'rejected' | 'paid' | 'bounced' | 'settled';

/** One refund: what was asked for, and how far it is. */
export interface Refund {
  readonly status: RefundStatus;
  readonly requested: Extract<RefundEvent, { type: 'RefundRequested' }>['data'];
  /** Why it was rejected. */
  readonly reason?: string;
  /** The flow that asks the provider for it. */
  readonly payer: string | null;
  /** Whether the provider ever refused it. */
  readonly hasFailed: boolean;
  /** The reference of the payment that it counts as paid by. */
  readonly paidBy: string | null;
  /** References of payments of it that came back. */
  readonly back: readonly string[];
  /** References of payments of it that the customer has, beside what it counts as paid by (REF-05). */
  readonly late: readonly string[];
}

/** All refunds of one order: one stream, so that their sum can be capped (REF-03, docs/decisions/0007). */
export interface RefundsState {
  /** Each with what is captured of it by now, in the order in which they were heard of. */
  readonly payments: readonly Payment[];
  /** Of all of them; null where none is known. */
  readonly currency: string | null;
  readonly refunds: Readonly<Record<string, Refund>>;
}

export function evolve(state: RefundsState, event: RefundEvent): RefundsState {
  if (event.type === 'PaymentCaptured') {
    const { method, captured, reference, currency } = event.data;
    return { ...state, currency, payments: withCapture(state.payments, { method, captured, reference }) };
  }
  if (event.type === 'RefundApplicationRefused' || event.type === 'RefundApplicationSettled') return state;
  if (event.type === 'PayoutNoticeIgnored') return state;
  const { refundId } = event.data;
  const put = (refund: Refund): RefundsState => ({ ...state, refunds: { ...state.refunds, [refundId]: refund } });
  if (event.type === 'RefundRequested')
    return put({ status: 'requested', requested: event.data, payer: null, hasFailed: false, paidBy: null, back: [], late: [] });
  const refund = state.refunds[refundId];
  return refund ? put(changed(refund, event)) : state;
}

type Change = Extract<RefundEvent, { type: keyof typeof statusAfter | 'LatePayoutReported' | 'LatePayoutReturned' | 'LatePayoutKept' }>;

function changed(refund: Refund, event: Change): Refund {
  const { late, back } = refund;
  switch (event.type) {
    case 'RefundApproved':
      return { ...refund, status: 'approved', payer: event.data.flow };
    case 'RefundRejected':
      return { ...refund, status: 'rejected', reason: event.data.reason };
    case 'RefundFailed':
      return { ...refund, status: 'failed', hasFailed: true };
    case 'RefundPaid': {
      const { providerReference: paidBy, flow } = event.data;
      const not = (one: string): boolean => one !== paidBy;
      // its own flow may be slower than the provider, who says meanwhile that it came back
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

/** How far each event brings a refund. */
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

/** Whether its sum is taken: only a rejection, or a payment that came back, gives it back; what is settled by hand is paid of no payment. */
export const isOwed = ({ status }: Pick<Refund, 'status'>): boolean =>
  status !== 'rejected' && status !== 'bounced' && status !== 'settled';

/** What the customer has or shall have for a refund: as long as it is open, what came late is no second payment of it. */
function takenBy(refund: Refund): number {
  const { status, late, requested } = refund;
  const times = status === 'paid' ? 1 + late.length : isOwed(refund) ? Math.max(1, late.length) : late.length;
  return times * requested.amount;
}

/** What is requested, in flight and done together of a payment, and what the provider paid beside that. */
const reserved = ({ refunds }: RefundsState, { reference }: Payment): number =>
  Object.values(refunds).reduce((sum, refund) => sum + (refund.requested.reference === reference ? takenBy(refund) : 0), 0);

/** What can still be refunded of a payment; negative where the provider paid more than that. */
export const leftOf = (state: RefundsState, payment: Payment): number => payment.captured - reserved(state, payment);
