import { type Claim, type Line, type LineQuantity, linkOf } from './purchase-details.js';
import type { LostParcelState, PurchaseCommand, PurchaseEvent, PurchaseState } from './purchase-facts.js';

type Data<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { type: T }>['data'];
type Of<T extends PurchaseCommand['type']> = Extract<PurchaseCommand, { type: T }>;

/**
 * LOG-06: the units in a lost parcel, where the claim does not name them: all that the customer may have in it (`free`). Where the order
 * left in several parcels, nothing says which they are. An empty list claims nothing.
 */
export function contentsOf(
  orderNumber: string,
  { caseId, flow, lines, lostParcel }: Claim,
  { parcels = [] }: PurchaseState,
  free: readonly Line[],
): readonly LineQuantity[] | Extract<PurchaseEvent, { type: 'ParcelContentsUnknown' }> {
  if (!lostParcel || lines.length > 0) return lines;
  if (parcels.length <= 1 || free.length === 0) return free.map(({ line, quantity }) => ({ line, quantity }));
  const { trackingNumber } = lostParcel;
  return { type: 'ParcelContentsUnknown', data: { orderNumber, caseId, trackingNumber, lines: free, flow } };
}

/** Lost parcels by case, as the claim of a case leaves them. */
export function lostNow(
  state: PurchaseState,
  { caseId, flow, lostParcel, originalOrder }: { readonly originalOrder?: string } & Pick<Claim, 'caseId' | 'flow' | 'lostParcel'>,
): PurchaseState {
  if (!lostParcel) return state;
  const lost: LostParcelState = { ...lostParcel, flow, ...(originalOrder !== undefined && { originalOrder }) };
  return { ...state, lost: { ...state.lost, [caseId]: lost } };
}

const changed = (state: PurchaseState, caseId: string, change: Partial<LostParcelState>): PurchaseState => {
  const before = state.lost?.[caseId];
  return before ? { ...state, lost: { ...state.lost, [caseId]: { ...before, ...change } } } : state;
};

export const decidedNow = (state: PurchaseState, { caseId, remedy }: Data<'RemedyDecided'>): PurchaseState =>
  changed(state, caseId, { remedy });

export const foundNow = (state: PurchaseState, { caseId }: { readonly caseId: string }): PurchaseState =>
  changed(state, caseId, { found: true });

/** LOG-06: one remedy per case, and none of a parcel that was found: its flow is told so by `LostParcelFound`. */
export function decideRemedy(
  { orderNumber, caseId, remedy, flow }: Of<'DecideRemedy'>,
  { lost = {} }: PurchaseState,
): readonly PurchaseEvent[] {
  const parcel = lost[caseId];
  if (!parcel || parcel.found || parcel.remedy) return [];
  return [{ type: 'RemedyDecided', data: { orderNumber, caseId, remedy, flow } }];
}

/** LOG-06: what follows from the claim of a lost parcel: it may be delivered by then, or a re-ship, whose flow ends. */
export const withLoss = (claimed: PurchaseEvent, state: PurchaseState): readonly PurchaseEvent[] => [
  claimed,
  ...foundBefore(claimed, state),
  ...reshipLost(claimed, state),
];

function reshipLost(event: PurchaseEvent, { bought }: PurchaseState): readonly PurchaseEvent[] {
  if (event.type !== 'ClaimReferred' || !event.data.lostParcel || !bought?.reship) return [];
  return [{ type: 'ReshipLost', data: linkOf(bought.reship, event.data.orderNumber) }];
}

function foundBefore(event: PurchaseEvent, { parcels = [] }: PurchaseState): readonly PurchaseEvent[] {
  if (event.type !== 'UnitsClaimed' || !event.data.lostParcel || event.data.lostParcel.signedFor) return [];
  const { orderNumber, caseId, flow, lostParcel } = event.data;
  const parcel = parcels.find(
    ({ trackingNumber, deliveredAt }) => trackingNumber === lostParcel.trackingNumber && deliveredAt !== undefined,
  );
  if (!parcel?.trackingNumber || parcel.deliveredAt === undefined) return [];
  const { trackingNumber, deliveredAt: at } = parcel;
  return [{ type: 'LostParcelFound', data: { orderNumber, caseId, trackingNumber, at, flow } }];
}

/** LOG-06: a parcel that counts as lost is delivered after all. */
export function foundParcels(
  { orderNumber, trackingNumber, at }: Of<'NoteParcelDelivery'>,
  { lost = {} }: PurchaseState,
): readonly PurchaseEvent[] {
  return Object.entries(lost).flatMap(([caseId, parcel]): PurchaseEvent[] => {
    if (parcel.trackingNumber !== trackingNumber || parcel.found) return [];
    const { remedy, originalOrder, flow } = parcel;
    const data = { orderNumber, caseId, trackingNumber, at, flow };
    if (!remedy && originalOrder === undefined) return [{ type: 'LostParcelFound', data }];
    const more = { ...(remedy && { remedy }), ...(originalOrder !== undefined && { originalOrder }) };
    return [{ type: 'ParcelFoundAfterRemedy', data: { ...data, ...more } }];
  });
}
