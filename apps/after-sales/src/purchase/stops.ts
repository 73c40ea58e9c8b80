import type { Claim } from './purchase-details.js';
import type { PurchaseEvent, PurchaseState } from './purchase-facts.js';

/** AFT-02, ORD-14: what shall come back of an order that has not left is stopped instead; the claim waits for how that ends. */
export function notDispatched(orderNumber: string, { caseId, what, lines, flow }: Claim, state: PurchaseState): readonly PurchaseEvent[] {
  const canStop = what === 'return' && state.bought && !state.dispatch && !state.cancelled;
  if (!canStop) return [];
  const again = state.bought?.reship && { originalOrder: state.bought.reship.originalOrder };
  return [{ type: 'GoodsNotDispatched', data: { orderNumber, caseId, lines, flow, ...again } }];
}
