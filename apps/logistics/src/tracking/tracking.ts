import type { TrackingFound } from '@orderloom/contracts';
import { addDuration, type Instant } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';
import { parcelName } from './watching.js';
import type { Handover, Look, Parcels, ShipmentEvent, ShipmentState } from '../shipment-facts.js';

type Finding = TrackingFound['finding'];
type Parcel = Omit<Handover, 'method'>;

/** Sorts the parcels of an order by urgency. */
const urgency: readonly Finding[] = [
  'problem',
  'stale',
  'not-scanned-too-long',
  'untracked-too-long',
  'not-scanned',
  'on-its-way',
  'arrived',
  'untracked',
  'delivered',
];

/** Time as the rules of tracking count it: calendar days after an event (LOG-03..05). */
export class Waits {
  constructor(
    readonly now: Instant,
    private readonly settings: StorefrontSettings,
  ) {}

  end(name: string, since: Instant): Instant {
    const { deadlines, calendar } = this.settings.policies('logistics');
    const span = deadlines[name];
    if (!span) throw new RangeError(`the logistics service has no deadline ${name}`);
    return addDuration(since, span, calendar);
  }

  isOver = (name: string, since: Instant): boolean => this.end(name, since) < this.now;
}

/**
 * LOG-02..05, LOG-10: where the parcels of an order are at `now`, and when to look again. Waits are counted in calendar days, by the
 * settings of the storefront.
 */
export function lookAt(
  state: ShipmentState,
  { orderNumber, promisedDispatchBy, now }: { readonly orderNumber: string; readonly promisedDispatchBy: Instant; readonly now: Instant },
  settings: StorefrontSettings,
): Look {
  const { stage, orderCancelled } = state;
  const waits = new Waits(now, settings);
  const relook = waits.end('trackingRelook', now);
  const of = (found: Omit<TrackingFound, 'lookAgainAt'>, lookAgainAt = relook): Look => ({
    ...{ orderNumber, promisedDispatchBy, ...found },
    lookAgainAt,
  });
  const [parcel] = parcelsFound(state, waits, settings);
  if (stage === 'cancelled' || orderCancelled) return of({ finding: 'cancelled', trackingNumber: null });
  if (!parcel) {
    const isLate = promisedDispatchBy < now;
    return of({ finding: isLate ? 'late' : 'processing', trackingNumber: null }, isLate ? relook : promisedDispatchBy);
  }
  const isUntracked = parcel.finding === 'untracked' && parcel.shippedAt !== undefined;
  return of(parcel, isUntracked && parcel.shippedAt ? waits.end('untrackedLost', parcel.shippedAt) : relook);
}

/** Nobody looks into a lost parcel any more. */
const urgencyOf = ({ finding, lost }: ParcelFound): number => (lost ? urgency.length - 1.5 : urgency.indexOf(finding));

export type ParcelFound = Omit<TrackingFound, 'lookAgainAt'>;

/** The position of each parcel of an order, the most urgent first. */
export const parcelsFound = (
  { parcels, address, watch }: ShipmentState,
  waits: Waits,
  settings: StorefrontSettings,
): readonly ParcelFound[] =>
  parcels.shipped
    .map((one): ParcelFound => {
      const found = stateOf(one, parcels, waits, address?.country === settings.storefront.country);
      return watch.lost.includes(parcelName(one.trackingNumber, one.at)) ? { ...found, lost: true } : found;
    })
    .toSorted((a, b) => urgencyOf(a) - urgencyOf(b));

const isProblem = (scan: string | undefined): boolean => scan === 'exception' || scan === 'returned-to-sender';

/** LOG-07: a problem that the courier reports in `facts` is followed like a question, unless the parcels of the order are followed anyway. */
export function problemIn(
  facts: readonly ShipmentEvent[],
  after: ShipmentState,
  { orderNumber, now }: { readonly orderNumber: string; readonly now: Instant },
  settings: StorefrontSettings,
): readonly ShipmentEvent[] {
  const numbers = facts.flatMap(({ data }) => ('trackingNumber' in data && data.trackingNumber !== null ? [data.trackingNumber] : []));
  const isReported = ({ trackingNumber }: Parcel): boolean => trackingNumber !== null && numbers.includes(trackingNumber);
  const parcel = after.parcels.shipped.find(isReported);
  if (after.tracked || !parcel || !isProblem(after.parcels.last[parcel.trackingNumber ?? '']?.scan)) return [];
  const look = lookAt(after, { orderNumber, promisedDispatchBy: parcel.at, now }, settings);
  if (look.lost || look.finding !== 'problem' || look.trackingNumber !== parcel.trackingNumber) return [];
  return [{ type: 'TrackingOpened', data: { ...look, requestId: `problem-${look.trackingNumber}-${look.lastScanAt}` } }];
}

function stateOf(
  { trackingNumber, at, carrier }: Parcel,
  { last, arrived, deliveries }: Parcels,
  waits: Waits,
  isDomestic: boolean,
): ParcelFound {
  const parcel = { trackingNumber, carrier, shippedAt: at };
  if (trackingNumber === null) return { finding: waits.isOver('untrackedLost', at) ? 'untracked-too-long' : 'untracked', ...parcel };
  const scan = last[trackingNumber];
  const seen = {
    ...parcel,
    ...(scan && { lastScan: scan.scan as TrackingFound['lastScan'], lastScanAt: scan.at }),
    ...(scan?.place && { place: scan.place }),
  };
  if (deliveries[trackingNumber] !== undefined) return { finding: 'delivered', ...seen };
  // a printed label is no scan of a parcel yet
  if (!scan || scan.scan === 'label-created')
    return { finding: waits.isOver('firstScan', at) ? 'not-scanned-too-long' : 'not-scanned', ...seen };
  if (isProblem(scan.scan)) return { finding: 'problem', ...seen };
  if (waits.isOver('staleTracking', scan.at)) return { finding: 'stale', ...seen };
  return { finding: isDomestic || arrived.includes(trackingNumber) ? 'arrived' : 'on-its-way', ...seen };
}
