import { notBeforeOrder } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import { type Instant, InvalidInput, Refusal } from '@orderloom/kernel';
import { type Amendment, type LineQuantity, prepare, without } from './amendments.js';
import { confirmHold, denyHold, hold, type Holds, holdsAfter, noHolds, releaseHold } from './holds.js';
import {
  type Handover,
  handedOver,
  noParcels,
  type Parcels,
  parcelsAfter,
  past,
  reached,
  renumbered,
  report,
  type Scan,
  scanned,
  scannedAll,
} from './parcels.js';
import { picked, type PickedLine, resumed, type ShortPick } from './picking.js';
import { shipmentsView } from './views/shipments.view.js';

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

interface Answer {
  readonly orderNumber: string;
  /** The flow that asked. */
  readonly flow: string;
}

// These names are stored for ever.
export type ShipmentEvent =
  | Fact<'ShipmentPrepared', { orderNumber: string; lines: readonly Line[]; address: Address; held: boolean; placedAt?: Instant }>
  | Fact<'HoldRequested' | 'ShipmentHeld' | 'ShipmentCancelled', Answer>
  | Fact<'HoldReleased', Answer & { stillHeld?: boolean }>
  | Fact<'HoldRefused' | 'LabelChangeRefused', Answer & { reason: string }>
  | Fact<'ShipmentAmended', Answer & { lines: readonly LineQuantity[]; remaining: readonly Line[] }>
  | Fact<'LabelChangeRequested' | 'LabelChanged', Answer & { address: Address }>
  | Fact<'PickedShort', ShortPick>
  | Fact<'PickingResumed', Answer>
  | Fact<'ParcelPicked' | 'ParcelPacked', { orderNumber: string; at: Instant }>
  | Fact<'ParcelShipped', { orderNumber: string } & Handover>
  | Fact<'ParcelRenumbered', { orderNumber: string; replaces: string | null } & Handover>
  | Fact<'ReportContradicted', { orderNumber: string; report: string; status: string }>
  | Fact<'ParcelScanned' | 'ScanUnmatched', { orderNumber: string } & Scan>
  | Fact<'ParcelDelivered', { orderNumber: string; trackingNumber: string; at: Instant }>
  | Fact<'ShipmentDelivered', { orderNumber: string; at: Instant }>;

type Command =
  | { type: 'PrepareShipment'; lines: readonly Line[]; address: Address; amendedBy?: readonly string[]; placedAt?: Instant }
  | { type: 'HoldShipment' | 'ReleaseHold' | 'CancelShipment' | 'ConfirmHold'; flow: string; askedBy?: string }
  | { type: 'DenyHold' | 'DenyLabel'; flow: string; askedBy: string; reason: string }
  | { type: 'AmendShipment'; flow: string; lines: readonly LineQuantity[] }
  | { type: 'ChangeLabel'; flow: string; address: Address }
  | { type: 'ConfirmLabel'; flow: string; askedBy: string; address: Address }
  | { type: 'ReportPicked'; at: Instant; lines?: readonly PickedLine[] }
  | { type: 'ResumePicking'; flow: string }
  | { type: 'ReportPacked'; at: Instant }
  | ({ type: 'ReportShipped'; replaces?: string | null } & Handover)
  | ({ type: 'RecordScan' } & Scan)
  | { type: 'RecordScans'; scans: readonly Scan[] };
export type ShipmentCommand = Command & { orderNumber: string; now: Instant; by: string };

/** How far the warehouse has come. A hold stops it before it picks; what is held or cancelled is not picked. */
export type Stage = 'none' | 'prepared' | 'picked' | 'packed' | 'shipped' | 'cancelled';

export interface ShipmentState {
  readonly stage: Stage;
  readonly held: boolean;
  readonly holds: Holds;
  readonly lines: readonly Line[];
  /** What was cancelled, by which flow; before the order's goods were known here it is still to be taken out of them. */
  readonly amendments: readonly Amendment[];
  readonly address: Address | null;
  readonly parcels: Parcels;
  /** Units were missing when it was picked: it is held until that is settled (ORD-04). */
  readonly short: boolean;
  /** Of the order; absent where that was not said. */
  readonly placedAt?: Instant | undefined;
}

function evolve(state: ShipmentState, event: ShipmentEvent): ShipmentState {
  switch (event.type) {
    case 'ShipmentPrepared':
      return { ...state, stage: 'prepared', lines: event.data.lines, address: event.data.address, placedAt: event.data.placedAt };
    case 'HoldRequested':
    case 'HoldRefused':
    case 'ShipmentHeld':
    case 'HoldReleased':
      return withHolds(state, event);
    case 'ShipmentCancelled':
      return { ...withHolds(state, event), stage: 'cancelled', lines: [] };
    case 'ShipmentAmended': {
      const { flow, lines, remaining } = event.data;
      const amendments = [...state.amendments, { flow, lines }];
      return state.stage === 'none' ? { ...state, amendments } : { ...state, amendments, lines: remaining };
    }
    case 'LabelChanged':
      return { ...state, address: event.data.address };
    case 'PickedShort':
      return { ...state, short: true };
    case 'PickingResumed':
      return { ...state, short: false };
    case 'ParcelPicked':
      return { ...state, stage: 'picked' };
    case 'ParcelPacked':
      return { ...state, stage: 'packed' };
    case 'ParcelShipped':
      return { ...state, stage: 'shipped', parcels: parcelsAfter(state.parcels, event) };
    case 'ParcelRenumbered':
    case 'ParcelScanned':
    case 'ScanUnmatched':
    case 'ParcelDelivered':
      return { ...state, parcels: parcelsAfter(state.parcels, event) };
    default:
      return state;
  }
}

function withHolds(state: ShipmentState, event: ShipmentEvent): ShipmentState {
  const holds = holdsAfter(state.holds, event);
  return { ...state, holds, held: holds.by.length > 0 };
}

function decide(command: ShipmentCommand, state: ShipmentState): readonly ShipmentEvent[] {
  const { orderNumber } = command;
  assertAfterOrder(command, state);
  switch (command.type) {
    case 'PrepareShipment':
      return prepare(command, state);
    case 'HoldShipment':
      return hold(command, state);
    case 'ConfirmHold':
      return confirmHold(orderNumber, command.askedBy ?? command.flow, state);
    case 'DenyHold':
      return denyHold(orderNumber, command.askedBy, command.reason, state);
    case 'ReleaseHold':
      return releaseHold(command, state);
    case 'CancelShipment':
      assertStopped(command, state);
      return [{ type: 'ShipmentCancelled', data: { orderNumber, flow: command.flow } }];
    case 'AmendShipment': {
      assertStopped(command, state);
      const remaining = without(state.lines, command.lines);
      return [{ type: 'ShipmentAmended', data: { orderNumber, flow: command.flow, lines: command.lines, remaining } }];
    }
    case 'ChangeLabel': {
      const { flow, address } = command;
      if (past(state, 'shipped') || state.stage === 'cancelled')
        return [{ type: 'LabelChangeRefused', data: { orderNumber, flow, reason: reached(state) } }];
      const type = isWithWarehouse(state) ? 'LabelChangeRequested' : 'LabelChanged';
      return [{ type, data: { orderNumber, flow, address } }];
    }
    case 'ConfirmLabel': {
      const { askedBy: flow, address } = command;
      if (past(state, 'shipped')) return [{ type: 'LabelChangeRefused', data: { orderNumber, flow, reason: reached(state) } }];
      return [{ type: 'LabelChanged', data: { orderNumber, flow, address } }];
    }
    case 'DenyLabel':
      return [{ type: 'LabelChangeRefused', data: { orderNumber, flow: command.askedBy, reason: command.reason } }];
    case 'ReportPicked':
      return picked(command, state);
    case 'ResumePicking':
      return resumed(command, state);
    case 'ReportPacked':
      return report(state, 'packed', { type: 'ParcelPacked', data: { orderNumber, at: command.at } });
    case 'ReportShipped':
      return command.replaces === undefined ? handedOver(command, state) : renumbered(command, command.replaces, state);
    case 'RecordScan':
      return scanned(orderNumber, command, state.parcels);
    case 'RecordScans':
      return scannedAll(orderNumber, command.scans, state.parcels);
  }
}

/** ORD-30: before it is prepared, and while it is held, no label is with the warehouse: the next one that it is handed bears the address. */
const isWithWarehouse = ({ stage, held }: ShipmentState): boolean => stage !== 'none' && !held;

/** LOG-09: what is reported of an order happened after it was placed. */
function assertAfterOrder(command: ShipmentCommand, { placedAt }: ShipmentState): void {
  const errors = 'at' in command ? notBeforeOrder('at', command.at, placedAt) : [];
  if (errors.length > 0) throw new InvalidInput(errors);
}

/** ORD-10, ORD-13: only what is held, or not yet with the warehouse, can be cancelled; anything else may be on its way. */
function assertStopped({ type, orderNumber }: ShipmentCommand, state: ShipmentState): void {
  if (state.held || state.stage === 'none' || state.stage === 'cancelled') return;
  throw new Refusal('not-held', `${type}: order ${orderNumber} is ${reached(state)} and not held; hold it first`, 'ORD-10');
}

/** What leaves the warehouse for one order, and where it is. */
export const shipment: Decider<ShipmentState, ShipmentCommand, ShipmentEvent> = {
  name: 'shipment',
  initial: { stage: 'none', held: false, holds: noHolds, lines: [], amendments: [], address: null, parcels: noParcels, short: false },
  evolve,
  decide,
  rules: {
    ShipmentPrepared: 'LOG-01',
    HoldRequested: 'LOG-09',
    ShipmentHeld: 'ORD-10',
    HoldReleased: 'ORD-12',
    ShipmentCancelled: 'ORD-13',
    HoldRefused: 'ORD-11',
    LabelChangeRefused: 'ORD-30',
    ShipmentAmended: 'ORD-13',
    LabelChangeRequested: 'ORD-30',
    LabelChanged: 'ORD-30',
    PickedShort: 'ORD-04',
    PickingResumed: 'ORD-04',
    ParcelPicked: 'LOG-09',
    ParcelPacked: 'LOG-09',
    ParcelShipped: 'LOG-09',
    ParcelRenumbered: 'LOG-01',
    ReportContradicted: 'LOG-09',
    ParcelScanned: 'LOG-01',
    ScanUnmatched: 'LOG-01',
    ParcelDelivered: 'LOG-01',
    ShipmentDelivered: 'LOG-01',
  },
  // a correction says again when its parcel left
  occurredAt: (event) => (event.type !== 'ParcelRenumbered' && 'at' in event.data ? event.data.at : undefined),
  objects: (event, id) => [
    { type: 'order', id },
    ...('trackingNumber' in event.data && event.data.trackingNumber ? [{ type: 'parcel', id: event.data.trackingNumber }] : []),
  ],
  views: [shipmentsView],
};
