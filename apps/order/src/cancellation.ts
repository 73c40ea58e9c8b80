import { Refusal } from '@orderloom/kernel';
import { dispatchOf } from './changes.js';
import type { CancellationRequester, Change, CancellationDecision, Known, OrderCommand, OrderEvent } from './order-facts.js';
import { otherPayments } from './payments.js';
import {
  type LineQuantity,
  onlyGifts,
  paidFor,
  quantitiesOf,
  refundParts,
  remainingAfter,
  reshipFields,
  quantitiesLeft,
} from './order-details.js';

/** ORD-10: refuses requests that are impossible. Logistics decides whether the order has shipped. */
export function requestCancellation(command: Extract<OrderCommand, { type: 'RequestCancellation' }>, state: Known): readonly OrderEvent[] {
  assertNotCancelled(state);
  const { orderNumber, changeId, reason, declaredCause, caseId, flow, alsoRequestedBy, requestedBy = personOf(command.by) } = command;
  const asked = { orderNumber, changeId, reason, ...(declaredCause && { declaredCause }), requestedBy, alsoRequestedBy, caseId, flow };
  const lines = command.lines && quantitiesOf(state.lines, command.lines);
  // ORD-14: a cancellation during another change is queued, never lost
  if (state.change !== null)
    return [{ type: 'CancellationQueued', data: { ...defined(asked), behind: state.change, ...(lines && { lines }) } }];
  return [cancellationOf(asked, lines, state)];
}

/** Starts a cancellation, of all remaining units where no quantities are named. */
function cancellationOf(
  asked: Change & CancellationRequester & { reason: string },
  lines: readonly LineQuantity[] | undefined,
  state: Known,
): OrderEvent {
  const whole = !lines || onlyGifts(state.order, remainingAfter(state.lines, lines));
  const quantities = whole ? state.lines.map(({ line, quantity }) => ({ line, quantity })) : lines;
  const paid = paidFor(state, quantities);
  return {
    type: 'CancellationRequested',
    data: {
      ...defined(asked),
      whole,
      lines: state.lines.flatMap((l) => {
        const quantity = quantities.find((a) => a.line === l.line)?.quantity;
        return quantity === undefined ? [] : [{ ...l, quantity }];
      }),
      paid: paid.goods + paid.freight,
      payment: state.order.payment,
      currency: state.order.currency,
      ...dispatchOf(state),
      ...reshipFields(state.order),
    },
  };
}

/** ORD-14: starts the first queued cancellation when no change is open, for the units that are left. */
export function startQueuedCancellation(state: Known): readonly OrderEvent[] {
  const [next] = state.queue;
  if (!next || state.change !== null) return [];
  const { orderNumber, changeId, reason, declaredCause, requestedBy, alsoRequestedBy, caseId, flow, lines } = next;
  const asked = { orderNumber, changeId, reason, ...(declaredCause && { declaredCause }), requestedBy, alsoRequestedBy, caseId, flow };
  return [cancellationOf(asked, lines && quantitiesLeft(state.lines, lines), state)];
}

const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** REF-02: the person who asked must not approve the refund. A storefront or a flow asks on behalf of somebody else. */
const personOf = (by: string): string | undefined => (/^(?!storefront:|flow:)[a-z-]+:/.test(by) ? by : undefined);

/** ORD-13: cancels the order, or quantities that are left. The refund is the amount paid for them less the agreed loss. */
export function cancel(command: Extract<OrderCommand, { type: 'CancelOrder' }>, state: Known): readonly OrderEvent[] {
  const { orderNumber, changeId, reason, flow } = command;
  const { currency } = state.order;
  // another flow may have cancelled the order while this change was open: its amounts are returned, and nothing
  // more is refunded or lost
  if (state.decided) {
    if (state.change !== changeId) return [];
    const data = { orderNumber, changeId, refund: 0, agreedLoss: 0, currency, reason, flow, decided: decisionOf(state.decided) };
    return [{ type: 'OrderCancelled', data }];
  }
  const asked = command.whole ? state.lines : quantitiesLeft(state.lines, command.lines);
  // goods at the warehouse, gifts included, are cancelled by a change that holds them first
  const whole = state.status !== 'released' && asked.length > 0 && onlyGifts(state.order, remainingAfter(state.lines, asked));
  const lines = whole ? state.lines : asked;
  const remaining = remainingAfter(state.lines, lines);
  const paid = paidFor(state, lines);
  const agreedLoss = Math.min(command.agreedLoss, paid.goods + paid.freight);
  const refund = paid.goods + paid.freight - agreedLoss;
  const parts = refundParts(paid, agreedLoss);
  if (remaining.length === 0)
    return [
      {
        type: 'OrderCancelled',
        data: { orderNumber, changeId, refund, ...otherPayments(state), parts, agreedLoss, currency, reason, flow },
      },
    ];
  const cancelled = lines.map(({ line, quantity }) => ({ line, quantity }));
  const data = {
    orderNumber,
    changeId,
    lines: cancelled,
    remaining,
    refund,
    ...otherPayments(state),
    parts,
    agreedLoss,
    currency,
    reason,
    flow,
  };
  return [{ type: 'OrderLinesCancelled', data }];
}

/** ORD-12: the order goes on unchanged, unless another change has cancelled it meanwhile. Then the amounts of that change are returned. */
export function refuseCancellation(
  { orderNumber, changeId, reason, flow }: Extract<OrderCommand, { type: 'RefuseCancellation' }>,
  { decided }: Known,
): readonly OrderEvent[] {
  return [{ type: 'CancellationRefused', data: { orderNumber, changeId, reason, flow, ...(decided && { decided: decisionOf(decided) }) } }];
}

const decisionOf = ({ changeId, refund, agreedLoss, reason }: CancellationDecision): CancellationDecision => ({
  changeId,
  refund,
  agreedLoss,
  reason,
});

/** Throws `Refusal` if the order is cancelled or another change is open. */
export function assertChangeable(state: Known): void {
  if (state.change) throw new Refusal('change-already-open', 'another change of this order is open; wait for its end', 'ORD-03');
  assertNotCancelled(state);
}

function assertNotCancelled(state: Known): void {
  if (state.status === 'cancelled') throw new Refusal('order-cancelled', 'the order is cancelled', 'ORD-13');
}

/** ORD-13: logistics may receive these cancellations before the order, and must not apply them twice. */
export const amendingFlows = ({ amendedBy }: Known) => (amendedBy.length > 0 ? { amendedBy } : {});
