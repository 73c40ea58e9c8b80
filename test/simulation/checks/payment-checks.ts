import { totalCaptured, withCapture } from '@orderloom/contracts';
import type { RecordedEvent } from '@orderloom/event-sourcing';
import { purchase } from '../../../apps/after-sales/src/purchase/purchase.js';
import type { PurchaseEvent } from '../../../apps/after-sales/src/purchase/purchase-facts.js';
import { surplusOf } from '../../../apps/after-sales/src/purchase/surplus.js';
import { type Payout, referenceOf } from '../actors/payment-provider.js';

interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}
type Events = readonly RecordedEvent[];

const ofType = <T>(events: Events, type: string): readonly T[] =>
  events.flatMap((event) => (event.type === type ? [event.data as unknown as T] : []));
const sum = (amounts: readonly { readonly amount: number }[]): number => amounts.reduce((all, { amount }) => all + amount, 0);

/** The captured amount of each payment that the refunds of an order know. */
export const paymentsOf = (refunds: Events): readonly Payment[] =>
  ofType<Payment>(refunds, 'PaymentCaptured').reduce<readonly Payment[]>(withCapture, []);

interface OfRefund {
  readonly refundId: string;
  readonly providerReference?: string;
  readonly flow?: string;
}

/** Refunds whose sum is free again: rejected, or paid and come back, and not paid otherwise since (REF-05). */
function free(refunds: Events): ReadonlySet<string> {
  const ids = new Set<string>();
  const back = new Set<string>();
  for (const { type, data } of refunds) {
    const { refundId, flow } = data as unknown as OfRefund;
    if (type === 'RefundRejected' || type === 'RefundBounced') ids.add(refundId);
    if (type === 'RefundBounced') back.add(refundId);
    // its own flow may say that it is paid after the provider has said that it came back
    if (type === 'RefundPaid' && !(back.has(refundId) && flow?.startsWith('finance-refund-'))) ids.delete(refundId);
  }
  return ids;
}

/** REF-03: more is applied for to a payment than was captured of it. */
export function overdrawn(refunds: Events): string[] {
  const dead = free(refunds);
  const requested = ofType<{ refundId: string; reference: string; amount: number }>(refunds, 'RefundRequested');
  const payments = paymentsOf(refunds);
  return [...new Set(requested.map(({ reference }) => reference))].flatMap((reference) => {
    const captured = payments.find((payment) => payment.reference === reference)?.captured ?? 0;
    const owed = sum(requested.filter((one) => one.reference === reference && !dead.has(one.refundId)));
    return owed > captured ? [`${owed} are applied for of ${captured} captured by ${reference}`] : [];
  });
}

interface Provider {
  readonly paid: ReadonlyMap<string, Payout>;
  readonly takenBack?: ReadonlySet<string>;
  readonly paidLate?: ReadonlySet<string>;
}

/** Finance may pay otherwise, which the provider knows nothing of (REF-05). */
const isByBank = ({ providerReference }: OfRefund): boolean => String(providerReference).startsWith('bank-');

/** REF-03: what customers have of an order's money; what the provider paid late and finance was told of is finance's to recover. */
export function paidBack(orderNumber: string, refunds: Events, { paid }: Provider): number {
  const told = new Set(ofType<OfRefund>(refunds, 'LatePayoutReported').map(({ refundId }) => refundId));
  const own = new Set(
    ofType<OfRefund>(refunds, 'RefundPaid').flatMap((one) => (one.providerReference === referenceOf(one.refundId) ? [one.refundId] : [])),
  );
  const byProvider = [...paid].filter(([key, payout]) => payout.orderNumber === orderNumber && (own.has(key) || !told.has(key)));
  const byBank = ofType<OfRefund & { amount: number }>(refunds, 'RefundPaid').filter(isByBank);
  return sum(byProvider.map(([, payout]) => payout)) + sum(byBank);
}

/** REF-04: what is said to be paid was paid, and is with the customer unless it is said to have come back. */
export function saidPaid(refunds: Events, { paid }: Provider): string[] {
  const back = new Set(ofType<OfRefund>(refunds, 'RefundBounced').map(({ refundId }) => refundId));
  return ofType<OfRefund>(refunds, 'RefundPaid')
    .filter((one) => !isByBank(one) && !paid.has(one.refundId) && !back.has(one.refundId))
    .map(({ refundId }) => `${refundId} is said to be paid, and was not`);
}

/** REF-05: what the provider says against what it had said is never passed over in silence. */
export function unheard(events: Events, { takenBack = new Set(), paidLate = new Set() }: Provider): string[] {
  const heard = (type: string): ReadonlySet<unknown> => new Set(ofType<OfRefund>(events, type).map((one) => one.providerReference));
  const [back, late] = [heard('PayoutCameBack'), heard('PayoutCameLate')];
  return [
    ...[...takenBack].filter((key) => !back.has(referenceOf(key))).map((key) => `${key} came back, and nobody noticed`),
    ...[...paidLate].filter((key) => !late.has(referenceOf(key))).map((key) => `${key} was paid late, and nobody noticed`),
  ];
}

/** AFT-32: what is captured by now for goods that had come back before is owed back. */
export function keptForReturned(orderNumber: string, purchaseFacts: Events): string[] {
  const facts = purchaseFacts.map(({ type, data }) => ({ type, data }) as PurchaseEvent);
  const owed = surplusOf(orderNumber, facts.reduce(purchase.evolve, purchase.initial));
  return owed.map(({ data }) => `${data.amount} are captured for what case ${data.caseId} brought back, and kept`);
}

/** ORD-13: of an order that was cancelled, all that was captured, before or after, was paid back or agreed to be lost. */
export function kept(order: Events): string[] {
  const [placed] = ofType<{ payment: Payment; payments?: readonly Payment[] }>(order, 'OrderPlaced');
  if (!placed || ofType(order, 'OrderCancelled').length === 0) return [];
  const captured = totalCaptured(placed.payments ?? [placed.payment]) + sum(ofType(order, 'CaptureRecorded'));
  const settled = ['OrderCancelled', 'OrderLinesCancelled', 'OrderLinesReplaced'].flatMap((type) =>
    ofType<{ refund: number; agreedLoss?: number }>(order, type),
  );
  const back = settled.reduce((all, { refund, agreedLoss = 0 }) => all + refund + agreedLoss, sum(ofType(order, 'SurplusCaptured')));
  return back === captured ? [] : [`${captured} were captured, and ${back} are owed back or lost`];
}

interface OfCase {
  readonly refundId?: string;
  readonly caseId: string;
  readonly refund: number;
}

/** REF-05: units of a case count as paid back as far as their refund is, however often that changes: rejected in the end, they are free. */
export function countedOtherwise(purchaseFacts: Events, refunds: Events): string[] {
  const outcomes = ofType<{ refundId: string; paid: number }>(refunds, 'RefundApplicationSettled');
  const changes = (type: string, id: string): number =>
    ofType<OfCase>(purchaseFacts, type).reduce((all, { refundId, refund }) => all + (refundId === id ? refund : 0), 0);
  return ofType<Required<OfCase>>(purchaseFacts, 'CaseRefundFiled').flatMap(({ refundId, caseId, refund }) => {
    const said = outcomes.findLast((one) => one.refundId === refundId);
    const counted = refund - changes('UnitsRestored', refundId) + changes('UnitsSettled', refundId);
    return !said || said.paid === counted ? [] : [`${said.paid} of ${refundId} is paid, and case ${caseId} counts ${counted}`];
  });
}
