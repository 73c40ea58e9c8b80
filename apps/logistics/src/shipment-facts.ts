import type { Fact } from '@orderloom/event-sourcing';

import type { TrackingFound } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';

export interface Scan {
  readonly trackingNumber: string;
  readonly scan: string;
  readonly at: Instant;
  readonly place?: string;
}

/** LOG-01: a status code of a courier's system that no table translates into a scan. */
export interface CourierStatus {
  readonly trackingNumber: string;
  readonly system: string;
  readonly status: string;
  readonly at: Instant;
  readonly place?: string;
  readonly text?: string;
}

export interface Handover {
  readonly at: Instant;
  readonly carrier: string;
  readonly method: string;
  readonly trackingNumber: string | null;
}

/** Shipped parcels and their scans (LOG-01). */
export interface Parcels {
  readonly shipped: readonly Omit<Handover, 'method'>[];
  /** Keys of the recorded scans and statuses. */
  readonly seen: readonly string[];
  /** Latest scan by tracking number. */
  readonly last: Readonly<Record<string, Omit<Scan, 'trackingNumber'>>>;
  /** Tracking numbers that were scanned in the destination country. */
  readonly arrived: readonly string[];
  /** Time of the first delivery scan by tracking number, whether or not a parcel has that number. */
  readonly signedFor: Readonly<Record<string, Instant>>;
  /** Delivery time by tracking number. */
  readonly deliveries: Readonly<Record<string, Instant>>;
  /** Unknown tracking numbers about which a team was asked. */
  readonly doubted: readonly string[];
}

/** Picked quantity of a line; 0 if nothing was available. */
export interface PickedLine {
  readonly line: number;
  readonly quantity: number;
}

export interface ShortPick {
  readonly orderNumber: string;
  readonly at: Instant;
  readonly picked: readonly PickedLine[];
  readonly short: readonly Line[];
}

/** Flows that hold a shipment (`by`), and flows whose hold the warehouse was asked for (`asked`). Only its own flow releases a hold. */
export interface Holds {
  readonly by: readonly string[];
  readonly asked: readonly string[];
}

export interface LineQuantity {
  readonly line: number;
  readonly quantity: number;
}

/** A look at where the parcels of an order are (LOG-02..05). */
export type Look = { orderNumber: string; promisedDispatchBy: Instant } & TrackingFound;

export interface Amendment {
  readonly flow: string;
  readonly lines: readonly LineQuantity[];
  readonly added?: readonly Line[];
}

export interface Line {
  readonly line: number;
  readonly sku: string;
  readonly description?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface Address {
  readonly recipient: string;
  readonly company?: string;
  readonly street: string;
  readonly houseNumber?: string;
  readonly street2?: string;
  readonly city: string;
  readonly state?: string;
  readonly postcode?: string;
  readonly country: string;
  readonly phone?: string;
}

/** LOG-11: what is remembered of looks at parcels. A parcel is named by its number, an untracked one by its dispatch. */
export interface Watch {
  /** A flow looks at them on a schedule. */
  readonly on: boolean;
  /** The parcel that the last look was about, and the parcel with its last scan. */
  readonly looked: { readonly parcel: string; readonly mark: string } | null;
  /** Parcels that are lost. */
  readonly lost: readonly string[];
  /** Parcels whose tracking was closed, with their last scan then: a schedule does not open it again for the same. */
  readonly settled: readonly string[];
}

/** A parcel that the courier has and did not deliver yet. */
export interface ParcelOnItsWay {
  readonly carrier: string;
  readonly trackingNumber: string | null;
}

/** A lost parcel. `signedFor`: the courier has a signature, which is doubted. */
interface Loss {
  readonly trackingNumber: string | null;
  readonly reason: string;
  readonly signedFor?: true;
}

interface Answer {
  readonly orderNumber: string;
  /** The flow that asked. */
  readonly flow: string;
}

// These names are stored and must not change.
export type ShipmentEvent =
  | Fact<'ShipmentPrepared', { orderNumber: string; lines: readonly Line[]; address: Address; held: boolean; placedAt?: Instant }>
  | Fact<'HoldRequested' | 'ShipmentHeld' | 'ShipmentCancelled', Answer>
  | Fact<'HoldReleased', Answer & { stillHeld?: boolean }>
  | Fact<'HoldRefused', Answer & { reason: string }>
  | Fact<'LabelChangeRefused', Answer & { reason: string; onItsWay?: readonly ParcelOnItsWay[] }>
  | Fact<'ShipmentAmended', Answer & { lines: readonly LineQuantity[]; added?: readonly Line[]; remaining: readonly Line[] }>
  | Fact<'LabelChangeRequested', Answer & { address: Address }>
  | Fact<'LabelChanged', Answer & { address: Address; redirected?: boolean }>
  | Fact<'PickedShort', ShortPick>
  | Fact<'PickingResumed', Answer>
  | Fact<'ParcelPicked' | 'ParcelPacked', { orderNumber: string; at: Instant }>
  | Fact<'ParcelShipped', { orderNumber: string } & Handover>
  | Fact<'ParcelRenumbered', { orderNumber: string; replaces: string | null; locale?: string } & Handover>
  | Fact<'ReportContradicted', { orderNumber: string; report: string; status: string }>
  | Fact<'ParcelScanned' | 'ScanUnmatched', { orderNumber: string } & Scan>
  | Fact<'CourierStatusReported', { orderNumber: string } & CourierStatus>
  | Fact<'ParcelDelivered', { orderNumber: string; trackingNumber: string; at: Instant }>
  | Fact<'TrackingOpened' | 'TrackingRepeated', Look & { requestId: string }>
  | Fact<'ShipmentLookedUp', Look & { flow: string }>
  | Fact<'ParcelsWatched', { orderNumber: string; lookAgainAt: Instant }>
  | Fact<'ParcelsChecked', Answer & { lookAgainAt: Instant; over: boolean }>
  | Fact<'TrackingClosed', Answer>
  | Fact<'CancellationNoted', { orderNumber: string }>
  | Fact<'ParcelLost', Answer & Loss>
  | Fact<'ShipmentDelivered', { orderNumber: string; at: Instant }>;

type Command =
  | { type: 'PrepareShipment'; lines: readonly Line[]; address: Address; amendedBy?: readonly string[]; placedAt?: Instant }
  | { type: 'HoldShipment' | 'ReleaseHold' | 'CancelShipment' | 'ConfirmHold'; flow: string; askedBy?: string }
  | { type: 'DenyHold' | 'DenyLabel'; flow: string; askedBy: string; reason: string }
  | { type: 'AmendShipment'; flow: string; lines: readonly LineQuantity[]; added?: readonly Line[] }
  | { type: 'ChangeLabel'; flow: string; address: Address }
  | { type: 'RecordRedirect'; flow: string; address: Address }
  | { type: 'ConfirmLabel'; flow: string; askedBy: string; address: Address }
  | { type: 'ReportPicked'; at: Instant; lines?: readonly PickedLine[] }
  | { type: 'ResumePicking'; flow: string }
  | { type: 'ReportPacked'; at: Instant }
  | ({ type: 'ReportShipped'; replaces?: string | null } & Handover)
  | ({ type: 'RecordScan' } & Scan)
  | ({ type: 'RecordCourierStatus' } & CourierStatus)
  | { type: 'RecordScans'; scans: readonly Scan[] }
  | { type: 'OpenTracking'; requestId: string; cancelled: boolean; promisedDispatchBy: Instant }
  | { type: 'LookUpShipment'; flow: string; promisedDispatchBy: Instant }
  | { type: 'CheckParcels' | 'CloseTracking'; flow: string }
  | { type: 'NoteOrderCancelled' }
  | ({ type: 'ReportLoss'; flow: string } & Loss);

export type ShipmentCommand = Command & { orderNumber: string; now: Instant; by: string };

/** Progress of the warehouse. A held or cancelled shipment is not picked. */
export type Stage = 'none' | 'prepared' | 'picked' | 'packed' | 'shipped' | 'cancelled';

export interface ShipmentState {
  readonly stage: Stage;
  readonly held: boolean;
  readonly holds: Holds;
  readonly lines: readonly Line[];
  /** Cancelled quantities by flow, and what ships in their place. Those cancelled before the shipment was prepared are removed when it is. */
  readonly amendments: readonly Amendment[];
  readonly address: Address | null;
  readonly parcels: Parcels;
  /** Units were missing at the pick. The shipment is held until that is settled (ORD-04). */
  readonly short: boolean;
  /** The order was cancelled before it was prepared here. */
  readonly orderCancelled: boolean;
  /** A flow follows the parcels, since somebody asked where they are (LOG-11). */
  readonly tracked: boolean;
  readonly watch: Watch;
  /** Time of the order's placement, if known. */
  readonly placedAt?: Instant | undefined;
}
