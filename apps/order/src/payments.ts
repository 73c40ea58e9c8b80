import type { Capture, CaptureCommand, PaymentEvent, Known, OrderCommand, OrderState } from './order-facts.js';
import { allocateCharges, totalCaptured, valueOf, withCapture } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import { methodConcerns, type Payment } from './order-details.js';
import type { StorefrontSettings } from './policies.js';

/**
 * ORD-01: records a capture, each once, up to the total of the order. ORD-13: a payment for cancelled goods is owed to the customer.
 * Throws `InvalidInput`.
 */
export function recordCapture(
  { type: _type, now: _now, by: _by, ...capture }: Extract<OrderCommand, CaptureCommand>,
  state: OrderState,
  settings: StorefrontSettings,
): readonly PaymentEvent[] {
  if (state.status === 'none') {
    const isKnown = state.early?.some(({ captureId }) => captureId === capture.captureId);
    return isKnown ? [] : [{ type: 'CaptureAwaitsOrder', data: capture }];
  }
  if (state.captures.includes(capture.captureId)) return [];
  const fault = faultOf(capture, state);
  if (fault) throw new InvalidInput([fault]);
  return recorded(capture, state, settings);
}

/** Applies a capture that waited for its order. A refusal is an event, since nobody sends the capture again. */
export function applyEarlyCapture(capture: Capture, state: Known, settings: StorefrontSettings): readonly PaymentEvent[] {
  const fault = faultOf(capture, state);
  if (!fault) return recorded(capture, state, settings);
  const { orderNumber, captureId, reference, amount, currency } = capture;
  return [
    { type: 'CaptureRefused', data: { orderNumber, captureId, reference, amount, currency, reason: `${fault.field} ${fault.message}` } },
  ];
}

function faultOf(
  { reference, method, amount, currency }: Capture,
  { order, payments, pricing, requests }: Known,
): { field: string; message: string } | undefined {
  if (currency !== order.currency) return { field: 'currency', message: `is ${currency}, but the order is in ${order.currency}` };
  const sum = totalCaptured(payments);
  const difference = requests.find((request) => request.reference === reference);
  if (difference && difference.amount !== amount)
    return { field: 'amount', message: `is ${amount}, but ${reference} asks for a difference of ${difference.amount}` };
  if (difference && payments.some((p) => p.reference === reference))
    return { field: 'reference', message: `is ${reference}: this difference is paid already` };
  if (!difference && sum + amount > pricing.total)
    return { field: 'amount', message: `is ${amount}: with the ${sum} captured before that is more than the total of ${pricing.total}` };
  const paid = payments.find((p) => p.reference === reference);
  return paid && paid.method !== method
    ? { field: 'method', message: `is ${method}, but payment ${reference} is by ${paid.method}` }
    : undefined;
}

function recorded(capture: Capture, state: Known, settings: StorefrontSettings): readonly PaymentEvent[] {
  const { orderNumber, reference, method, amount, currency } = capture;
  const known = state.payments.find((p) => p.reference === reference);
  const before = known?.captured ?? 0;
  // review has seen the method of a payment that the order named
  const concerns = known ? [] : methodConcerns([capture], settings);
  const sum = before + amount;
  const payments = withCapture(state.payments, { reference, method, captured: sum });
  const balance = balanceOf(addCapture(state, { ...capture, captured: sum }));
  const surplus = Math.max(0, balance);
  const data = { orderNumber, reference, amount: surplus, currency, payment: state.order.payment, payments };
  return [
    {
      type: 'CaptureRecorded',
      data: { ...capture, captured: sum, outstanding: Math.max(0, -balance), ...(concerns.length > 0 && { concerns }) },
    },
    ...(surplus > 0 ? [{ type: 'SurplusCaptured' as const, data }] : []),
  ];
}

/** The state with a capture. ORD-22: a difference that is paid raises the total, and is kept for its change while that is open. */
export function addCapture(state: Known, capture: Capture & { readonly captured: number }): Known {
  const { payments, captures, pricing, requests, reserved } = state;
  const difference = requests.find(({ reference }) => reference === capture.reference);
  return {
    ...{ ...state, payments: withCapture(payments, capture), captures: [...captures, capture.captureId] },
    pricing: { ...pricing, total: pricing.total + (difference?.amount ?? 0) },
    reserved: reserved + (difference?.open ? difference.amount : 0),
  };
}

/** The captured amount beyond the settled amount and the goods to be delivered; negative where goods are not paid for yet. */
function balanceOf({ pricing, lines, payments, settled, reserved }: Known): number {
  const allocation = allocateCharges(pricing);
  const stays = lines.length === 0 ? 0 : valueOf(allocation, lines) + allocation.shipping;
  return totalCaptured(payments) - settled - reserved - stays;
}

/** Published with each amount that is owed, where the order has other payments than the first one. */
export const otherPayments = ({ order, payments }: Known): { payments?: readonly Payment[] } =>
  order.payments === undefined && payments.length === 1 && payments[0]?.captured === order.payment.captured ? {} : { payments };
