import type { Scan, ShipmentCommand, ShipmentEvent, ShipmentState, Stage } from './shipment.js';

const order: readonly Stage[] = ['none', 'prepared', 'picked', 'packed', 'shipped'];
export const past = (state: ShipmentState, stage: Stage): boolean => state.delivered || order.indexOf(state.stage) >= order.indexOf(stage);
export const reached = ({ delivered, stage }: ShipmentState): string => (delivered ? 'delivered' : stage);
export const scanKey = ({ trackingNumber, scan, at }: Scan): string => `${trackingNumber} ${scan} ${at}`;

/** LOG-09: a hold and a pick race in this stream, and the first one wins; a report that the hold forbids is contradicted. */
export function report(
  state: ShipmentState,
  stage: Stage,
  fact: ShipmentEvent & { data: { orderNumber: string } },
): readonly ShipmentEvent[] {
  const { orderNumber } = fact.data;
  const impossible = state.stage === 'none' || state.stage === 'cancelled' || (state.held && !past(state, 'picked'));
  if (impossible)
    return [{ type: 'ReportContradicted', data: { orderNumber, report: fact.type, status: state.held ? 'held' : state.stage } }];
  return order.indexOf(state.stage) >= order.indexOf(stage) ? [] : [fact];
}

/** LOG-01: scans repeat and come out of order; "delivered" is said once and stays. */
export function scanned(
  { orderNumber, trackingNumber, scan, at, place }: Extract<ShipmentCommand, { type: 'RecordScan' }>,
  state: ShipmentState,
): readonly ShipmentEvent[] {
  const seen = { trackingNumber, scan, at, place };
  if (state.seen.includes(scanKey(seen))) return [];
  const delivered: ShipmentEvent[] =
    scan === 'delivered' && !state.delivered ? [{ type: 'ParcelDelivered', data: { orderNumber, trackingNumber, at } }] : [];
  return [{ type: 'ParcelScanned', data: { orderNumber, ...seen } }, ...delivered];
}
