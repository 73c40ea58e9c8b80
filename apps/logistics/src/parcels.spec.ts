import { given } from '@orderloom/event-sourcing';
import { shipment } from './shipment.js';
import type { ShipmentEvent } from './shipment-facts.js';
import { address, at, elsewhere, handover, lines, orderNumber, watching } from './shipment.fixture.js';

const asked = { orderNumber, flow: 'cancel-order-1' };
const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const shipped = (trackingNumber: string | null = 'RM1GB', when = at): ShipmentEvent => ({
  type: 'ParcelShipped',
  data: { orderNumber, ...handover, trackingNumber, at: when },
});
const handOver = (trackingNumber: string | null = 'RM1GB', when = at) =>
  ({ type: 'ReportShipped', orderNumber, ...handover, trackingNumber, at: when }) as const;
const scan = (kind: string, trackingNumber = 'RM1GB', when = at) => ({
  orderNumber,
  trackingNumber,
  scan: kind,
  at: when,
  place: 'London',
});
const record = (...said: Parameters<typeof scan>) => ({ type: 'RecordScan', ...scan(...said) }) as const;
const seen = (...said: Parameters<typeof scan>): ShipmentEvent => ({ type: 'ParcelScanned', data: scan(...said) });
const unmatched = (...said: Parameters<typeof scan>): ShipmentEvent => ({ type: 'ScanUnmatched', data: scan(...said) });
const delivered = (trackingNumber = 'RM1GB', when = at): ShipmentEvent => ({
  type: 'ParcelDelivered',
  data: { orderNumber, trackingNumber, at: when },
});
const allDelivered = (when = at): ShipmentEvent => ({ type: 'ShipmentDelivered', data: { orderNumber, at: when } });
const later = '2010-12-04T09:00:00.000000Z';

describe('scans of a parcel (LOG-01)', () => {
  it('a repeated scan is recorded once', () => {
    given(shipment, prepared, shipped()).when(record('first-scan')).then(seen('first-scan'));
    given(shipment, prepared, shipped(), seen('first-scan')).when(record('first-scan')).thenNothing();
  });

  it('a parcel is delivered once and stays delivered', () => {
    given(shipment, prepared, shipped()).when(record('delivered')).then(seen('delivered'), delivered(), allDelivered());
    const history = [prepared, shipped(), seen('delivered'), delivered(), allDelivered()];
    given(shipment, ...history)
      .when(record('delivered', 'RM1GB', later))
      .then(seen('delivered', 'RM1GB', later));
    given(shipment, ...history)
      .when(record('departed'))
      .then(seen('departed'));
    const change = { type: 'ChangeLabel', ...asked, address: elsewhere } as const;
    given(shipment, ...history, seen('departed'))
      .when(change)
      .then({ type: 'LabelChangeRefused', data: { ...asked, reason: 'delivered' } });
  });
});

describe('a scan of a tracking number that no shipped parcel of the order has (LOG-01)', () => {
  it.each([
    ['of an order that nobody knows', []],
    ['of an order that has not shipped', [prepared]],
    ['of an order that shipped under another number', [prepared, shipped('RM2GB')]],
    ['of an order that shipped untracked', [prepared, shipped(null)]],
  ])('a scan %s is recorded and reported as unmatched, and delivers nothing', (_, history) => {
    given(shipment, ...history)
      .when(record('delivered'))
      .then(seen('delivered'), unmatched('delivered'));
  });

  it('a tracking number is reported as unmatched once', () => {
    const history = [prepared, seen('departed'), unmatched('departed')];
    given(shipment, ...history)
      .when(record('delivered'))
      .then(seen('delivered'));
  });

  it('a label-created scan is not reported as unmatched', () => {
    given(shipment, prepared).when(record('label-created')).then(seen('label-created'));
  });

  it('an order that has not shipped can still be held, and its label changed', () => {
    const history = [prepared, seen('delivered'), unmatched('delivered')];
    given(shipment, ...history)
      .when({ type: 'HoldShipment', ...asked })
      .then({ type: 'HoldRequested', data: asked });
    given(shipment, ...history)
      .when({ type: 'ChangeLabel', ...asked, address: elsewhere })
      .then({ type: 'LabelChangeRequested', data: { ...asked, address: elsewhere } });
  });

  it('the scan counts when the warehouse reports a parcel with this number', () => {
    const history = [prepared, watching, seen('delivered', 'RM1GB', later), unmatched('delivered', 'RM1GB', later)];
    given(shipment, ...history)
      .when(handOver())
      .then(shipped(), delivered('RM1GB', later), allDelivered(later));
    given(shipment, ...history)
      .when(handOver('RM2GB'))
      .then(shipped('RM2GB'));
  });

  it('the scan counts for nothing if the report of the warehouse contradicts a hold', () => {
    const held: ShipmentEvent = { type: 'ShipmentHeld', data: asked };
    given(shipment, prepared, held, seen('delivered'), unmatched('delivered'))
      .when(handOver())
      .then({ type: 'ReportContradicted', data: { orderNumber, report: 'ParcelShipped', status: 'held' } });
  });

  it('a delivery stored by an earlier release counts when its parcel is reported', () => {
    given(shipment, prepared, seen('delivered'), delivered()).when(handOver()).then(shipped(), allDelivered());
  });
});

describe('an order with several parcels (LOG-01)', () => {
  it('each parcel is reported once', () => {
    given(shipment, prepared, watching, shipped()).when(handOver('RM2GB', later)).then(shipped('RM2GB', later));
    given(shipment, prepared, shipped(), shipped('RM2GB')).when(handOver('RM1GB', later)).thenNothing();
    given(shipment, prepared, shipped(null)).when(handOver(null)).thenNothing();
    given(shipment, prepared, watching, shipped()).when(handOver(null, later)).then(shipped(null, later));
  });

  it('the order is delivered with its last parcel', () => {
    const both = [prepared, shipped(), shipped('RM2GB')];
    given(shipment, ...both)
      .when(record('delivered', 'RM2GB', later))
      .then(seen('delivered', 'RM2GB', later), delivered('RM2GB', later));
    given(shipment, ...both, seen('delivered', 'RM2GB', later), delivered('RM2GB', later))
      .when(record('delivered'))
      .then(seen('delivered'), delivered(), allDelivered(later));
  });

  it('the order is delivered again, later, if another parcel ships after the first delivery', () => {
    const first = [prepared, shipped(), seen('delivered'), delivered(), allDelivered()];
    given(shipment, ...first, shipped('RM2GB'))
      .when(record('delivered', 'RM2GB', later))
      .then(seen('delivered', 'RM2GB', later), delivered('RM2GB', later), allDelivered(later));
  });

  it('the order is not delivered while one of its parcels is untracked', () => {
    given(shipment, prepared, shipped(), shipped(null)).when(record('delivered')).then(seen('delivered'), delivered());
  });
});

describe('a parcel that two orders share (LOG-01)', () => {
  const all = { type: 'RecordScans', orderNumber, scans: [scan('first-scan'), scan('delivered'), scan('delivered')] } as const;

  it('a scan is recorded once for each order', () => {
    given(shipment, prepared, shipped()).when(all).then(seen('first-scan'), seen('delivered'), delivered(), allDelivered());
    given(shipment, prepared, shipped(), seen('first-scan'), seen('delivered'), delivered(), allDelivered()).when(all).thenNothing();
  });
});
