import { allocateCharges, totalCaptured, paymentsOf, valueOf } from '@orderloom/contracts';
import { type Bought, chargesOf, type Line, type LineQuantity, withoutUnits } from './purchase-details.js';
import type { PurchaseCommand, PurchaseEvent, PurchaseState } from './purchase-facts.js';

const allocationOf = (bought: Bought) => allocateCharges({ lines: bought.lines, charges: chargesOf(bought), currency: bought.currency });

/** Price of these units, whether paid or not. */
export const priceOf = ({ bought, lines }: { bought: Bought | null; lines: readonly Line[] }, units: readonly LineQuantity[]): number => {
  if (!bought) return 0;
  const allocation = allocationOf(bought);
  return valueOf(allocation, lines) - valueOf(allocation, withoutUnits(lines, units));
};

/** Captured amount beyond refunds, kept goods and shipping. */
function beyond({ bought, lines, settled }: PurchaseState): number {
  if (!bought) return 0;
  const allocation = allocationOf(bought);
  return Math.max(0, totalCaptured(paymentsOf(bought)) - settled - valueOf(allocation, lines) - allocation.shipping);
}

/** REF-05: what was rejected of refunds of a case whose goods stay with the shop. Only a decision of finance pays it. */
const rejectedOf = ({ filed = {} }: PurchaseState, caseId: string): number =>
  Object.values(filed).reduce((sum, one) => {
    const isOfGoods = one.lines.length === 0 || one.gone.length > 0;
    return one.caseId === caseId && isOfGoods ? sum + one.refund - one.paid : sum;
  }, 0);

/** AFT-32: payments captured after the goods had been returned or missing are owed, by case in the order of the cases. */
export function surplusOf(orderNumber: string, state: PurchaseState): readonly Extract<PurchaseEvent, { type: 'CaseSurplusCaptured' }>[] {
  const { bought, cancelled, settledFor } = state;
  if (!bought || cancelled) return [];
  let left = beyond(state);
  const payments = paymentsOf(bought);
  return Object.entries(settledFor).flatMap(([caseId, { short = 0 }]) => {
    const amount = Math.min(short, left - rejectedOf(state, caseId));
    if (amount <= 0) return [];
    left -= amount;
    const data = { orderNumber, caseId, amount, currency: bought.currency, payment: bought.payment, payments };
    return [{ type: 'CaseSurplusCaptured', data }];
  });
}

/** Decided events and the surplus that follows from them. */
export const withSurplus = (
  orderNumber: string,
  events: readonly PurchaseEvent[],
  state: PurchaseState,
  evolve: (state: PurchaseState, event: PurchaseEvent) => PurchaseState,
): readonly PurchaseEvent[] => [...events, ...surplusOf(orderNumber, events.reduce(evolve, state))];

/** Adds the surplus to the settlement of its case. */
export function surplusPaid(
  state: PurchaseState,
  { caseId, amount }: Extract<PurchaseEvent, { type: 'CaseSurplusCaptured' }>['data'],
): PurchaseState {
  const before = state.settledFor[caseId];
  if (!before) return state;
  const after = { ...before, refund: before.refund + amount, short: (before.short ?? 0) - amount };
  return { ...state, settled: state.settled + amount, settledFor: { ...state.settledFor, [caseId]: after } };
}

/** REF-03: what a supervisor settled beside the payments, up to what the case is owed. A later capture does not owe it. */
export function settledByHand(
  { orderNumber, caseId, amount, flow }: Extract<PurchaseCommand, { type: 'NoteSettledByHand' }>,
  { settledFor }: PurchaseState,
): readonly PurchaseEvent[] {
  const owed = Math.min(amount, settledFor[caseId]?.short ?? 0);
  return owed > 0 ? [{ type: 'CaseSettledByHand', data: { orderNumber, caseId, amount: owed, flow } }] : [];
}

export function settledByHandNow(
  state: PurchaseState,
  { caseId, amount }: Extract<PurchaseEvent, { type: 'CaseSettledByHand' }>['data'],
): PurchaseState {
  const before = state.settledFor[caseId];
  if (!before) return state;
  return { ...state, settledFor: { ...state.settledFor, [caseId]: { ...before, short: (before.short ?? 0) - amount } } };
}
