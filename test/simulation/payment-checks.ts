import { capturedBy, withCapture } from '@orderloom/contracts';
import type { RecordedEvent } from '@orderloom/event-sourcing';

interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}
type Events = readonly RecordedEvent[];

const ofType = <T>(events: Events, type: string): readonly T[] =>
  events.flatMap((event) => (event.type === type ? [event.data as unknown as T] : []));
const sum = (amounts: readonly { readonly amount: number }[]): number => amounts.reduce((all, { amount }) => all + amount, 0);

/** What is captured by now of each payment that the refunds of an order know. */
export const paymentsOf = (refunds: Events): readonly Payment[] =>
  ofType<Payment>(refunds, 'PaymentCaptured').reduce<readonly Payment[]>(withCapture, []);

/** REF-03: more is applied for to a payment than was captured of it. */
export function overdrawn(refunds: Events): string[] {
  const rejected = new Set(ofType<{ refundId: string }>(refunds, 'RefundRejected').map(({ refundId }) => refundId));
  const requested = ofType<{ refundId: string; reference: string; amount: number }>(refunds, 'RefundRequested');
  const payments = paymentsOf(refunds);
  return [...new Set(requested.map(({ reference }) => reference))].flatMap((reference) => {
    const captured = payments.find((payment) => payment.reference === reference)?.captured ?? 0;
    const owed = sum(requested.filter((one) => one.reference === reference && !rejected.has(one.refundId)));
    return owed > captured ? [`${owed} are applied for of ${captured} captured by ${reference}`] : [];
  });
}

/** ORD-13: of an order that was cancelled, all that was captured, before or after, was paid back or agreed to be lost. */
export function kept(order: Events): string[] {
  const [placed] = ofType<{ payment: Payment; payments?: readonly Payment[] }>(order, 'OrderPlaced');
  if (!placed || ofType(order, 'OrderCancelled').length === 0) return [];
  const captured = capturedBy(placed.payments ?? [placed.payment]) + sum(ofType(order, 'CaptureRecorded'));
  const settled = ['OrderCancelled', 'OrderLinesCancelled'].flatMap((type) => ofType<{ refund: number; agreedLoss: number }>(order, type));
  const back = settled.reduce((all, { refund, agreedLoss }) => all + refund + agreedLoss, sum(ofType(order, 'SurplusCaptured')));
  return back === captured ? [] : [`${captured} were captured, and ${back} are owed back or lost`];
}
