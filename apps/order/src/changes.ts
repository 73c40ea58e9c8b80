import type { Changed, Dispatch, Known, OrderCommand, OrderEvent, OrderState } from './order-facts.js';
import { InvalidInput, Refusal } from '@orderloom/kernel';

export const dispatchOf = ({ promisedDispatchBy, dispatchedAt }: Known): Dispatch => ({
  promisedDispatchBy,
  ...(dispatchedAt && { dispatchedAt }),
});

/** Turns a refusal into an event where a flow asked: a refused command would park the flow, and nobody would look. */
export function refusalAsEvent(
  command: Extract<OrderCommand, { type: 'RequestCancellation' }>,
  decide: () => readonly OrderEvent[],
): readonly OrderEvent[] {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof InvalidInput)) throw error;
    const { orderNumber, caseId, flow = '' } = command;
    const code = error instanceof InvalidInput ? 'invalid-request' : error.code;
    return [{ type: 'CancellationRequestRefused', data: { orderNumber, code, reason: error.message, caseId, flow } }];
  }
}

/** One event for the end of a change of any kind (ORD-03): `events` closed it, `after` is the order that results. */
export function changeClosed(events: readonly OrderEvent[], before: OrderState, after: Known): readonly OrderEvent[] {
  if (before.status === 'none' || before.change === null || before.change === after.change) return [];
  const { order, lines, address, promisedDispatchBy } = after;
  const { orderNumber } = order;
  const changed = events.flatMap(changedBy);
  return [{ type: 'ChangeClosed', data: { orderNumber, changeId: before.change, changed, lines, address, promisedDispatchBy } }];
}

function changedBy(event: OrderEvent): Changed {
  switch (event.type) {
    case 'OrderLinesCancelled':
      return event.data.lines.length > 0 ? ['lines-cancelled'] : [];
    case 'OrderCancelled':
      return event.data.decided ? [] : ['lines-cancelled'];
    case 'AddressChanged':
      return ['address-changed'];
    case 'ProductChangeClosed':
      return event.data.changed ? ['product-changed'] : [];
    default:
      return [];
  }
}
