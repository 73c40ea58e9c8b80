import { addDuration, type Instant } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';
import type { Claim, Parcel } from './purchase-details.js';
import type { OfReship, PurchaseCommand, PurchaseEvent, PurchaseState } from './purchase-facts.js';

type Data<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { type: T }>['data'];
type Of<T extends PurchaseCommand['type']> = Extract<PurchaseCommand, { type: T }>;

/** AFT-02, ORD-14: goods to be returned that have not left are stopped instead. The claim waits for the result. */
export function notDispatched(orderNumber: string, { caseId, what, lines, flow }: Claim, state: PurchaseState): readonly PurchaseEvent[] {
  const canStop = what === 'return' && state.bought && !state.dispatch && !state.cancelled;
  if (!canStop) return [];
  const again = state.bought?.reship && { originalOrder: state.bought.reship.originalOrder };
  return [{ type: 'GoodsNotDispatched', data: { orderNumber, caseId, lines, flow, ...again } }];
}

/** LOG-01: an order is delivered with its last parcel, whose time may be corrected to later, never to earlier. Tells the flow of a re-ship. */
export function deliveredNow(
  orderNumber: string,
  at: Instant,
  state: PurchaseState,
  reship: OfReship | undefined,
): readonly PurchaseEvent[] {
  const { deliveredAt } = state;
  if (deliveredAt !== null && at <= deliveredAt) return [];
  return [
    { type: 'PurchaseDelivered', data: { orderNumber, at } },
    ...(reship && deliveredAt === null ? [{ type: 'ReshipDelivered' as const, data: reship }] : []),
  ];
}

/** LOG-01: a shipped parcel, or a corrected number. An untracked parcel is identified by its time alone. */
export function parcel({ orderNumber, at, trackingNumber, replaces }: Of<'NoteParcel'>, { parcels = [] }: PurchaseState): PurchaseEvent[] {
  const isKnown =
    replaces === undefined && parcels.some((p) => p.trackingNumber === trackingNumber && (trackingNumber !== null || p.at === at));
  if (isKnown || replaces === trackingNumber) return [];
  return [{ type: 'PurchaseParcelNoted', data: { orderNumber, at, trackingNumber, ...(replaces !== undefined && { replaces }) } }];
}

/** If both numbers of a corrected parcel were reported, one parcel is left. */
export function withParcel(
  parcels: readonly Parcel[] = [],
  { at, trackingNumber, replaces }: Data<'PurchaseParcelNoted'>,
): readonly Parcel[] {
  const before = replaces === undefined ? undefined : parcels.findLast((p) => p.trackingNumber === replaces);
  const others = parcels.filter((p) => p !== before);
  const isThere = trackingNumber !== null && others.some((p) => p.trackingNumber === trackingNumber);
  return isThere ? others : [...others, { at, trackingNumber }];
}

/** LOG-01: "delivered" is recorded once per parcel and stays. */
export function parcelDelivered(
  { orderNumber, trackingNumber, at }: Of<'NoteParcelDelivery'>,
  { parcels = [] }: PurchaseState,
): PurchaseEvent[] {
  const isOpen = parcels.some((p) => p.trackingNumber === trackingNumber && p.deliveredAt === undefined);
  return isOpen ? [{ type: 'PurchaseParcelDelivered', data: { orderNumber, trackingNumber, at } }] : [];
}

export const withDelivery = (parcels: readonly Parcel[] = [], { trackingNumber, at }: Data<'PurchaseParcelDelivered'>): readonly Parcel[] =>
  parcels.map((p) => (p.trackingNumber === trackingNumber ? { ...p, deliveredAt: at } : p));

const never = '9999-12-31T00:00:00.000000Z';

/** AFT-30: the window starts with the delivery of the last parcel. A parcel without delivery is still on its way. */
export function windowEnds({ parcels = [], dispatch, deliveredAt }: PurchaseState, settings: StorefrontSettings): Instant {
  // events stored before `PurchaseParcelNoted` hold the first parcel and the time when all were delivered
  const known = parcels.length > 0 ? parcels : dispatch ? [{ ...dispatch, ...(deliveredAt !== null && { deliveredAt }) }] : [];
  const delivered = known.map((p) => deliveryOf(p, settings)).reduce((last, at) => (at > last ? at : last), deliveredAt ?? '');
  return delivered === '' || delivered === never ? never : addDuration(delivered, settings.storefront.returns.window, settings.calendar);
}

/** LOG-03: an untracked parcel is never signed for. It counts as delivered after `presumedDelivery`. */
function deliveryOf({ at, trackingNumber, deliveredAt }: Parcel, settings: StorefrontSettings): Instant {
  if (deliveredAt !== undefined) return deliveredAt;
  const { presumedDelivery = {} } = settings.policies('after-sales').deadlines;
  return trackingNumber === null ? addDuration(at, presumedDelivery, settings.calendar) : never;
}
