import type { FactOf } from '@orderloom/flows';
import type { Return } from './return-messages.js';

type Outcome = FactOf<'RefundApplicationSettled'>;

/** The first outcome of the refund that was filed last (REF-05). */
export function ourRefund({ refundId }: Return, input: Outcome) {
  return input.refundId === refundId;
}
export function ourRefundRejected(c: Return, input: Outcome) {
  return ourRefund(c, input) && input.rejected > 0 && input.paid === 0;
}
export function ourRefundInPart(c: Return, input: Outcome) {
  return ourRefund(c, input) && input.rejected > 0 && input.paid > 0;
}
export function noteRefundRejected(_: Return, { reason = '' }: Outcome) {
  return { refundRejected: true, refusal: reason };
}
export function noteRefundInPart(_: Return, { paid, rejected, reason = '' }: Outcome) {
  return { refund: paid, notRefunded: rejected, refusal: reason };
}

/** Another outcome of the refund of the goods, such as a payment that came back, while the rest of the return is open. */
export function goodsRefundChanged(c: Return, { refundId }: Outcome) {
  return refundId === c.goodsRefundId && !c.refundRejected;
}
/** `unpaid-return` decides about a refund that was rejected as a whole, and tells the customer. */
export function noteGoodsRefund(c: Return, outcome: Outcome) {
  return outcome.paid === 0 ? { refundApart: true } : { ...noteRefundInPart(c, outcome), refundApart: false };
}

/** The goods are offered back, since their refund was rejected, and it is paid after all. */
export function goodsPaidAfterAll({ goodsRefundId, refundRejected }: Return, { refundId, paid }: Outcome) {
  return refundId === goodsRefundId && refundRejected && paid > 0;
}
export function noteGoodsKept(c: Return, outcome: Outcome) {
  return { ...noteRefundInPart(c, outcome), refundRejected: false, noneTaken: false };
}

export function freightRefundChanged({ goodsRefundId, refundId }: Return, input: Outcome) {
  return input.refundId === refundId && refundId !== goodsRefundId;
}
