import type { Dispatch, Known, OrderCommand, OrderEvent } from './order-facts.js';
import { InvalidInput, Refusal } from '@orderloom/kernel';

export const dispatchOf = ({ promisedDispatchBy, dispatchedAt }: Known): Dispatch => ({
  promisedDispatchBy,
  ...(dispatchedAt && { dispatchedAt }),
});

/** Turns a refusal into an event where a flow asked: a refused command would park the flow, and nobody would look. */
export function askedByFlow(
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
