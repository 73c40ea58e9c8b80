import { refundFor, summed, unitsOf, withoutUnits } from './purchase-details.js';
import type { FiledRefund, PurchaseCommand, PurchaseEvent, PurchaseState, Settled } from './purchase-facts.js';
import { removeClaims, without } from './reships.js';
import { priceOf } from './surplus.js';

type Data<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { type: T }>['data'];
type Of<T extends PurchaseCommand['type']> = Extract<PurchaseCommand, { type: T }>;

/** AFT-32: settled units leave the order. A case that keeps its other claims may settle more. */
export function settledNow(
  state: PurchaseState,
  { caseId, lines, refund, keepsRest, refundId, kept: arrived = [] }: Data<'UnitsSettled'>,
): PurchaseState {
  const before: Settled = state.settledFor[caseId] ?? { lines: [], refund: 0 };
  const short = (before.short ?? 0) + Math.max(0, priceOf(state, lines) - appliedFor(state, refundId, refund));
  const sum = { ...before, lines: [...before.lines, ...lines], refund: before.refund + refund, short };
  const settledFor = { ...state.settledFor, [caseId]: refundId === undefined ? { ...sum, last: { lines, refund } } : sum };
  const after = { ...state, lines: withoutUnits(state.lines, lines), settled: state.settled + refund, settledFor };
  if (refundId !== undefined) {
    // other claims of the case are unaffected
    const kept = state.ofReships.includes(caseId) ? without(state.kept, lines) : state.kept;
    const isBack = state.filed?.[refundId]?.returned !== undefined && state.claimed[caseId] !== undefined;
    const held = isBack ? { claimed: { ...state.claimed, [caseId]: without(state.claimed[caseId] ?? [], lines) } } : {};
    return withFiled({ ...after, kept, ...held }, refundId, (filed) => ({
      ...filed,
      paid: filed.paid + refund,
      gone: [...filed.gone, ...lines],
    }));
  }
  const { claimed, waiting } = removeClaims(state, caseId);
  const rest = keepsRest ? { ...state.claimed, [caseId]: without(state.claimed[caseId] ?? [], lines) } : claimed;
  return { ...after, waiting, claimed: rest, kept: summed([...after.kept, ...arrived]) };
}

/**
 * REF-05: links a filed refund to the last settled units, so that its outcome counts for them even after the case is closed. A surplus is
 * an amount without units.
 */
export function file(
  { orderNumber, caseId, refundId, surplus, returned, flow }: Of<'NoteRefundFiled'>,
  { settledFor, filed = {} }: PurchaseState,
): readonly PurchaseEvent[] {
  const last = surplus === undefined ? settledFor[caseId]?.last : { lines: [], refund: surplus };
  if (!last || filed[refundId]) return [];
  const data = { orderNumber, caseId, refundId, lines: last.lines, refund: last.refund, ...(returned && { returned }), flow };
  return [{ type: 'CaseRefundFiled', data }];
}

export function filedNow(state: PurchaseState, { caseId, refundId, lines, refund, returned }: Data<'CaseRefundFiled'>): PurchaseState {
  return {
    ...state,
    filed: { ...state.filed, [refundId]: { caseId, lines, refund, paid: refund, gone: lines, ...(returned && { returned }) } },
  };
}

/** The filed amount: a part that finance rejects does not count as unpaid goods. */
const appliedFor = ({ filed = {} }: PurchaseState, refundId: string | undefined, refund: number): number =>
  (refundId === undefined ? undefined : filed[refundId]?.refund) ?? refund;

function withFiled(state: PurchaseState, refundId: string | undefined, change: (filed: FiledRefund) => FiledRefund): PurchaseState {
  const filed = refundId === undefined ? undefined : state.filed?.[refundId];
  return refundId !== undefined && filed ? { ...state, filed: { ...state.filed, [refundId]: change(filed) } } : state;
}

/** REF-05: units without a refund are the customer's again and can be claimed again. Units of a re-ship count as kept (LOG-06). */
export function withRestoredUnits(state: PurchaseState, { caseId, lines: back, refund, refundId }: Data<'UnitsRestored'>): PurchaseState {
  const { [caseId]: before = { lines: [], refund: 0 }, ...others } = state.settledFor;
  const there = new Map(state.lines.map((l) => [l.line, l]));
  for (const { line, quantity } of back) {
    const was = state.bought?.lines.find((l) => l.line === line);
    const left = there.get(line)?.quantity ?? 0;
    if (was) there.set(line, { ...was, quantity: left + quantity });
  }
  const lines = [...there.values()].sort((a, b) => a.line - b.line);
  const unpaid = back.length === 0 ? 0 : Math.max(0, priceOf({ ...state, lines }, back) - appliedFor(state, refundId, refund));
  const rest = {
    ...before,
    ...{ lines: without(summed(before.lines), back), refund: before.refund - refund },
    short: Math.max(0, (before.short ?? 0) - unpaid),
  };
  const settledFor = rest.lines.length > 0 || rest.refund > 0 ? { ...others, [caseId]: rest } : others;
  const kept = state.ofReships.includes(caseId) ? summed([...state.kept, ...back]) : state.kept;
  const after = { ...state, kept, lines, settled: state.settled - refund, settledFor };
  return withFiled(after, refundId, ({ returned, ...filed }) => ({
    ...{ ...filed, paid: filed.paid - refund, gone: without(summed(filed.gone), back) },
    // the case offers them to the customer, unless `ReturnUnpaid` follows
    ...(returned && back.length === 0 && { returned }),
  }));
}

/** REF-05: goods in the warehouse are claimed by their case until they are paid for or sent back, and by nobody else. */
export const heldNow = (state: PurchaseState, { caseId, lines, refundId }: Data<'ReturnUnpaid'>): PurchaseState =>
  withFiled({ ...state, claimed: { ...state.claimed, [caseId]: lines } }, refundId, (filed) => ({ ...filed, returned: 'closed' }));

/** Goods that were sent back to the customer lie in the warehouse no more. */
export function sentBackNow(state: PurchaseState, { caseId }: Data<'UnitsReleased'>): PurchaseState {
  if (!state.filed) return state;
  const filed = Object.entries(state.filed).map(([id, one]) => {
    const { returned: _returned, ...gone } = one;
    return [id, one.caseId === caseId ? gone : one] as const;
  });
  return { ...state, filed: Object.fromEntries(filed) };
}

/** AFT-32: settles counted units, at most those claimed by this case. Their share of the paid amount is owed. */
export function settle(
  { orderNumber, caseId, lines: counted, flow, keepsRest }: Of<'SettleUnits'>,
  state: PurchaseState,
): readonly PurchaseEvent[] {
  const claimed = state.claimed[caseId] ?? [];
  const lines = claimed.flatMap(({ line, quantity }) => {
    const units = Math.min(quantity, unitsOf(counted, line));
    return units > 0 ? [{ line, quantity: units }] : [];
  });
  const { currency = '', payments } = state.bought ?? {};
  const data = { orderNumber, caseId, lines, refund: refundFor(state, lines), currency, ...(payments && { payments }), flow };
  // version 1 of missing-items settles what is lost when the rest has arrived, and releases nothing after that (LOG-06)
  const arrived = keepsRest || !flow.startsWith('missing-items-') ? [] : without(claimed, lines);
  return [{ type: 'UnitsSettled', data: { ...data, ...(keepsRest && { keepsRest }), ...(arrived.length > 0 && { kept: arrived }) } }];
}

/**
 * REF-05: applies an outcome of a refund, the first or a later one. If it is rejected, its units are given back, unless another payment paid
 * a part for them. If it turns out to be paid, its units are settled again, as far as nobody has claimed them since.
 */
export function outcome(
  { orderNumber, refundId, paid, again, reason = '', filers, flow }: Of<'NoteRefundOutcome'>,
  { bought, lines, claimed, filed: all = {} }: PurchaseState,
): readonly PurchaseEvent[] {
  const filed = all[refundId];
  if (!filed || filed.paid === paid) return [];
  const { caseId } = filed;
  if (paid < filed.paid) {
    const data = { orderNumber, caseId, refundId, lines: paid === 0 ? summed(filed.gone) : [], refund: filed.paid - paid, flow };
    const { gone, returned } = filed;
    const isUnattended = paid === 0 && gone.length > 0 && (returned === 'closed' || (returned === 'open' && again));
    if (!isUnattended || !bought) return [{ type: 'UnitsRestored', data }];
    const { currency, payment } = bought;
    const about = { orderNumber, caseId, refundId, lines: summed(gone), amount: filed.refund };
    const unpaid = { ...about, currency, payment, reason, ...(filers && { filers }) };
    return [
      { type: 'UnitsRestored', data },
      { type: 'ReturnUnpaid', data: unpaid },
    ];
  }
  // goods of a return that lie in the warehouse are claimed by its own case
  const { [caseId]: own = [], ...byOthers } = claimed;
  const others = [...Object.values(byOthers).flat(), ...(filed.returned ? [] : own)];
  const free = without(filed.lines, filed.gone)
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, unitsOf(lines, line) - unitsOf(others, line)) }))
    .filter(({ quantity }) => quantity > 0);
  const data = { orderNumber, caseId, refundId, lines: filed.gone.length === 0 ? free : [], refund: paid - filed.paid, flow };
  return [{ type: 'UnitsSettled', data: { ...data, currency: bought?.currency ?? '' } }];
}
