import { Refusal } from '@orderloom/kernel';
import { dispatchOf } from './changes.js';
import type { Asking, Change, Decided, Known, OrderCommand, OrderEvent } from './order-facts.js';
import { paidBy } from './payments.js';
import {
  type LineQuantity,
  onlyGifts,
  paidFor,
  quantitiesOf,
  refundParts,
  remainingAfter,
  reshipFields,
  stillThere,
} from './order-details.js';

/** ORD-10: whether it has shipped is for logistics to say; here only what can't be asked at all. */
export function requestCancellation(command: Extract<OrderCommand, { type: 'RequestCancellation' }>, state: Known): readonly OrderEvent[] {
  assertNotCancelled(state);
  const { orderNumber, changeId, reason, caseId, flow, alsoRequestedBy, requestedBy = personOf(command.by) } = command;
  const asked = { orderNumber, changeId, reason, requestedBy, alsoRequestedBy, caseId, flow };
  const lines = command.lines && quantitiesOf(state.lines, command.lines);
  // ORD-14: a cancellation is never lost; it waits for the end of the change that is open
  if (state.change !== null)
    return [{ type: 'CancellationQueued', data: { ...defined(asked), behind: state.change, ...(lines && { lines }) } }];
  return [cancellationOf(asked, lines, state)];
}

/** A cancellation that begins; of all that is left where no quantities are named. */
function cancellationOf(asked: Change & Asking & { reason: string }, lines: readonly LineQuantity[] | undefined, state: Known): OrderEvent {
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

/** ORD-14: the first that waits begins as soon as no change is open, with what is still there of it. */
export function takenUp(state: Known): readonly OrderEvent[] {
  const [next] = state.queue;
  if (!next || state.change !== null) return [];
  const { orderNumber, changeId, reason, requestedBy, alsoRequestedBy, caseId, flow, lines } = next;
  const asked = { orderNumber, changeId, reason, requestedBy, alsoRequestedBy, caseId, flow };
  return [cancellationOf(asked, lines && stillThere(state.lines, lines), state)];
}

const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** REF-02: who asked must not approve the refund; a storefront or a flow asks for somebody else. */
const personOf = (by: string): string | undefined => (/^(?!storefront:|flow:)[a-z-]+:/.test(by) ? by : undefined);

/** ORD-13: all of it, or quantities that are still there; what was paid for them less the agreed loss is to be refunded. */
export function cancel(command: Extract<OrderCommand, { type: 'CancelOrder' }>, state: Known): readonly OrderEvent[] {
  const { orderNumber, changeId, reason, flow } = command;
  const { currency } = state.order;
  // another flow may have cancelled the order while this change was open: it hears so with the amounts of that decision, and nothing
  // more is refunded or lost
  if (state.decided) {
    if (state.change !== changeId) return [];
    const data = { orderNumber, changeId, refund: 0, agreedLoss: 0, currency, reason, flow, decided: decisionOf(state.decided) };
    return [{ type: 'OrderCancelled', data }];
  }
  const asked = command.whole ? state.lines : stillThere(state.lines, command.lines);
  // what the warehouse has is cancelled by a change that holds it first, a gift alone too
  const whole = state.status !== 'released' && asked.length > 0 && onlyGifts(state.order, remainingAfter(state.lines, asked));
  const lines = whole ? state.lines : asked;
  const remaining = remainingAfter(state.lines, lines);
  const paid = paidFor(state, lines);
  const agreedLoss = Math.min(command.agreedLoss, paid.goods + paid.freight);
  const refund = paid.goods + paid.freight - agreedLoss;
  const parts = refundParts(paid, agreedLoss);
  if (remaining.length === 0)
    return [
      { type: 'OrderCancelled', data: { orderNumber, changeId, refund, ...paidBy(state), parts, agreedLoss, currency, reason, flow } },
    ];
  const cancelled = lines.map(({ line, quantity }) => ({ line, quantity }));
  const data = { orderNumber, changeId, lines: cancelled, remaining, refund, ...paidBy(state), parts, agreedLoss, currency, reason, flow };
  return [{ type: 'OrderLinesCancelled', data }];
}

/** ORD-12: the order goes on as it was, unless another change has cancelled it meanwhile, whose amounts are then the answer. */
export function refuseCancellation(
  { orderNumber, changeId, reason, flow }: Extract<OrderCommand, { type: 'RefuseCancellation' }>,
  { decided }: Known,
): readonly OrderEvent[] {
  return [{ type: 'CancellationRefused', data: { orderNumber, changeId, reason, flow, ...(decided && { decided: decisionOf(decided) }) } }];
}

const decisionOf = ({ changeId, refund, agreedLoss }: Decided): Decided => ({ changeId, refund, agreedLoss });

/** One open change per order; none once it is cancelled. */
export function assertChangeable(state: Known): void {
  if (state.change) throw new Refusal('change-already-open', 'another change of this order is open; wait for its end', 'ORD-03');
  assertNotCancelled(state);
}

function assertNotCancelled(state: Known): void {
  if (state.status === 'cancelled') throw new Refusal('order-cancelled', 'the order is cancelled', 'ORD-13');
}

/** ORD-13: logistics may hear of these cancellations before it hears of the order, and must not take them out twice. */
export const amended = ({ amendedBy }: Known) => (amendedBy.length > 0 ? { amendedBy } : {});
