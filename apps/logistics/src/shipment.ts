import type { ShipmentEvent, ShipmentCommand, ShipmentState } from './shipment-facts.js';
import { notBeforeOrder } from '@orderloom/contracts';
import type { Decider } from '@orderloom/event-sourcing';
import { InvalidInput, Refusal } from '@orderloom/kernel';
import { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';
import { amendedLines, prepare } from './amendments.js';
import { confirmHold, denyHold, hold, holdsAfter, noHolds, releaseHold } from './holds.js';
import {
  handedOver,
  noParcels,
  onTheirWay,
  parcelsAfter,
  hasReached,
  progressOf,
  renumbered,
  report,
  scannedAll,
  statusReported,
} from './parcels.js';
import { picked, resumed } from './picking.js';
import { lookAt, problemIn } from './tracking/tracking.js';
import { checkParcels, watched } from './tracking/scheduled-looks.js';
import { nothingWatched, watchAfter } from './tracking/watching.js';
import { shipmentsView } from './views/shipments.view.js';

function evolve(before: ShipmentState, event: ShipmentEvent): ShipmentState {
  const watch = watchAfter(before.watch, event);
  const state = watch === before.watch ? before : { ...before, watch };
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
      const { flow, lines, added, remaining } = event.data;
      const amendments = [...state.amendments, { flow, lines, ...(added && { added }) }];
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
    case 'CourierStatusReported':
    case 'ParcelDelivered':
      return { ...state, parcels: parcelsAfter(state.parcels, event) };
    case 'TrackingOpened':
      return { ...state, tracked: true };
    case 'CancellationNoted':
      return { ...state, orderCancelled: true };
    case 'TrackingClosed':
      return { ...state, tracked: false };
    default:
      return state;
  }
}

function withHolds(state: ShipmentState, event: ShipmentEvent): ShipmentState {
  const holds = holdsAfter(state.holds, event);
  return { ...state, holds, held: holds.by.length > 0 };
}

function decide(command: ShipmentCommand, state: ShipmentState, settings = defaultStorefrontSettings): readonly ShipmentEvent[] {
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
      const { flow, lines, added } = command;
      // a shipment that is not prepared has no lines yet, of which some could be left
      const remaining = state.stage === 'none' ? [] : amendedLines(state.lines, command);
      return [{ type: 'ShipmentAmended', data: { orderNumber, flow, lines, ...(added && { added }), remaining } }];
    }
    case 'ChangeLabel': {
      const { flow, address } = command;
      if (hasReached(state, 'shipped') || state.stage === 'cancelled') return [labelRefused(orderNumber, flow, progressOf(state), state)];
      const type = isWithWarehouse(state) ? 'LabelChangeRequested' : 'LabelChanged';
      return [{ type, data: { orderNumber, flow, address } }];
    }
    case 'ConfirmLabel': {
      const { askedBy: flow, address } = command;
      if (hasReached(state, 'shipped')) return [labelRefused(orderNumber, flow, progressOf(state), state)];
      return [{ type: 'LabelChanged', data: { orderNumber, flow, address } }];
    }
    case 'DenyLabel':
      return [labelRefused(orderNumber, command.askedBy, command.reason, state)];
    case 'RecordRedirect': {
      const { flow, address } = command;
      return [{ type: 'LabelChanged', data: { orderNumber, flow, address, redirected: true } }];
    }
    case 'ReportPicked':
      return picked(command, state, settings.calendar);
    case 'ResumePicking':
      return resumed(command, state);
    case 'ReportPacked':
      return report(state, 'packed', { type: 'ParcelPacked', data: { orderNumber, at: command.at } });
    case 'ReportShipped': {
      const facts = command.replaces === undefined ? handedOver(command, state) : renumbered(command, command.replaces, state, settings);
      const all = [...facts, ...problemIn(facts, facts.reduce(evolve, state), command, settings)];
      return [...all, ...watched(all, all.reduce(evolve, state), command, settings)];
    }
    case 'CheckParcels':
      return checkParcels(state, command, settings);
    case 'RecordScan':
    case 'RecordScans': {
      const scans = command.type === 'RecordScan' ? [command] : command.scans;
      const facts = scannedAll(orderNumber, scans, state.parcels);
      return [...facts, ...problemIn(facts, facts.reduce(evolve, state), command, settings)];
    }
    case 'RecordCourierStatus':
      return statusReported(command, state.parcels);
    case 'OpenTracking': {
      const { requestId, cancelled } = command;
      const look = lookAt({ ...state, orderCancelled: cancelled || state.orderCancelled }, command, settings);
      return [{ type: state.tracked ? 'TrackingRepeated' : 'TrackingOpened', data: { ...look, requestId } }];
    }
    case 'LookUpShipment':
      return [{ type: 'ShipmentLookedUp', data: { ...lookAt(state, command, settings), flow: command.flow } }];
    case 'NoteOrderCancelled':
      return state.stage === 'none' && !state.orderCancelled ? [{ type: 'CancellationNoted', data: { orderNumber } }] : [];
    case 'CloseTracking':
      return state.tracked ? [{ type: 'TrackingClosed', data: { orderNumber, flow: command.flow } }] : [];
    case 'ReportLoss': {
      const { flow, trackingNumber, reason, signedFor } = command;
      return [{ type: 'ParcelLost', data: { orderNumber, trackingNumber, reason, ...(signedFor && { signedFor }), flow } }];
    }
  }
}

/** ORD-30: a parcel that has left may be redirected by its courier. */
function labelRefused(orderNumber: string, flow: string, reason: string, { parcels }: ShipmentState): ShipmentEvent {
  const onItsWay = onTheirWay(parcels);
  return { type: 'LabelChangeRefused', data: { orderNumber, flow, reason, ...(onItsWay.length > 0 && { onItsWay }) } };
}

/** ORD-30: the warehouse has no label before preparation and during a hold. The next label gets the new address. */
const isWithWarehouse = ({ stage, held }: ShipmentState): boolean => stage !== 'none' && !held;

/** LOG-09: refuses reports dated before the placement of the order. */
function assertAfterOrder(command: ShipmentCommand, { placedAt }: ShipmentState): void {
  const errors = 'at' in command ? notBeforeOrder('at', command.at, placedAt) : [];
  if (errors.length > 0) throw new InvalidInput(errors);
}

/** ORD-10, ORD-13: only a held or unprepared shipment can be cancelled; any other may have left. */
function assertStopped({ type, orderNumber }: ShipmentCommand, state: ShipmentState): void {
  if (state.held || state.stage === 'none' || state.stage === 'cancelled') return;
  throw new Refusal('not-held', `${type}: order ${orderNumber} is ${progressOf(state)} and not held; hold it first`, 'ORD-10');
}

/** The shipment of one order and the state of its parcels. */
export const shipment: Decider<ShipmentState, ShipmentCommand, ShipmentEvent, StorefrontSettings> = {
  name: 'shipment',
  initial: {
    stage: 'none',
    held: false,
    holds: noHolds,
    lines: [],
    amendments: [],
    address: null,
    parcels: noParcels,
    short: false,
    tracked: false,
    watch: nothingWatched,
    orderCancelled: false,
  },
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
    CourierStatusReported: 'LOG-01',
    ParcelDelivered: 'LOG-01',
    ShipmentDelivered: 'LOG-01',
    TrackingOpened: 'LOG-02',
    TrackingRepeated: 'LOG-02',
    ShipmentLookedUp: 'LOG-11',
    ParcelsWatched: 'LOG-11',
    ParcelsChecked: 'LOG-11',
    TrackingClosed: 'LOG-11',
    CancellationNoted: 'LOG-02',
    ParcelLost: 'LOG-06',
  },
  // a correction repeats the dispatch time of its parcel
  occurredAt: (event) => (event.type !== 'ParcelRenumbered' && 'at' in event.data ? event.data.at : undefined),
  objects: (event, id) => [
    { type: 'order', id },
    ...('trackingNumber' in event.data && event.data.trackingNumber ? [{ type: 'parcel', id: event.data.trackingNumber }] : []),
  ],
  views: [shipmentsView],
};
