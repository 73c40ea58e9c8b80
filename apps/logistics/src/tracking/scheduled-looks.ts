import type { Instant } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';
import type { ShipmentEvent, ShipmentState } from '../shipment-facts.js';
import { type ParcelFound, parcelsFound, Waits } from './tracking.js';
import { parcelMark } from './watching.js';

/** Findings that somebody has to look into. */
const needy: ReadonlySet<string> = new Set(['problem', 'stale', 'not-scanned-too-long', 'untracked-too-long']);

/** The wait after which a parcel needs somebody, unless it moves before (LOG-03..05). */
const waitOf: Readonly<Partial<Record<ParcelFound['finding'], string>>> = {
  untracked: 'untrackedLost',
  'not-scanned': 'firstScan',
  'on-its-way': 'staleTracking',
  arrived: 'staleTracking',
};

interface Asked {
  readonly orderNumber: string;
  readonly now: Instant;
}

/** LOG-11: from the dispatch on, parcels are looked at on a schedule, where settings say so. */
export function watched(
  facts: readonly ShipmentEvent[],
  after: ShipmentState,
  { orderNumber, now }: Asked,
  settings: StorefrontSettings,
): readonly ShipmentEvent[] {
  if (after.watch.on || !settings.watchesParcels || !facts.some(({ type }) => type === 'ParcelShipped')) return [];
  const { open, lookAgainAt } = looked(after, now, settings);
  return open.length > 0 ? [{ type: 'ParcelsWatched', data: { orderNumber, lookAgainAt } }] : [];
}

/** LOG-11: a scheduled look. What needs somebody is followed from now on, unless the parcels are followed or it was settled before. */
export function checkParcels(
  state: ShipmentState,
  { orderNumber, flow, now }: Asked & { readonly flow: string },
  settings: StorefrontSettings,
): readonly ShipmentEvent[] {
  const { open, relook, lookAgainAt } = looked(state, now, settings);
  const [first] = open;
  const over = first === undefined || state.stage === 'cancelled';
  const checked: ShipmentEvent = { type: 'ParcelsChecked', data: { orderNumber, flow, lookAgainAt: over ? relook : lookAgainAt, over } };
  if (over || state.tracked || !needy.has(first.finding)) return [checked];
  const promisedDispatchBy = first.shippedAt ?? now;
  const requestId = `scheduled-${parcelMark(first)}`;
  return [{ type: 'TrackingOpened', data: { orderNumber, promisedDispatchBy, ...first, lookAgainAt: relook, requestId } }, checked];
}

/** Parcels that are neither delivered nor lost nor settled, and when one of them may need somebody next. */
function looked(state: ShipmentState, now: Instant, settings: StorefrontSettings) {
  const waits = new Waits(now, settings);
  const relook = waits.end('trackingRelook', now);
  const isOpen = (one: ParcelFound) => one.finding !== 'delivered' && !one.lost && !state.watch.settled.includes(parcelMark(one));
  const open = parcelsFound(state, waits, settings).filter(isOpen);
  const nexts = open.map((one) => {
    const wait = state.tracked ? undefined : waitOf[one.finding];
    return wait === undefined ? relook : waits.end(wait, one.lastScanAt ?? one.shippedAt ?? now);
  });
  return { open, relook, lookAgainAt: nexts.reduce((a, b) => (a < b ? a : b), nexts[0] ?? relook) };
}
