import type { LineQuantity } from './bought.js';
import type { PurchaseEvent, PurchaseState } from './purchase.js';

/** What a case was counted as, and what was to be paid back for it. */
export interface Settled {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
}

/** REF-05: what is not paid back in the end is the customer's again, and can be claimed again. */
export function withUnits(state: PurchaseState, caseId: string): PurchaseState {
  const { [caseId]: back, ...settledFor } = state.settledFor;
  if (!back) return state;
  const there = new Map(state.lines.map((l) => [l.line, l]));
  for (const { line, quantity } of back.lines) {
    const was = state.bought?.lines.find((l) => l.line === line);
    const left = there.get(line)?.quantity ?? 0;
    if (was) there.set(line, { ...was, quantity: left + quantity });
  }
  return { ...state, lines: [...there.values()].sort((a, b) => a.line - b.line), settled: state.settled - back.refund, settledFor };
}

/** What this case was settled for, once: a second word of it, or one of a case that settled nothing, changes nothing. */
export function restore(orderNumber: string, caseId: string, flow: string, { settledFor }: PurchaseState): readonly PurchaseEvent[] {
  const back = settledFor[caseId];
  return back ? [{ type: 'UnitsRestored', data: { orderNumber, caseId, lines: back.lines, refund: back.refund, flow } }] : [];
}
