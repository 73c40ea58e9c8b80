import { type LineQuantity, summed, withoutUnits } from './bought.js';
import type { PurchaseEvent, PurchaseState } from './purchase.js';
import { done, without } from './reships.js';

/** What a case was counted as, and what was to be paid back for it. */
export interface Settled {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
}

/** AFT-32: what is settled leaves the order for good; a case that keeps the rest may settle more. */
export function settledNow(
  state: PurchaseState,
  { caseId, lines, refund, keepsRest }: Extract<PurchaseEvent, { type: 'UnitsSettled' }>['data'],
): PurchaseState {
  const before = state.settledFor[caseId] ?? { lines: [], refund: 0 };
  const settledFor = { ...state.settledFor, [caseId]: { lines: [...before.lines, ...lines], refund: before.refund + refund } };
  const rest = keepsRest ? { ...state.claimed, [caseId]: without(state.claimed[caseId] ?? [], lines) } : done(state, caseId).claimed;
  return { ...done(state, caseId), claimed: rest, lines: withoutUnits(state.lines, lines), settled: state.settled + refund, settledFor };
}

/** REF-05: what is not paid back in the end is the customer's again, and can be claimed again: what a re-ship brought is kept (LOG-06). */
export function withUnits(state: PurchaseState, caseId: string): PurchaseState {
  const { [caseId]: back, ...settledFor } = state.settledFor;
  if (!back) return state;
  const there = new Map(state.lines.map((l) => [l.line, l]));
  for (const { line, quantity } of back.lines) {
    const was = state.bought?.lines.find((l) => l.line === line);
    const left = there.get(line)?.quantity ?? 0;
    if (was) there.set(line, { ...was, quantity: left + quantity });
  }
  const kept = state.ofReships.includes(caseId) ? summed([...state.kept, ...back.lines]) : state.kept;
  return { ...state, kept, lines: [...there.values()].sort((a, b) => a.line - b.line), settled: state.settled - back.refund, settledFor };
}

/** What this case was settled for, once: a second word of it, or one of a case that settled nothing, changes nothing. */
export function restore(orderNumber: string, caseId: string, flow: string, { settledFor }: PurchaseState): readonly PurchaseEvent[] {
  const back = settledFor[caseId];
  return back ? [{ type: 'UnitsRestored', data: { orderNumber, caseId, lines: back.lines, refund: back.refund, flow } }] : [];
}
