import type { Duration } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';
import { type Claim, isMerchants, type Line, type LineQuantity, summed, unitsOf } from './purchase-details.js';
import { notDispatched, windowEnds } from './dispatch.js';
import { contentsOf, withLoss } from './lost.js';
import type { PurchaseEvent, PurchaseState, RefusalCode } from './purchase-facts.js';
import { keptUnits, referClaim, transferableUnits, transferredClaim } from './reships.js';

/** AFT-30: claims units for a case, refuses the claim, or defers it until the order is known to have left. A case claims once. */
export function claim(
  orderNumber: string,
  { caseId, what, cause, lines, openedAt, flow, refers, sent, lostParcel }: Claim,
  state: PurchaseState,
  settings: StorefrontSettings,
): readonly PurchaseEvent[] {
  if (caseId in state.claimed || state.waiting.some((c) => c.caseId === caseId)) return [];
  const more = { ...(refers && { refers }), ...(sent && { sent }), ...(lostParcel && { lostParcel }) };
  const asked = { caseId, what, cause, lines: summed(lines), openedAt, flow, ...more };
  const answer = decided(orderNumber, asked, state, settings);
  return answer
    ? withLoss(answer, state)
    : [{ type: 'ClaimDeferred', data: { orderNumber, ...asked } }, ...notDispatched(orderNumber, asked, state)];
}

/** Decides the deferred claims, one after the other. */
export function waitingClaims(
  orderNumber: string,
  before: PurchaseState,
  evolve: (state: PurchaseState, event: PurchaseEvent) => PurchaseState,
  settings: StorefrontSettings,
): readonly PurchaseEvent[] {
  const events: PurchaseEvent[] = [];
  let state = before;
  for (const waiting of before.waiting) {
    const event = decided(orderNumber, waiting, state, settings);
    if (!event) continue;
    const after = withLoss(event, state);
    events.push(...after);
    state = after.reduce(evolve, state);
  }
  return events;
}

/** Undefined while undecidable: cancelled lines are certain only after the order has left. */
function decided(orderNumber: string, asked: Claim, state: PurchaseState, settings: StorefrontSettings): PurchaseEvent | undefined {
  const { caseId, what, cause, openedAt, flow, sent, lostParcel } = asked;
  const refused = (code: RefusalCode, reason: string): PurchaseEvent => ({
    type: 'ClaimRefused',
    data: { orderNumber, caseId, flow, code, reason },
  });
  const { bought } = state;
  if (state.cancelled) return refused('order-cancelled', 'the order was cancelled');
  if (!bought || !state.dispatch) return undefined;
  const left = (line: number): number =>
    Math.max(0, unclaimed(state, line) + transferableUnits(state, asked, line) - keptUnits(state, asked, line));
  const free = state.lines.map((l) => ({ ...l, quantity: left(l.line) })).filter((l) => l.quantity > 0);
  const lines = contentsOf(orderNumber, asked, state, free);
  if ('type' in lines) return lines;
  if (lines.length === 0)
    return refused('not-enough-left', `nothing of order ${orderNumber} is left that is not claimed, refunded or sent again`);
  const short = lines.find(({ line, quantity }) => quantity > left(line));
  if (short) return refused('not-enough-left', tooFew(short, left(short.line), keptUnits(state, asked, short.line)));
  const withinWindow = sent?.withinWindow ?? openedAt <= windowEnds(state, settings);
  if (what === 'return' && !withinWindow && !isMerchants(cause))
    return refused('too-late', `delivered more than ${inWords(settings.storefront.returns.window)} before; later only for defects`);
  if (bought.reship) return referClaim(orderNumber, { ...asked, lines }, { reship: bought.reship, withinWindow, sent: bought.lines });
  const goods = lines.flatMap(({ line, quantity }): Line[] => {
    const found = state.lines.find((l) => l.line === line);
    return found ? [{ ...found, quantity }] : [];
  });
  const { currency, payment } = bought;
  const taken = transferredClaim(state, { ...asked, lines });
  const data = { orderNumber, caseId, flow, lines: goods, withinWindow, currency, payment };
  const via = { ...(sent && { reshipNumber: sent.reshipNumber }), ...(taken && { takenFrom: taken }), ...(lostParcel && { lostParcel }) };
  return { type: 'UnitsClaimed', data: { ...data, ...via } };
}

const tooFew = ({ line, quantity }: LineQuantity, left: number, kept: number): string =>
  `line ${line} has ${left} left, not ${quantity}` +
  (kept > 0 ? `; ${kept} were sent again: what of them is missing is claimed at their re-ship` : '');

/** Units of a line that the customer has and no case has claimed. */
function unclaimed({ lines, claimed }: PurchaseState, line: number): number {
  return unitsOf(lines, line) - unitsOf(Object.values(claimed).flat(), line);
}

/** `7 days`, `1 working days`. */
const inWords = (span: Duration): string =>
  Object.entries(span)
    .map(([unit, count]) => `${count} ${unit === 'workingDays' ? 'working days' : unit}`)
    .join(', ');
