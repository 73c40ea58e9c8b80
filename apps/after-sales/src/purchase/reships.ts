import { type Claim, type Line, type LineQuantity, type Reship, summed, unitsOf } from './purchase-details.js';
import { gift } from '../policies.js';
import type { PurchaseEvent, PurchaseState, RefusalCode } from './purchase-facts.js';

type Data<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { type: T }>['data'];
type Referral = Extract<PurchaseEvent, { type: 'ClaimReferred' | 'ClaimRefused' }>;
type Units = readonly LineQuantity[];

/** `units` less `less`, per line. */
export const without = (units: Units, less: Units): Units =>
  units.map(({ line, quantity }) => ({ line, quantity: quantity - unitsOf(less, line) })).filter(({ quantity }) => quantity > 0);

/** Removes the claims of a case. */
export function removeClaims(state: PurchaseState, caseId: string): PurchaseState {
  const { [caseId]: _done, ...claimed } = state.claimed;
  return { ...state, claimed, waiting: state.waiting.filter((c) => c.caseId !== caseId) };
}

/** Claims the units for this case, and removes those that it takes over from another case. */
export function claimedNow(before: PurchaseState, { caseId, lines, takenFrom, reshipNumber }: Data<'UnitsClaimed'>): PurchaseState {
  const { claimed, ...rest } = removeClaims(before, caseId);
  const state = reshipNumber === undefined ? rest : broughtBy(rest, caseId, without(lines, takenFrom?.lines ?? []));
  const units = lines.map(({ line, quantity }) => ({ line, quantity }));
  const less = takenFrom && { [takenFrom.caseId]: without(claimed[takenFrom.caseId] ?? [], takenFrom.lines) };
  return { ...state, claimed: { ...claimed, ...less, [caseId]: units } };
}

type Rest = Omit<PurchaseState, 'claimed'>;
/** Units of a re-ship that are claimed no longer count as kept. */
const broughtBy = (state: Rest, caseId: string, lines: Units): Rest => ({
  ...state,
  kept: without(state.kept, lines),
  ofReships: [...state.ofReships, caseId],
});

export function releasedNow(state: PurchaseState, { caseId, kept = [] }: Data<'UnitsReleased'>): PurchaseState {
  return { ...removeClaims(state, caseId), kept: summed([...state.kept, ...kept]) };
}

/** LOG-06: units of a re-ship that are not missing count as kept: those sent for this case, or those it claimed as missing again. */
export function release(
  { orderNumber, caseId, sentAgain }: { orderNumber: string; caseId: string; sentAgain?: true },
  { claimed, waiting, ofReships }: PurchaseState,
): readonly PurchaseEvent[] {
  const units = claimed[caseId];
  if (!units && !waiting.some((c) => c.caseId === caseId)) return [];
  const isKept = units && units.length > 0 && (sentAgain || ofReships.includes(caseId));
  return [{ type: 'UnitsReleased', data: { orderNumber, caseId, ...(isKept && { kept: units }) } }];
}

/** Units of a line that cannot be missing or lost since they were sent again and kept. A return or a claim on their re-ship may include them. */
export const keptUnits = ({ kept }: PurchaseState, { what, sent }: Claim, line: number): number =>
  what !== 'return' && !sent ? unitsOf(kept, line) : 0;

/** Units of a line that a claim on a re-ship takes over from the case of the re-ship, as far as that case claims them. */
export const transferableUnits = ({ claimed }: PurchaseState, { sent }: Claim, line: number): number =>
  sent ? unitsOf(claimed[sent.caseId] ?? [], line) : 0;

export function transferredClaim(state: PurchaseState, claim: Claim): { readonly caseId: string; readonly lines: Units } | undefined {
  const lines = claim.lines
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, transferableUnits(state, claim, line)) }))
    .filter(({ quantity }) => quantity > 0);
  return claim.sent && lines.length > 0 ? { caseId: claim.sent.caseId, lines } : undefined;
}

/** AFT-34, LOG-06: units of a re-ship belong to the original order, where they were paid. The claim continues there. */
export function referClaim(
  orderNumber: string,
  { caseId, flow, lines: asked, refers, lostParcel }: Claim,
  { reship, withinWindow, sent }: { reship: Reship; withinWindow: boolean; sent: readonly Line[] },
): Referral {
  const { originalOrder, gifts = giftOf(sent) } = reship;
  const refused = (reason: string): Referral => {
    const code: RefusalCode = 'not-enough-left';
    return { type: 'ClaimRefused', data: { orderNumber, caseId, flow, code, reason } };
  };
  if (!refers) return refused(`the goods were sent again for order ${originalOrder}: claim them there`);
  const lines = asked.filter(({ line }) => !gifts.includes(line));
  if (lines.length === 0) return refused(`line ${asked[0]?.line} was a gift, and is no part of order ${originalOrder}`);
  const data = {
    orderNumber,
    caseId,
    flow,
    originalOrder,
    lines,
    sent: { reshipNumber: orderNumber, caseId: reship.caseId, withinWindow },
    ...(lostParcel && { lostParcel }),
  };
  return { type: 'ClaimReferred', data };
}

/** AFT-15: where the gift is not named, it is the last line of a re-ship. */
function giftOf(lines: readonly Line[]): readonly number[] {
  const last = lines.reduce<Line | undefined>((max, l) => (max && max.line > l.line ? max : l), undefined);
  return last?.sku === gift.sku ? [last.line] : [];
}
