import { given } from '@orderloom/event-sourcing';
import { InvalidInput } from '@orderloom/kernel';
import { defaultStorefrontSettings } from '@orderloom/settings';
import { correctedNumberNotice } from './messages/renumbered.js';
import { shipment } from './shipment.js';
import type { ShipmentEvent } from './shipment-facts.js';
import { address, at, contractFaults, handover, lines, orderNumber } from './shipment.fixture.js';
import { shipmentsView } from './views/shipments.view.js';

const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const shipped = (trackingNumber: string | null): ShipmentEvent => ({
  type: 'ParcelShipped',
  data: { orderNumber, ...handover, trackingNumber },
});
const seen = (scan: string, trackingNumber: string, when = at): ShipmentEvent => ({
  type: 'ParcelScanned',
  data: { orderNumber, trackingNumber, scan, at: when, place: 'London' },
});
const unmatched = (trackingNumber: string): ShipmentEvent => ({
  type: 'ScanUnmatched',
  data: { orderNumber, trackingNumber, scan: 'departed', at, place: 'London' },
});
const delivered = (trackingNumber: string, when = at): ShipmentEvent => ({
  type: 'ParcelDelivered',
  data: { orderNumber, trackingNumber, at: when },
});
const allDelivered: ShipmentEvent = { type: 'ShipmentDelivered', data: { orderNumber, at } };
const correct = (replaces: string | null, trackingNumber: string | null = 'RM1GB') =>
  ({ type: 'ReportShipped', orderNumber, ...handover, trackingNumber, replaces }) as const;
const corrected = (replaces: string | null, trackingNumber: string | null = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelRenumbered',
  data: { orderNumber, ...handover, trackingNumber, replaces },
});

describe('the correction of a tracking number (LOG-01)', () => {
  it('the customer is told in the language of the storefront (CS-01)', () => {
    const german = { isSetUp: true, language: 'de', calendar: defaultStorefrontSettings.calendar };
    const state = wrong.reduce(shipment.evolve, shipment.initial);
    const [event] = shipment.decide({ ...correct('RM7GB'), now: at, by: 'warehouse:bob' }, state, german as never);
    const locale = (data: unknown) => correctedNumberNotice({ type: 'ParcelRenumbered', data } as never)[0]?.data;
    expect(locale(event?.data)).toMatchObject({ locale: 'de', fields: expect.not.objectContaining({ locale: 'de' }) });
    expect(locale(corrected('RM7GB').data)).toMatchObject({ locale: 'en' });
  });

  const wrong = [prepared, shipped('RM7GB')];

  it('scans of the corrected number count, those of the wrong one no longer', () => {
    given(shipment, ...wrong)
      .when(correct('RM7GB'))
      .then(corrected('RM7GB'));
    expect(contractFaults(corrected('RM7GB'), corrected(null))).toEqual([]);
    given(shipment, ...wrong, corrected('RM7GB'))
      .when({ type: 'RecordScan', orderNumber, trackingNumber: 'RM1GB', scan: 'delivered', at, place: 'London' })
      .then(seen('delivered', 'RM1GB'), delivered('RM1GB'), allDelivered);
    given(shipment, ...wrong, corrected('RM7GB'))
      .when({ type: 'RecordScan', orderNumber, trackingNumber: 'RM7GB', scan: 'departed', at, place: 'London' })
      .then(seen('departed', 'RM7GB'), unmatched('RM7GB'));
  });

  it('earlier scans of the corrected number count', () => {
    given(shipment, ...wrong, seen('delivered', 'RM1GB'))
      .when(correct('RM7GB'))
      .then(corrected('RM7GB'), delivered('RM1GB'), allDelivered);
  });

  it('a parcel may be corrected from and to untracked', () => {
    given(shipment, prepared, shipped(null)).when(correct(null)).then(corrected(null));
    given(shipment, prepared, shipped(null), corrected(null))
      .when({ type: 'RecordScan', orderNumber, trackingNumber: 'RM1GB', scan: 'delivered', at, place: 'London' })
      .then(seen('delivered', 'RM1GB'), delivered('RM1GB'), allDelivered);
    given(shipment, ...wrong)
      .when(correct('RM7GB', null))
      .then(corrected('RM7GB', null));
  });

  it('a corrected number that was reported as well leaves one parcel', () => {
    given(shipment, ...wrong, shipped('RM1GB'), seen('delivered', 'RM1GB'), delivered('RM1GB'))
      .when(correct('RM7GB'))
      .then(corrected('RM7GB'), allDelivered);
  });

  it('other parcels of the order keep their numbers and scans', () => {
    given(shipment, ...wrong, shipped('RM2GB'), corrected('RM7GB'))
      .when({ type: 'RecordScan', orderNumber, trackingNumber: 'RM1GB', scan: 'delivered', at, place: 'London' })
      .then(seen('delivered', 'RM1GB'), delivered('RM1GB'));
  });

  it('a correction is recorded once', () => {
    given(shipment, ...wrong, corrected('RM7GB'))
      .when(correct('RM7GB'))
      .thenNothing();
    given(shipment, ...wrong)
      .when(correct('RM7GB', 'RM7GB'))
      .thenNothing();
  });

  it.each<[string, ShipmentEvent[], RegExp]>([
    ['the order has no parcel of it', [prepared, shipped('RM2GB')], /is RM7GB, but order 536365 has no such parcel: its parcels are RM2GB/],
    ['nothing has shipped', [prepared], /its parcels are none/],
    ['it was delivered', [...wrong, seen('delivered', 'RM7GB'), delivered('RM7GB'), allDelivered], /was delivered at 2010-12-01T17/],
  ])('the report is refused if %s, and the error names the field', (_, history, message) => {
    const decide = () =>
      given(shipment, ...history)
        .when(correct('RM7GB'))
        .thenNothing();
    expect(decide).toThrow(InvalidInput);
    expect(decide).toThrow(expect.objectContaining({ errors: [{ field: 'replaces', message: expect.stringMatching(message) as string }] }));
  });
});

describe('the projection of a corrected parcel (LOG-01)', () => {
  const shown = (...events: ShipmentEvent[]) =>
    events.reduce(
      (row, event) => shipmentsView.evolve(row, { ...event, subject: orderNumber } as never),
      null as Parameters<typeof shipmentsView.evolve>[0],
    );
  const parcel = { trackingNumber: 'RM1GB', carrier: 'Royal Mail', method: 'Tracked 48', shippedAt: at };
  const [early, late] = ['2010-12-01T18:00:00.000000Z', '2010-12-01T19:00:00.000000Z'];

  it('the parcel shows the corrected number with its own scans, and is found by both numbers', () => {
    const before = [prepared, shipped('RM7GB'), seen('departed', 'RM7GB', late), seen('first-scan', 'RM1GB', early)];
    expect(shown(...before, corrected('RM7GB'))).toEqual({
      ...{ orderNumber, stage: 'shipped', held: false, carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' },
      parcels: [{ ...parcel, scans: [{ scan: 'first-scan', at: early, place: 'London' }] }],
      unmatchedScans: [{ trackingNumber: 'RM7GB', scan: 'departed', at: late, place: 'London' }],
      trackingNumbers: ['RM7GB', 'RM1GB'],
      ...{ lastScan: 'first-scan', lastScanAt: early },
    });
  });

  it('two reported numbers of one parcel are shown as one, with the delivery of the right one', () => {
    const row = shown(prepared, shipped('RM1GB'), seen('delivered', 'RM1GB'), shipped('RM7GB'), corrected('RM7GB'));
    expect(row).toMatchObject({ stage: 'delivered', trackingNumber: 'RM1GB', parcels: [{ trackingNumber: 'RM1GB', deliveredAt: at }] });
    expect(row?.parcels).toHaveLength(1);
  });
});
