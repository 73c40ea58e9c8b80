import type { Capture, CaptureCommand, PaymentEvent, Known, OrderCommand, OrderState } from './order-facts.js';
import { allocate, capturedBy, valueOf, withCapture } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import type { Payment } from './order-details.js';

/**
 * ORD-01: what is captured after the order was placed; never more than its total, and the same capture once. ORD-13: what comes in for
 * goods that are cancelled is owed back, so that it is never kept in silence. Throws `InvalidInput`.
 */
export function recordCapture(
  { type: _type, now: _now, by: _by, ...capture }: Extract<OrderCommand, CaptureCommand>,
  state: OrderState,
): readonly PaymentEvent[] {
  if (state.status === 'none') {
    const isKnown = state.early?.some(({ captureId }) => captureId === capture.captureId);
    return isKnown ? [] : [{ type: 'CaptureAwaitsOrder', data: capture }];
  }
  if (state.captures.includes(capture.captureId)) return [];
  const fault = faultOf(capture, state);
  if (fault) throw new InvalidInput([fault]);
  return recorded(capture, state);
}

/** What becomes of a capture that waited, now that its order is there; nobody sends it again, so that a refusal is a fact. */
export function takeEarly(capture: Capture, state: Known): readonly PaymentEvent[] {
  const fault = faultOf(capture, state);
  if (!fault) return recorded(capture, state);
  const { orderNumber, captureId, reference, amount, currency } = capture;
  return [
    { type: 'CaptureRefused', data: { orderNumber, captureId, reference, amount, currency, reason: `${fault.field} ${fault.message}` } },
  ];
}

function faultOf(
  { reference, method, amount, currency }: Capture,
  { order, payments }: Known,
): { field: string; message: string } | undefined {
  if (currency !== order.currency) return { field: 'currency', message: `is ${currency}, but the order is in ${order.currency}` };
  const sum = capturedBy(payments);
  if (sum + amount > order.total)
    return { field: 'amount', message: `is ${amount}: with the ${sum} captured before that is more than the total of ${order.total}` };
  const paid = payments.find((p) => p.reference === reference);
  return paid && paid.method !== method
    ? { field: 'method', message: `is ${method}, but payment ${reference} is by ${paid.method}` }
    : undefined;
}

function recorded(capture: Capture, state: Known): readonly PaymentEvent[] {
  const { orderNumber, reference, method, amount, currency } = capture;
  const before = state.payments.find((p) => p.reference === reference)?.captured ?? 0;
  const captured = before + amount;
  const payments = withCapture(state.payments, { reference, method, captured });
  const balance = balanceOf({ ...state, payments });
  const surplus = Math.max(0, balance);
  const data = { orderNumber, reference, amount: surplus, currency, payment: state.order.payment, payments };
  return [
    { type: 'CaptureRecorded', data: { ...capture, captured, outstanding: Math.max(0, -balance) } },
    ...(surplus > 0 ? [{ type: 'SurplusCaptured' as const, data }] : []),
  ];
}

/** What is captured beyond what was settled and what is still to be delivered; negative where that is not paid for yet. */
function balanceOf({ order, lines, payments, settled }: Known): number {
  const allocation = allocate(order);
  const stays = lines.length === 0 ? 0 : valueOf(allocation, lines) + allocation.shipping;
  return capturedBy(payments) - settled - stays;
}

/** Told with every amount that is owed back, where the payments are not just the one that the order was placed with. */
export const paidBy = ({ order, payments }: Known): { payments?: readonly Payment[] } =>
  order.payments === undefined && payments.length === 1 && payments[0]?.captured === order.payment.captured ? {} : { payments };
