import { totalCaptured } from '@orderloom/contracts';
import type { RecordedEvent } from '@orderloom/event-sourcing';
import type { Fault } from './checks.js';
import { giftsAlone, refundedAndReshipped } from './reship-checks.js';
import {
  countedOtherwise,
  kept as keptForCancelled,
  keptForReturned,
  overdrawn,
  paidBack,
  paymentsOf,
  saidPaid,
  unheard,
} from './payment-checks.js';
import type { Payout } from '../actors/payment-provider.js';
import type { Placed } from '../actors/storefront.js';

/** Promises and actions that the people outside know. */
export interface Known {
  readonly storefront: { readonly placed: ReadonlyMap<string, Placed> };
  readonly provider: {
    readonly paid: ReadonlyMap<string, Payout>;
    readonly takenBack?: ReadonlySet<string>;
    readonly paidLate?: ReadonlySet<string>;
  };
  readonly desk: { readonly acknowledged: ReadonlyMap<string, string> };
}

type Histories = ReadonlyMap<string, readonly RecordedEvent[]>;
type Data = Readonly<Record<string, unknown>>;
type Units = { readonly line: number; readonly quantity: number };

/** The rules of the business that no single service can see, by the facts of all. */
export function checkDomain(histories: Histories, { storefront, provider, desk }: Known): Fault[] {
  const events = [...histories.values()].flat();
  const of = (noun: string, id: string): readonly RecordedEvent[] => events.filter(({ stream }) => stream === `${noun}-${id}`);
  const faults: Fault[] = [];
  const broken = (invariant: string, violation: string): void => void faults.push({ invariant, violation });
  const numbers = new Set(
    events.filter(({ type }) => type === 'OrderPlaced').map(({ data }) => (data as { orderNumber: string }).orderNumber),
  );

  for (const orderNumber of storefront.placed.keys())
    if (!numbers.has(orderNumber)) broken('I11', `${orderNumber} was placed, and nobody knows it`);
  for (const orderNumber of numbers) {
    const [order, shipment, refunds] = [of('order', orderNumber), of('shipment', orderNumber), of('refunds', orderNumber)];
    const has = (list: readonly RecordedEvent[], type: string): boolean => list.some((event) => event.type === type);
    if (has(order, 'OrderCancelled') && (has(shipment, 'ParcelShipped') || has(order, 'OrderDispatched')))
      broken('cancel xor ship', `${orderNumber} was cancelled and shipped`);
    if (!has(order, 'OrderCancelled') && !has(order, 'OrderDispatched')) broken('I6', `${orderNumber} was neither shipped nor cancelled`);
    for (const violation of changesOverlap(order)) broken('one open change', `${orderNumber}: ${violation}`);
    for (const violation of cancelledUnitsShipped(order, shipment, storefront.placed.get(orderNumber)?.lines ?? []))
      broken('cancelled line shipped', `${orderNumber}: ${violation}`);
    for (const violation of wronglyDelivered(shipment)) broken('delivered is all delivered', `${orderNumber}: ${violation}`);
    for (const violation of shippedShort(shipment)) broken('short pick', `${orderNumber}: ${violation}`);
    for (const violation of addressWithoutLabel(order, shipment)) broken('address', `${orderNumber}: ${violation}`);
    const told = events.filter(({ type, subject }) => type === 'CustomerTold' && subject === orderNumber);
    for (const violation of saidOtherwise(order, told)) broken('said as decided', `${orderNumber}: ${violation}`);
    const captured = totalCaptured(paymentsOf(refunds));
    const paid = paidBack(orderNumber, refunds, provider);
    if (paid > captured) broken('I5', `${orderNumber}: ${paid} were paid back of ${captured} captured`);
    for (const violation of [...overdrawn(refunds), ...saidPaid(refunds, provider)]) broken('I5', `${orderNumber}: ${violation}`);
    for (const violation of keptForCancelled(order)) broken('kept for cancelled goods', `${orderNumber}: ${violation}`);
    for (const violation of keptForReturned(orderNumber, of('purchase', orderNumber)))
      broken('kept for returned goods', `${orderNumber}: ${violation}`);
    for (const violation of countedOtherwise(of('purchase', orderNumber), refunds))
      broken('counts as paid', `${orderNumber}: ${violation}`);
    for (const violation of returnedTwice(of('purchase', orderNumber), refunds, storefront.placed.get(orderNumber)?.lines ?? []))
      broken('returned once', `${orderNumber}: ${violation}`);
  }
  for (const violation of notDeliveredForAll(events)) broken('delivered is all delivered', violation);
  for (const violation of refundedAndReshipped(events)) broken('refunded and re-shipped', violation);
  for (const violation of giftsAlone(events)) broken('gifts go with goods', violation);
  for (const violation of unheard(events, provider)) broken('paid or not', violation);
  for (const [refundId, orderNumber] of desk.acknowledged)
    if (!of('refunds', orderNumber).some(({ type, data }) => type === 'RefundRequested' && (data as Data)['refundId'] === refundId))
      broken('I1', `${refundId} of ${orderNumber} was acknowledged, and is not there`);
  return faults;
}

function changesOverlap(order: readonly RecordedEvent[]): string[] {
  let open: unknown;
  return order.flatMap(({ type, data, version }) => {
    const { changeId } = data as Data;
    const begins = type === 'CancellationRequested' || type === 'AddressChangeRequested';
    const before = open;
    if (begins) open = changeId;
    else if (changeId !== undefined && changeId === open && type !== 'ReleaseDeferred') open = undefined;
    return begins && before !== undefined ? [`version ${version} begins a change while ${String(before)} is open`] : [];
  });
}

/** ORD-12: whichever flow says that the order is cancelled says the one amount that was decided, and none says that it goes on. */
function saidOtherwise(order: readonly RecordedEvent[], told: readonly RecordedEvent[]): string[] {
  const cancelled = order.find(({ type }) => type === 'OrderCancelled');
  if (!cancelled) return [];
  const { refund } = cancelled.data as { refund: number };
  return [
    ...told.flatMap(({ data, stream }) => {
      const { template, fields } = data as { template: string; fields: Data };
      if (template !== 'order-cancelled' || fields['refund'] === refund) return [];
      return [`${stream} says a refund of ${String(fields['refund'])}, ${String(refund)} was decided`];
    }),
    ...order
      .slice(order.indexOf(cancelled))
      .filter(({ type, data }) => type === 'CancellationRefused' && !(data as Data)['decided'])
      .map(({ version }) => `version ${version} says that it goes on, after it was cancelled`),
  ];
}

function addressWithoutLabel(order: readonly RecordedEvent[], shipment: readonly RecordedEvent[]): string[] {
  return order
    .filter(({ type }) => type === 'AddressChanged')
    .filter(
      ({ data }) => !shipment.some((event) => event.type === 'LabelChanged' && (event.data as Data)['flow'] === (data as Data)['flow']),
    )
    .map(({ version }) => `version ${version} changed the address, and nobody changed the label`);
}

/** ORD-13: what left, and what was cancelled, are together no more than what was ordered. */
function cancelledUnitsShipped(order: readonly RecordedEvent[], shipment: readonly RecordedEvent[], lines: readonly Units[]): string[] {
  if (!shipment.some(({ type }) => type === 'ParcelShipped')) return [];
  const prepared = shipment.findIndex(({ type }) => type === 'ShipmentPrepared');
  const left = shipment.slice(prepared).reduce<readonly Units[]>((units, { type, data }) => {
    if (type === 'ShipmentPrepared') return (data as { lines: readonly Units[] }).lines;
    return type === 'ShipmentAmended' ? (data as { remaining: readonly Units[] }).remaining : units;
  }, []);
  const cancelled = order.flatMap(({ type, data }) =>
    type === 'OrderLinesCancelled'
      ? (data as { lines: readonly Units[] }).lines
      : type === 'OrderLinesReplaced'
        ? (data as { removed: readonly Units[] }).removed
        : [],
  );
  const sum = (units: readonly Units[], line: number) => units.reduce((all, u) => all + (u.line === line ? u.quantity : 0), 0);
  return lines
    .filter(({ line, quantity }) => sum(left, line) + sum(cancelled, line) > quantity)
    .map(({ line, quantity }) => `of ${quantity} of line ${line}, ${sum(cancelled, line)} were cancelled and ${sum(left, line)} shipped`);
}

/** ORD-04: what was picked too little of does not go on until that is settled. */
function shippedShort(shipment: readonly RecordedEvent[]): string[] {
  let isShort = false;
  return shipment.flatMap(({ type, version }) => {
    if (type === 'PickedShort' || type === 'PickingResumed') isShort = type === 'PickedShort';
    return isShort && (type === 'ParcelPicked' || type === 'ParcelShipped')
      ? [`version ${version} is a ${type} of a pick that was short`]
      : [];
  });
}

/** LOG-01: a parcel is delivered after it was shipped, an order with the last of its parcels. */
function wronglyDelivered(shipment: readonly RecordedEvent[]): string[] {
  const parcels = new Map<unknown, string | undefined>();
  const faults: string[] = [];
  let said: string | undefined;
  for (const { type, data } of shipment) {
    const { trackingNumber, at, replaces } = data as { trackingNumber: string | null; at: string; replaces?: string };
    if (type === 'ParcelRenumbered') parcels.delete(replaces);
    if (type === 'ParcelShipped' || (type === 'ParcelRenumbered' && !parcels.has(trackingNumber))) parcels.set(trackingNumber, undefined);
    if (type === 'ParcelDelivered') {
      if (!parcels.has(trackingNumber)) faults.push(`${trackingNumber} was delivered, and never shipped`);
      parcels.set(trackingNumber, at);
    }
    if (type !== 'ShipmentDelivered') continue;
    said = at;
    if (at !== lastOf(parcels)) faults.push(`delivered at ${at}, and its parcels at ${[...parcels.values()].join(', ')}`);
  }
  const last = lastOf(parcels);
  return last === undefined || last === said ? faults : [...faults, `all parcels were delivered at ${last}, and nobody said so`];
}

/** LOG-01: a parcel that carries goods of several orders is delivered for each of them. */
function notDeliveredForAll(events: readonly RecordedEvent[]): string[] {
  const parcels = (of: string): string[] =>
    events.flatMap(({ type, stream, data }) => (type === of ? [`${String((data as Data)['trackingNumber'])} of ${stream}`] : []));
  const delivered = parcels('ParcelDelivered');
  const corrected = events.flatMap(({ type, stream, data }) =>
    type === 'ParcelRenumbered' ? [`${String((data as Data)['replaces'])} of ${stream}`] : [],
  );
  const numbers = new Set(delivered.map((parcel) => parcel.split(' ')[0]));
  return [...parcels('ParcelShipped'), ...parcels('ParcelRenumbered')]
    .filter((parcel) => !corrected.includes(parcel))
    .filter((parcel) => numbers.has(parcel.split(' ')[0]) && !delivered.includes(parcel))
    .map((parcel) => `${parcel} was delivered for another order only`);
}

/** Delivery time of the last parcel; undefined while one of them is not delivered. */
const lastOf = (parcels: ReadonlyMap<unknown, string | undefined>): string | undefined =>
  [...parcels.values()].reduce((a, b) => (a === undefined || b === undefined ? undefined : a > b ? a : b), '') || undefined;

/** REF-05: units whose refund was rejected are the customer's again, and may come back once more; no others. */
function returnedTwice(purchase: readonly RecordedEvent[], refunds: readonly RecordedEvent[], lines: readonly Units[]): string[] {
  const unpaid = refunds.filter(({ type, data }) => type === 'RefundApplicationSettled' && (data as Data)['paid'] === 0);
  const unpaidCases = new Set(unpaid.map(({ data }) => (data as Data)['caseId']));
  const gone = new Map<number, number>();
  const count = (data: unknown, sign: 1 | -1): void => {
    for (const { line, quantity } of (data as { lines: readonly Units[] }).lines) gone.set(line, (gone.get(line) ?? 0) + sign * quantity);
  };
  const kept = purchase.flatMap(({ type, data }) => {
    const { caseId } = data as Data;
    if (type === 'UnitsSettled' || type === 'PurchaseReduced') count(data, 1);
    if (type !== 'UnitsRestored') return [];
    if (!unpaidCases.has(caseId) && (data as { lines: readonly Units[] }).lines.length > 0)
      return [`case ${String(caseId)} gave its units back, though its refund stands`];
    count(data, -1);
    return [];
  });
  return [
    ...kept,
    ...lines
      .filter(({ line, quantity }) => (gone.get(line) ?? 0) > quantity)
      .map(({ line }) => `more of line ${line} came back than was bought`),
  ];
}
