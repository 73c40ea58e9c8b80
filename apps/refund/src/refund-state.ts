import { withCapture } from '@orderloom/contracts';
import type { Payment, RefundEvent } from './refund-facts.js';

export type RefundStatus = 'requested' | 'approved' | 'executing' | 'unknown' | 'failed' | 'rejected' | 'paid';

/** One refund: what was asked for, and how far it is. */
export interface Refund {
  readonly status: RefundStatus;
  readonly requested: Extract<RefundEvent, { type: 'RefundRequested' }>['data'];
}

/** All refunds of one order: one stream, so that their sum can be capped (REF-03, decision 9). */
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
  if (event.type === 'RefundApplicationRefused') return state;
  const { refundId } = event.data;
  const put = (refund: Refund): RefundsState => ({ ...state, refunds: { ...state.refunds, [refundId]: refund } });
  if (event.type === 'RefundRequested') return put({ status: 'requested', requested: event.data });
  const refund = state.refunds[refundId];
  return refund ? put({ ...refund, status: statusAfter[event.type] }) : state;
}

/** How far each event brings a refund. */
export const statusAfter = {
  RefundApproved: 'approved',
  RefundRejected: 'rejected',
  RefundExecutionStarted: 'executing',
  RefundOutcomeUnknown: 'unknown',
  RefundFailed: 'failed',
  RefundPaid: 'paid',
} as const satisfies Partial<Record<RefundEvent['type'], RefundStatus>>;

/** What is requested, in flight and done together of a payment; only a rejection gives it back. */
export const reserved = ({ refunds }: RefundsState, { reference }: Payment): number =>
  Object.values(refunds).reduce(
    (sum, { status, requested }) => sum + (status === 'rejected' || requested.reference !== reference ? 0 : requested.amount),
    0,
  );

/** What can still be refunded of a payment. */
export const leftOf = (state: RefundsState, payment: Payment): number => payment.captured - reserved(state, payment);
