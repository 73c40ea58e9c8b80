import { Refusal } from '@orderloom/kernel';
import type { Known, OrderCommand, OrderEvent } from './order.js';
import { paidFor, quantitiesOf, remainingAfter, stillThere } from './placed.js';

/** ORD-10: whether it has shipped is for logistics to say; here only what can't be asked at all. */
export function requestCancellation(command: Extract<OrderCommand, { type: 'RequestCancellation' }>, state: Known): readonly OrderEvent[] {
  assertChangeable(state);
  const { orderNumber, changeId, reason } = command;
  const asked =
    command.lines === undefined ? state.lines.map(({ line, quantity }) => ({ line, quantity })) : quantitiesOf(state.lines, command.lines);
  const remaining = remainingAfter(state.lines, asked);
  const lines = state.lines.flatMap((l) => {
    const quantity = asked.find((a) => a.line === l.line)?.quantity;
    return quantity === undefined ? [] : [{ ...l, quantity }];
  });
  const paid = paidFor(state.order, state.lines, asked, state.settled);
  return [
    {
      type: 'CancellationRequested',
      data: {
        orderNumber,
        changeId,
        reason,
        whole: remaining.length === 0,
        lines,
        paid,
        payment: state.order.payment,
        currency: state.order.currency,
        ...askedBy(command.by),
      },
    },
  ];
}

/** REF-02: who asked must not approve the refund; a storefront or a flow asks for somebody else. */
const askedBy = (by: string): { requestedBy?: string } => (/^(?!storefront:|flow:)[a-z-]+:/.test(by) ? { requestedBy: by } : {});

/** ORD-13: all of it, or quantities that are still there; what was paid for them less the agreed loss is to be refunded. */
export function cancel(command: Extract<OrderCommand, { type: 'CancelOrder' }>, state: Known): readonly OrderEvent[] {
  const { orderNumber, changeId, reason, flow } = command;
  // another flow may have cancelled the rest while this change was open: it must hear so
  if (state.status === 'cancelled' && state.change !== changeId) return [];
  const { currency } = state.order;
  const lines = command.whole ? state.lines : stillThere(state.lines, command.lines);
  const remaining = remainingAfter(state.lines, lines);
  const paid = paidFor(state.order, state.lines, lines, state.settled);
  const agreedLoss = Math.min(command.agreedLoss, paid);
  const refund = paid - agreedLoss;
  if (remaining.length === 0)
    return [{ type: 'OrderCancelled', data: { orderNumber, changeId, refund, agreedLoss, currency, reason, flow } }];
  const cancelled = lines.map(({ line, quantity }) => ({ line, quantity }));
  const data = { orderNumber, changeId, lines: cancelled, remaining, refund, agreedLoss, currency, reason, flow };
  return [{ type: 'OrderLinesCancelled', data }];
}

/** One open change per order; none once it is cancelled. */
export function assertChangeable(state: Known): void {
  if (state.change) throw new Refusal('change-already-open', 'another change of this order is open; wait for its end', 'ORD-03');
  if (state.status === 'cancelled') throw new Refusal('order-cancelled', 'the order is cancelled', 'ORD-13');
}
