import { totalCaptured } from '@orderloom/contracts';
import { isFiledAgain, type Refund } from '../../apps/refund/src/refund-state.js';
import type { Goods, OneOrder } from './one-order.js';

/** Something that people, providers or customers do with an order; it does nothing where it does not apply. */
type Step = (one: OneOrder) => void;

let count = 0;
const next = (): string => String((count += 1));

/** Some units of these lines, at most what is there. */
const someOf = ({ random }: OneOrder, lines: Goods): Goods =>
  lines.map(({ line, quantity }) => ({ line, quantity: random(quantity + 1) })).filter(({ quantity }) => quantity > 0);

const capture: Step = (one) => {
  if (one.order.status === 'none') return;
  const open = one.placed.total - totalCaptured(one.order.payments);
  const amount = one.random(3) === 0 ? open : one.random(open + 1);
  const { method, reference } = one.order.payments[one.random(one.order.payments.length)] ?? one.placed.payment;
  const { currency, placedAt: capturedAt } = one.placed;
  if (amount > 0) one.toOrder({ type: 'RecordCapture', captureId: next(), reference, method, amount, currency, capturedAt });
};

/** Before dispatch: some lines, or all, with or without a loss that the customer bears. */
const cancel =
  (whole: boolean, loses: boolean): Step =>
  (one) => {
    if (one.order.status !== 'placed') return;
    const changeId = next();
    const lines = whole ? one.order.lines : someOf(one, one.order.lines);
    if (lines.length === 0) return;
    const agreedLoss = loses ? one.random(400) : 0;
    one.toOrder({ type: 'RequestCancellation', changeId, reason: 'too late', ...(!whole && { lines }) });
    one.toOrder({ type: 'CancelOrder', changeId, whole, lines, agreedLoss, reason: 'too late', flow: `cancel-order-${changeId}` });
  };

const dispatch: Step = (one) => {
  if (one.order.status !== 'placed') return;
  one.toOrder({ type: 'RecordDispatch', at: '2010-12-02T09:00:00.000000Z', carrier: 'RM', method: 'post', trackingNumber: 'RM1GB' });
};

const claims = (one: OneOrder, what: 'return' | 'missing'): void => {
  const caseId = `${what}-${next()}`;
  const lines = someOf(one, one.placed.lines);
  const flow = what === 'return' ? `return-with-refund-${caseId}` : `missing-items-${caseId}`;
  const sent = { reshipNumber: '536365-R1', caseId: 'missing-0', withinWindow: true };
  const via = one.purchase.kept.length > 0 && one.random(2) === 0 ? { sent } : {};
  if (lines.length > 0)
    one.toPurchase({ type: 'ClaimUnits', caseId, what, cause: 'quality', lines, openedAt: '2010-12-03T09:00:00.000000Z', flow, ...via });
};

/** A case that has claimed units, and they. */
const anyClaim = (one: OneOrder): readonly [string, Goods] | undefined => {
  const all = Object.entries(one.purchase.claimed).filter(([caseId, units]) => units.length > 0 && !one.filing.has(caseId));
  return all[one.random(Math.max(1, all.length))];
};

/** AFT-32: what was accepted, or is not to be had, is refunded; AFT-15: a part of it while the rest goes out again. */
const settle: Step = (one) => {
  const [caseId, units] = anyClaim(one) ?? [];
  if (caseId === undefined || units === undefined) return;
  const isMissing = caseId.startsWith('missing');
  const some = one.random(2) === 0 ? units : someOf(one, units);
  const lines = isMissing && some.length < 1 ? units : some;
  const flow = `${isMissing ? 'missing-items' : 'return-with-refund'}-${caseId}`;
  one.toPurchase({ type: 'SettleUnits', caseId, lines, flow, ...(isMissing && { keepsRest: true as const }) });
};

/** AFT-15: what was missing was sent again, and has arrived; or a return is given up. */
const release: Step = (one) => {
  const [caseId = ''] = anyClaim(one) ?? [];
  one.toPurchase({ type: 'ReleaseUnits', caseId, ...(caseId.startsWith('missing') && { sentAgain: true as const }) });
};

const anyRefund = (one: OneOrder, ...statuses: readonly Refund['status'][]): Refund | undefined => {
  const all = Object.values(one.refunds.refunds).filter(
    (refund) => statuses.includes(refund.status) && !(refund.status === 'bounced' && isFiledAgain(refund, one.refunds)),
  );
  return all[one.random(Math.max(1, all.length))];
};
const payer = (refundId: string): string => `finance-refund-${refundId}`;

const pay: Step = (one) => {
  const refundId = anyRefund(one, 'requested')?.requested.refundId;
  if (refundId === undefined) return;
  const flow = payer(refundId);
  one.toRefunds({ type: 'ApproveRefund', refundId, approvedBy: ['finance:li', 'finance:wang'], flow });
  one.toRefunds({ type: 'StartRefundExecution', refundId, flow });
  one.toRefunds({ type: 'RecordRefundPaid', refundId, providerReference: `psp-${refundId}`, flow });
};

const reject: Step = (one) => {
  const refundId = anyRefund(one, 'requested', 'bounced')?.requested.refundId;
  if (refundId !== undefined) one.toRefunds({ type: 'RejectRefund', refundId, reason: 'not owed', flow: `decides-${refundId}` });
};

/** REF-05: a payment comes back, once or again after it was confirmed. */
const bounce: Step = (one) => {
  const refund = anyRefund(one, 'paid');
  if (!refund) return;
  const { requested, paidBy } = refund;
  const back = { payer: payer(requested.refundId), providerReference: paidBy ?? '', reason: 'account closed' };
  one.toRefunds({ type: 'RecordPayoutBack', ...back, flow: `bounced-refund-${next()}` });
};

const afterBounce: Step = (one) => {
  const refundId = anyRefund(one, 'bounced')?.requested.refundId;
  if (refundId === undefined) return;
  const flow = `bounced-refund-${next()}`;
  if (one.random(2) === 0) one.toRefunds({ type: 'FileRefundAgain', refundId, filedBy: 'finance:chen', flow });
  else one.toRefunds({ type: 'RecordRefundPaid', refundId, providerReference: `bank-${flow}`, flow });
};

/** REF-05: what was rejected, or paid otherwise, is paid by the provider after all. Finance lets it count, or gets it back. */
const payLate: Step = (one) => {
  const all = Object.values(one.refunds.refunds).filter(({ status }) => ['paid', 'rejected', 'bounced'].includes(status));
  const refund = all[one.random(Math.max(1, all.length))];
  if (!refund?.payer) return;
  const { refundId } = refund.requested;
  const flow = `late-payout-${next()}`;
  const providerReference = `late-${flow}`;
  one.toRefunds({ type: 'RecordLatePayout', payer: refund.payer, providerReference, flow });
  if (one.random(2) === 0) one.toRefunds({ type: 'KeepLatePayout', refundId, providerReference, flow });
  else one.toRefunds({ type: 'RecordPayoutReturned', refundId, providerReference, reference: 'reclaimed', flow });
};

const deliver: Step = (one) => void one.deliver();

/** The steps without a failure of a payment or refund. */
export const plainSteps: readonly Step[] = [
  ...[capture, cancel(false, false), cancel(true, false), dispatch, dispatch, settle, settle, release, pay, pay],
  ...[(one: OneOrder) => claims(one, 'return'), (one: OneOrder) => claims(one, 'missing'), deliver, deliver, deliver, deliver],
];
/** Losses, rejections and payments that come back. */
export const roughSteps: readonly Step[] = [...plainSteps, cancel(false, true), cancel(true, true), reject, bounce, afterBounce];
/** And the provider pays what it should not. */
export const lateSteps: readonly Step[] = [...roughSteps, reject, payLate, payLate];
