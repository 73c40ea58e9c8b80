import { refundFor, summed, unitsOf, withoutUnits } from './purchase-details.js';
import type { PurchaseCommand, PurchaseEvent, PurchaseState } from './purchase-facts.js';
import { done, without } from './reships.js';
import { worth } from './surplus.js';

/** AFT-32: what is settled leaves the order for good; a case that keeps the rest may settle more. */
export function settledNow(
  state: PurchaseState,
  { caseId, lines, refund, keepsRest }: Extract<PurchaseEvent, { type: 'UnitsSettled' }>['data'],
): PurchaseState {
  const before = state.settledFor[caseId] ?? { lines: [], refund: 0 };
  const short = (before.short ?? 0) + Math.max(0, worth(state, lines) - refund);
  const settledFor = { ...state.settledFor, [caseId]: { lines: [...before.lines, ...lines], refund: before.refund + refund, short } };
  const rest = keepsRest ? { ...state.claimed, [caseId]: without(state.claimed[caseId] ?? [], lines) } : done(state, caseId).claimed;
  const { [caseId]: back, ...givenBack } = state.givenBack ?? {};
  return {
    ...done(state, caseId),
    givenBack,
    kept: back && state.ofReships.includes(caseId) ? without(state.kept, lines) : state.kept,
    claimed: rest,
    lines: withoutUnits(state.lines, lines),
    settled: state.settled + refund,
    settledFor,
  };
}

type Restored = Extract<PurchaseEvent, { type: 'UnitsRestored' }>['data'];

/** REF-05: what is not paid back in the end is the customer's again, and can be claimed again: what a re-ship brought is kept (LOG-06). */
export function withUnits(
  state: PurchaseState,
  { caseId, lines: back, refund }: Pick<Restored, 'caseId' | 'lines' | 'refund'>,
): PurchaseState {
  const { [caseId]: before, ...others } = state.settledFor;
  if (!before) return state;
  const there = new Map(state.lines.map((l) => [l.line, l]));
  for (const { line, quantity } of back) {
    const was = state.bought?.lines.find((l) => l.line === line);
    const left = there.get(line)?.quantity ?? 0;
    if (was) there.set(line, { ...was, quantity: left + quantity });
  }
  const lines = [...there.values()].sort((a, b) => a.line - b.line);
  const unpaid = back.length === 0 ? 0 : Math.max(0, worth({ ...state, lines }, back) - refund);
  const rest = {
    ...{ lines: without(summed(before.lines), back), refund: before.refund - refund },
    short: Math.max(0, (before.short ?? 0) - unpaid),
  };
  const settledFor = rest.lines.length > 0 ? { ...others, [caseId]: rest } : others;
  const kept = state.ofReships.includes(caseId) ? summed([...state.kept, ...back]) : state.kept;
  const givenBack = back.length > 0 ? { ...state.givenBack, [caseId]: { lines: back, refund } } : state.givenBack;
  return { ...state, ...(givenBack && { givenBack }), kept, lines, settled: state.settled - refund, settledFor };
}

/** What this case was settled for, or these of its units and this sum; of a case that settled nothing, or restored it before, nothing. */
export function restore(
  { orderNumber, caseId, flow, ...some }: Extract<PurchaseCommand, { type: 'RestoreUnits' }>,
  { settledFor }: PurchaseState,
): readonly PurchaseEvent[] {
  const back = settledFor[caseId];
  if (!back) return [];
  const refund = Math.min(back.refund, some.refund ?? back.refund);
  const lines = some.lines
    ? summed(some.lines)
        .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, unitsOf(back.lines, line)) }))
        .filter(({ quantity }) => quantity > 0)
    : back.lines;
  return lines.length > 0 || refund > 0 ? [{ type: 'UnitsRestored', data: { orderNumber, caseId, lines, refund, flow } }] : [];
}

/** AFT-32: counted units, and never more of a line than this case has claimed; their share of what was paid is owed. */
export function settle(
  { orderNumber, caseId, lines: counted, flow, keepsRest }: Extract<PurchaseCommand, { type: 'SettleUnits' }>,
  state: PurchaseState,
): readonly PurchaseEvent[] {
  const claimed = state.claimed[caseId] ?? [];
  const lines = claimed.flatMap(({ line, quantity }) => {
    const units = Math.min(quantity, unitsOf(counted, line));
    return units > 0 ? [{ line, quantity: units }] : [];
  });
  const { currency = '', payments } = state.bought ?? {};
  const data = { orderNumber, caseId, lines, refund: refundFor(state, lines), currency, ...(payments && { payments }), flow };
  return [{ type: 'UnitsSettled', data: keepsRest ? { ...data, keepsRest } : data }];
}

/**
 * REF-05: a refund that was rejected turns out to be paid, and counts: what was given back for it is settled again, as far as nobody
 * has claimed it since.
 */
export function paidAfterAll(
  { orderNumber, caseId, paid, flow }: Extract<PurchaseCommand, { type: 'NotePaidAfterAll' }>,
  { bought, lines, claimed, givenBack = {} }: PurchaseState,
): readonly PurchaseEvent[] {
  const back = givenBack[caseId];
  if (!back || back.refund !== paid) return [];
  const others = Object.values(claimed).flat();
  const free = back.lines
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, unitsOf(lines, line) - unitsOf(others, line)) }))
    .filter(({ quantity }) => quantity > 0);
  return [{ type: 'UnitsSettled', data: { orderNumber, caseId, lines: free, refund: paid, currency: bought?.currency ?? '', flow } }];
}
