import { type Claim, type Line, type LineQuantity, type Reship, summed, unitsOf } from './purchase-details.js';
import { gift } from '../policies.js';
import type { PurchaseEvent, PurchaseState, RefusalCode } from './purchase-facts.js';

type Data<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { type: T }>['data'];
type Referral = Extract<PurchaseEvent, { type: 'ClaimReferred' | 'ClaimRefused' }>;
type Units = readonly LineQuantity[];

/** Units without some others. */
export const without = (units: Units, less: Units): Units =>
  units.map(({ line, quantity }) => ({ line, quantity: quantity - unitsOf(less, line) })).filter(({ quantity }) => quantity > 0);

/** The case claims nothing any more. */
export function done(state: PurchaseState, caseId: string): PurchaseState {
  const { [caseId]: _done, ...claimed } = state.claimed;
  return { ...state, claimed, waiting: state.waiting.filter((c) => c.caseId !== caseId) };
}

/** The units are the matter of this case; what it takes from another one is the other's no more. */
export function claimedNow(before: PurchaseState, { caseId, lines, takenFrom, reshipNumber }: Data<'UnitsClaimed'>): PurchaseState {
  const { claimed, ...rest } = done(before, caseId);
  const state = reshipNumber === undefined ? rest : broughtBy(rest, caseId, without(lines, takenFrom?.lines ?? []));
  const units = lines.map(({ line, quantity }) => ({ line, quantity }));
  const less = takenFrom && { [takenFrom.caseId]: without(claimed[takenFrom.caseId] ?? [], takenFrom.lines) };
  return { ...state, claimed: { ...claimed, ...less, [caseId]: units } };
}

type Rest = Omit<PurchaseState, 'claimed'>;
/** What is claimed of a re-ship is not kept any more. */
const broughtBy = (state: Rest, caseId: string, lines: Units): Rest => ({
  ...state,
  kept: without(state.kept, lines),
  ofReships: [...state.ofReships, caseId],
});

export function releasedNow(state: PurchaseState, { caseId, kept = [] }: Data<'UnitsReleased'>): PurchaseState {
  return { ...done(state, caseId), kept: summed([...state.kept, ...kept]) };
}

/** LOG-06: what a re-ship brought and is not missing is kept: what was sent for this case, or what it said was missing again. */
export function release(
  { orderNumber, caseId, sentAgain }: { orderNumber: string; caseId: string; sentAgain?: true },
  { claimed, waiting, ofReships }: PurchaseState,
): readonly PurchaseEvent[] {
  const units = claimed[caseId];
  if (!units && !waiting.some((c) => c.caseId === caseId)) return [];
  const isKept = units && units.length > 0 && (sentAgain || ofReships.includes(caseId));
  return [{ type: 'UnitsReleased', data: { orderNumber, caseId, ...(isKept && { kept: units }) } }];
}

/** Units of a line that can't be missing: they were sent again and kept; a return, and a claim on their re-ship, may be about them. */
export const keptFrom = ({ kept }: PurchaseState, { what, sent }: Claim, line: number): number =>
  what === 'missing' && !sent ? unitsOf(kept, line) : 0;

/** Units of a line that a claim on a re-ship takes over from the case that the re-ship was sent for, as long as that one has them. */
export const takeable = ({ claimed }: PurchaseState, { sent }: Claim, line: number): number =>
  sent ? unitsOf(claimed[sent.caseId] ?? [], line) : 0;

export function takenOver(state: PurchaseState, claim: Claim): { readonly caseId: string; readonly lines: Units } | undefined {
  const lines = claim.lines
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, takeable(state, claim, line)) }))
    .filter(({ quantity }) => quantity > 0);
  return claim.sent && lines.length > 0 ? { caseId: claim.sent.caseId, lines } : undefined;
}

/** AFT-34, LOG-06: what a re-ship brought are units of the order that they were paid with: the claim goes on there. */
export function referred(
  orderNumber: string,
  { caseId, flow, lines: asked, refers }: Claim,
  { reship, withinWindow, sent }: { reship: Reship; withinWindow: boolean; sent: readonly Line[] },
): Referral {
  const { originalOrder } = reship;
  const refused = (reason: string): Referral => {
    const code: RefusalCode = 'not-enough-left';
    return { type: 'ClaimRefused', data: { orderNumber, caseId, flow, code, reason } };
  };
  if (!refers) return refused(`the goods were sent again for order ${originalOrder}: claim them there`);
  const giftLine = giftOf(sent);
  const lines = asked.filter(({ line }) => line !== giftLine);
  if (lines.length === 0) return refused(`line ${giftLine} was a gift, and is no part of order ${originalOrder}`);
  const data = {
    orderNumber,
    caseId,
    flow,
    originalOrder,
    lines,
    sent: { reshipNumber: orderNumber, caseId: reship.caseId, withinWindow },
  };
  return { type: 'ClaimReferred', data };
}

/** AFT-15: the gift is the last line of what is sent, whatever the goods before it are called. */
function giftOf(lines: readonly Line[]): number | undefined {
  const last = lines.reduce<Line | undefined>((max, l) => (max && max.line > l.line ? max : l), undefined);
  return last?.sku === gift.sku ? last.line : undefined;
}
