import type { LineQuantity } from './bought.js';
import type { PurchaseState } from './purchase.js';

/** REF-05: what is not paid back in the end is the customer's again, and can be claimed again. */
export function withUnits(state: PurchaseState, units: readonly LineQuantity[], refund: number): PurchaseState {
  const there = new Map(state.lines.map((l) => [l.line, l]));
  for (const { line, quantity } of units) {
    const was = state.bought?.lines.find((l) => l.line === line);
    const left = there.get(line)?.quantity ?? 0;
    if (was) there.set(line, { ...was, quantity: left + quantity });
  }
  return { ...state, lines: [...there.values()].sort((a, b) => a.line - b.line), settled: state.settled - refund };
}
