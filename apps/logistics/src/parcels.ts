import type { StorefrontSettings } from '@orderloom/settings';
import type {
  CourierStatus,
  ParcelOnItsWay,
  Scan,
  Parcels,
  ShipmentCommand,
  ShipmentEvent,
  ShipmentState,
  Stage,
} from './shipment-facts.js';
import { type Instant, InvalidInput } from '@orderloom/kernel';

export const noParcels: Parcels = { shipped: [], seen: [], last: {}, arrived: [], signedFor: {}, deliveries: {}, doubted: [] };

const order: readonly Stage[] = ['none', 'prepared', 'picked', 'packed', 'shipped'];
export const hasReached = ({ stage }: ShipmentState, asked: Stage): boolean => order.indexOf(stage) >= order.indexOf(asked);
export const progressOf = ({ parcels, stage }: ShipmentState): string =>
  stage === 'shipped' && isDelivered(parcels) ? 'delivered' : stage;
const statusKey = ({ trackingNumber, system, status, at }: CourierStatus): string => `${trackingNumber} ${system}/${status} ${at}`;
const scanKey = ({ trackingNumber, scan, at }: Scan): string => `${trackingNumber} ${scan} ${at}`;

/** Returns whether every parcel was signed for. An untracked parcel never is. */
const isDelivered = ({ shipped, deliveries }: Parcels): boolean =>
  shipped.length > 0 && shipped.every(({ trackingNumber }) => trackingNumber !== null && deliveries[trackingNumber] !== undefined);

/** Parcels that left and were not signed for, each once. */
export const onTheirWay = ({ shipped, deliveries }: Parcels): readonly ParcelOnItsWay[] =>
  shipped
    .filter(({ trackingNumber }) => trackingNumber === null || deliveries[trackingNumber] === undefined)
    .map(({ carrier, trackingNumber }) => ({ carrier, trackingNumber }));

export function parcelsAfter(parcels: Parcels, event: ShipmentEvent): Parcels {
  switch (event.type) {
    case 'ParcelShipped': {
      const { trackingNumber, at, carrier } = event.data;
      return { ...parcels, shipped: [...parcels.shipped, { trackingNumber, at, carrier }] };
    }
    case 'ParcelRenumbered': {
      const { trackingNumber, replaces, at, carrier } = event.data;
      const others = parcels.shipped.filter((p) => p !== lastOf(parcels, replaces));
      const isKnown = trackingNumber !== null && others.some((p) => p.trackingNumber === trackingNumber);
      return { ...parcels, shipped: isKnown ? others : [...others, { trackingNumber, at, carrier }] };
    }
    case 'ParcelScanned': {
      const { trackingNumber, scan, at } = event.data;
      const seen = [...parcels.seen, scanKey(event.data)];
      const after = { ...parcels, seen, ...lastSeen(parcels, event.data) };
      return scan === 'delivered' ? { ...after, signedFor: { [trackingNumber]: at, ...parcels.signedFor } } : after;
    }
    case 'CourierStatusReported':
      return { ...parcels, seen: [...parcels.seen, statusKey(event.data)] };
    case 'ScanUnmatched':
      return { ...parcels, doubted: [...parcels.doubted, event.data.trackingNumber] };
    case 'ParcelDelivered':
      return { ...parcels, deliveries: { ...parcels.deliveries, [event.data.trackingNumber]: event.data.at } };
    default:
      return parcels;
  }
}

/** Scans come late and out of order: the one that happened last counts. */
function lastSeen({ last, arrived }: Parcels, { trackingNumber, scan, at, place }: Scan): Pick<Parcels, 'last' | 'arrived'> {
  const before = last[trackingNumber];
  const isThere = scan === 'arrived-in-destination-country' || scan === 'out-for-delivery';
  return {
    last: before && before.at > at ? last : { ...last, [trackingNumber]: { scan, at, ...(place !== undefined && { place }) } },
    arrived: isThere && !arrived.includes(trackingNumber) ? [...arrived, trackingNumber] : arrived,
  };
}

/** LOG-09: a hold and a pick compete in this stream, and the first one wins. A report that the hold forbids is contradicted. */
export function report(
  state: ShipmentState,
  stage: Stage,
  fact: ShipmentEvent & { data: { orderNumber: string } },
): readonly ShipmentEvent[] {
  if (isContradicted(state)) return [contradiction(state, fact)];
  return hasReached(state, stage) ? [] : [fact];
}

export const isContradicted = (state: ShipmentState): boolean =>
  state.stage === 'none' || state.stage === 'cancelled' || (state.held && !hasReached(state, 'picked'));

const contradiction = ({ held, stage }: ShipmentState, { type, data }: { type: string; data: { orderNumber: string } }): ShipmentEvent => ({
  type: 'ReportContradicted',
  data: { orderNumber: data.orderNumber, report: type, status: held ? 'held' : stage },
});

/** LOG-01: an order may ship in several parcels. Earlier scans of a parcel count from its report on. */
export function handedOver(
  { orderNumber, at, carrier, method, trackingNumber }: Extract<ShipmentCommand, { type: 'ReportShipped' }>,
  state: ShipmentState,
): readonly ShipmentEvent[] {
  const fact: ShipmentEvent = { type: 'ParcelShipped', data: { orderNumber, at, carrier, method, trackingNumber } };
  if (isContradicted(state)) return [contradiction(state, { type: fact.type, data: { orderNumber } })];
  // an untracked parcel is identified by its time alone
  const isKnown = state.parcels.shipped.some((p) => p.trackingNumber === trackingNumber && (trackingNumber !== null || p.at === at));
  if (isKnown) return [];
  const signedFor = trackingNumber === null ? undefined : state.parcels.signedFor[trackingNumber];
  const parcels = parcelsAfter(state.parcels, fact);
  return [fact, ...(trackingNumber !== null && signedFor !== undefined ? delivered(orderNumber, trackingNumber, signedFor, parcels) : [])];
}

/** The parcel with a tracking number; several parcels may be untracked. */
const lastOf = ({ shipped }: Parcels, trackingNumber: string | null) => shipped.filter((p) => p.trackingNumber === trackingNumber).at(-1);

/**
 * LOG-01: corrects a tracking number, after which earlier scans of the new number count. Where both numbers were reported, one
 * parcel is left. Throws `InvalidInput` for a number that no parcel of the order has, and for one that was delivered.
 */
export function renumbered(
  { orderNumber, at, carrier, method, trackingNumber }: Extract<ShipmentCommand, { type: 'ReportShipped' }>,
  replaces: string | null,
  { parcels }: ShipmentState,
  { isSetUp, language }: StorefrontSettings,
): readonly ShipmentEvent[] {
  const before = lastOf(parcels, replaces);
  if (trackingNumber === replaces || (!before && lastOf(parcels, trackingNumber))) return [];
  const numbers = parcels.shipped.map((p) => p.trackingNumber ?? 'null').join(', ') || 'none';
  if (!before) throw unfit(`is ${replaces}, but order ${orderNumber} has no such parcel: its parcels are ${numbers}`);
  if (replaces !== null && parcels.deliveries[replaces] !== undefined)
    throw unfit(`is ${replaces}, which was delivered at ${parcels.deliveries[replaces]}: it can't be corrected any more`);
  const locale = isSetUp ? { locale: language } : {};
  const fact: ShipmentEvent = { type: 'ParcelRenumbered', data: { orderNumber, at, carrier, method, trackingNumber, replaces, ...locale } };
  const signedFor = trackingNumber === null ? undefined : parcels.signedFor[trackingNumber];
  const after = parcelsAfter(parcels, fact);
  return [fact, ...(trackingNumber !== null && signedFor !== undefined ? delivered(orderNumber, trackingNumber, signedFor, after) : [])];
}

const unfit = (message: string) => new InvalidInput([{ field: 'replaces', message }]);

/** LOG-01: scans repeat and come out of order. "Delivered" is recorded once per parcel and stays. */
function scanned(orderNumber: string, { trackingNumber, scan, at, place }: Scan, parcels: Parcels): readonly ShipmentEvent[] {
  const seen = { trackingNumber, scan, at, place };
  if (parcels.seen.includes(scanKey(seen))) return [];
  const fact: ShipmentEvent = { type: 'ParcelScanned', data: { orderNumber, ...seen } };
  if (parcels.shipped.some((p) => p.trackingNumber === trackingNumber))
    return [
      fact,
      ...(scan === 'delivered' && !parcels.deliveries[trackingNumber] ? delivered(orderNumber, trackingNumber, at, parcels) : []),
    ];
  // a printed label is not a parcel yet
  if (scan === 'label-created' || parcels.doubted.includes(trackingNumber)) return [fact];
  return [fact, { type: 'ScanUnmatched', data: { orderNumber, ...seen } }];
}

/** LOG-01: what nobody has translated is kept once, and says nothing of where the parcel is. */
export function statusReported(
  { orderNumber, trackingNumber, system, status, at, place, text }: { readonly orderNumber: string } & CourierStatus,
  { seen }: Parcels,
): readonly ShipmentEvent[] {
  const data = {
    orderNumber,
    trackingNumber,
    system,
    status,
    at,
    ...(place !== undefined && { place }),
    ...(text !== undefined && { text }),
  };
  return seen.includes(statusKey(data)) ? [] : [{ type: 'CourierStatusReported', data }];
}

/** Scans of a parcel that this order shares with another one. */
export function scannedAll(orderNumber: string, scans: readonly Scan[], before: Parcels): readonly ShipmentEvent[] {
  return scans.reduce<readonly ShipmentEvent[]>(
    (facts, scan) => [...facts, ...scanned(orderNumber, scan, facts.reduce(parcelsAfter, before))],
    [],
  );
}

/** The delivery of the parcel, unless recorded before, and that of the order when no other parcel is on its way. */
function delivered(orderNumber: string, trackingNumber: string, at: Instant, before: Parcels): readonly ShipmentEvent[] {
  const fact: ShipmentEvent = { type: 'ParcelDelivered', data: { orderNumber, trackingNumber, at } };
  const facts = before.deliveries[trackingNumber] === undefined ? [fact] : [];
  const after = facts.reduce(parcelsAfter, before);
  if (!isDelivered(after)) return facts;
  const last = after.shipped.map((p) => after.deliveries[p.trackingNumber ?? ''] ?? at).reduce((a, b) => (a > b ? a : b));
  return [...facts, { type: 'ShipmentDelivered', data: { orderNumber, at: last } }];
}
