import type { Projection } from '@orderloom/event-sourcing';
import { courierStatusId } from '../statuses/courier-status.js';
import type { CourierStatus, Handover, Scan, ShortPick, ShipmentEvent, Stage } from '../shipment-facts.js';

interface ParcelRow {
  readonly trackingNumber: string | null;
  readonly carrier: string;
  readonly method: string;
  readonly shippedAt: string;
  readonly deliveredAt?: string;
  readonly scans: readonly ScanRow[];
}

type ScanRow = Omit<Scan, 'trackingNumber'>;

/** Status of an order's parcels. */
export interface ShipmentRow {
  readonly orderNumber: string;
  readonly stage: Stage | 'delivered';
  readonly held: boolean;
  /** Lines that were missing when the order was picked, until they are settled (ORD-04). */
  readonly short?: readonly { line: number; quantity: number }[];
  readonly parcels?: readonly ParcelRow[];
  /** Scans with a tracking number that no parcel of the order has (LOG-01). */
  readonly unmatchedScans?: readonly Scan[];
  /** Statuses that no table translates into a scan (LOG-01), and their keys (`aftership/InTransit_042`), by which they are found. */
  readonly unknownStatuses?: readonly CourierStatus[];
  readonly unknownStatusKeys?: readonly string[];
  /** Every reported or scanned tracking number, for the search. */
  readonly trackingNumbers?: readonly string[];
  /** Of the parcel that was shipped last. */
  readonly carrier?: string;
  readonly method?: string;
  readonly trackingNumber?: string | null;
  readonly lastScan?: string;
  readonly lastScanAt?: string;
}

const stages: Partial<Record<ShipmentEvent['type'], ShipmentRow['stage']>> = {
  ShipmentPrepared: 'prepared',
  ParcelPicked: 'picked',
  ParcelPacked: 'packed',
  ShipmentCancelled: 'cancelled',
};

export const shipmentsView: Projection<ShipmentEvent, ShipmentRow> = {
  table: 'shipments',
  key: (event) => event.subject,
  evolve: (row, event) => {
    const before: ShipmentRow = row ?? { orderNumber: event.subject, stage: 'none', held: false };
    switch (event.type) {
      case 'ShipmentHeld':
        return { ...before, held: true };
      case 'HoldReleased':
        return { ...before, held: 'stillHeld' in event.data && event.data.stillHeld === true };
      case 'PickedShort':
        return { ...before, short: (event.data as ShortPick).short.map(({ line, quantity }) => ({ line, quantity })) };
      case 'PickingResumed':
        return { ...before, short: [] };
      case 'ShipmentCancelled':
        return { ...before, stage: 'cancelled', held: false };
      case 'ParcelShipped':
        return shipped(before, event.data as Handover);
      case 'ParcelRenumbered':
        return renumbered(before, event.data as Handover & { replaces: string | null });
      case 'ParcelScanned':
        return scanned(before, event.data as Scan);
      case 'CourierStatusReported':
        return withStatus(before, event.data as CourierStatus);
      default:
        return { ...before, stage: stages[event.type] ?? before.stage };
    }
  },
};

function withStatus(before: ShipmentRow, { trackingNumber, system, status, at, place, text }: CourierStatus): ShipmentRow {
  const { unknownStatuses = [], unknownStatusKeys = [] } = before;
  const reported = { trackingNumber, system, status, at, ...(place !== undefined && { place }), ...(text !== undefined && { text }) };
  return {
    ...before,
    unknownStatuses: [...unknownStatuses, reported],
    unknownStatusKeys: [...new Set([...unknownStatusKeys, courierStatusId(reported)])],
  };
}

function shipped(before: ShipmentRow, { carrier, method, trackingNumber, at }: Handover): ShipmentRow {
  const { unmatchedScans = [], parcels = [] } = before;
  const parcel = { trackingNumber, carrier, method, shippedAt: at, scans: [] };
  const after = { ...before, carrier, method, trackingNumber, parcels: [...parcels, parcel], unmatchedScans: [] };
  // scans from before the report of their parcel count now
  return unmatchedScans.reduce(scanned, standing(trackingNumber === null ? after : numbered(after, trackingNumber)));
}

/** Scans of the old number belong to no parcel of this order. */
function renumbered(
  before: ShipmentRow,
  { carrier, method, trackingNumber, replaces, at }: Handover & { replaces: string | null },
): ShipmentRow {
  const { parcels = [], unmatchedScans = [], lastScan: _scan, lastScanAt: _at, ...rest } = before;
  const was = parcels.filter((p) => p.trackingNumber === replaces).at(-1);
  const others = parcels.filter((p) => p !== was);
  const isKnown = trackingNumber !== null && others.some((p) => p.trackingNumber === trackingNumber);
  const renamed = isKnown ? others : [...others, { trackingNumber, carrier, method, shippedAt: at, scans: [] }];
  const scans = [...unmatchedScans, ...(was && replaces !== null ? was.scans.map((scan) => ({ trackingNumber: replaces, ...scan })) : [])];
  const isLast = before.trackingNumber === replaces;
  const after = { ...rest, parcels: renamed, unmatchedScans: [], ...(isLast && { carrier, method, trackingNumber }), ...lastOf(renamed) };
  return scans.reduce(scanned, standing(trackingNumber === null ? after : numbered(after, trackingNumber)));
}

function lastOf(parcels: readonly ParcelRow[]): Pick<ShipmentRow, 'lastScan' | 'lastScanAt'> {
  const [last] = parcels.flatMap(({ scans }) => scans).toSorted((a, b) => (a.at > b.at ? -1 : 1));
  return last ? { lastScan: last.scan, lastScanAt: last.at } : {};
}

function scanned(before: ShipmentRow, { trackingNumber, scan, at, place }: Scan): ShipmentRow {
  const { parcels = [], unmatchedScans = [] } = before;
  const seen = { scan, at, ...(place !== undefined && { place }) };
  if (!parcels.some((p) => p.trackingNumber === trackingNumber))
    return numbered({ ...before, unmatchedScans: [...unmatchedScans, { trackingNumber, ...seen }] }, trackingNumber);
  const isLatest = before.lastScanAt === undefined || before.lastScanAt <= at;
  const after = parcels.map((p) =>
    p.trackingNumber === trackingNumber ? { ...(scan === 'delivered' && { deliveredAt: at }), ...p, scans: [...p.scans, seen] } : p,
  );
  return standing({ ...before, parcels: after, ...(isLatest && { lastScan: scan, lastScanAt: at }) });
}

const numbered = (row: ShipmentRow, number: string): ShipmentRow => ({
  ...row,
  trackingNumbers: [...new Set([...(row.trackingNumbers ?? []), number])],
});

const standing = (row: ShipmentRow): ShipmentRow => ({
  ...row,
  stage: row.parcels?.every(({ deliveredAt }) => deliveredAt !== undefined) ? 'delivered' : 'shipped',
});

/** Scans of a tracking number, whether or not a parcel has it. */
export const scansOf = ({ parcels = [], unmatchedScans = [] }: ShipmentRow, trackingNumber: string): Scan[] => [
  ...parcels.flatMap((p) => (p.trackingNumber === trackingNumber ? p.scans.map((scan) => ({ trackingNumber, ...scan })) : [])),
  ...unmatchedScans.filter((scan) => scan.trackingNumber === trackingNumber),
];
