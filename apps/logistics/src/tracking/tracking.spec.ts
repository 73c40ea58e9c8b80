import { given } from '@orderloom/event-sourcing';
import { shipment } from '../shipment.js';
import type { ShipmentEvent } from '../shipment-facts.js';
import { address, contractFaults, handover, lines, orderNumber } from '../shipment.fixture.js';

const prepared: ShipmentEvent = {
  type: 'ShipmentPrepared',
  data: { orderNumber, lines, address: { ...address, country: 'FR' }, held: false },
};
const atHome: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const shipped = (trackingNumber: string | null = 'RM1GB', at = '2010-12-01T17:00:00.000000Z'): ShipmentEvent => ({
  type: 'ParcelShipped',
  data: { orderNumber, ...handover, trackingNumber, at },
});
const scan = (kind: string, at: string, trackingNumber = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelScanned',
  data: { orderNumber, trackingNumber, scan: kind, at: `${at}T08:00:00.000000Z` },
});
const delivered = (trackingNumber = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelDelivered',
  data: { orderNumber, trackingNumber, at: '2010-12-09T08:00:00.000000Z' },
});
const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const open = { type: 'OpenTracking', orderNumber, requestId: 'r-1', cancelled: false, promisedDispatchBy } as const;

const looked = (now: string, history: readonly ShipmentEvent[], asked: object = {}) => {
  const events = shipment.decide(
    { ...open, ...asked, now: `${now}.000000Z`, by: 'anna' },
    history.reduce(shipment.evolve, shipment.initial),
  );
  expect(contractFaults(...events)).toEqual([]);
  return events[0]?.data as { finding: string; trackingNumber: string | null; lookAgainAt: string };
};

describe('the location of a parcel (LOG-02..05)', () => {
  it.each<[string, string, readonly ShipmentEvent[], string]>([
    ['before the promise ends, not even with the warehouse', '2010-12-02T08:59:00', [], 'processing'],
    ['before the promise ends', '2010-12-02T08:59:00', [prepared], 'processing'],
    ['after the promise', '2010-12-02T09:01:00', [prepared], 'late'],
    ['untracked, on the fiftieth day', '2011-01-20T16:59:00', [prepared, shipped(null)], 'untracked'],
    ['untracked, later', '2011-01-20T17:01:00', [prepared, shipped(null)], 'untracked-too-long'],
    ['without a scan, on the fifth day', '2010-12-06T16:59:00', [prepared, shipped()], 'not-scanned'],
    ['without a scan, later', '2010-12-06T17:01:00', [prepared, shipped()], 'not-scanned-too-long'],
    [
      'with a printed label alone',
      '2010-12-06T17:01:00',
      [prepared, shipped(), scan('label-created', '2010-12-02')],
      'not-scanned-too-long',
    ],
    ['last seen 15 days ago', '2010-12-18T07:59:00', [prepared, shipped(), scan('departed', '2010-12-03')], 'on-its-way'],
    ['last seen earlier', '2010-12-18T08:01:00', [prepared, shipped(), scan('departed', '2010-12-03')], 'stale'],
    ['arrived', '2010-12-06T09:00:00', [prepared, shipped(), scan('arrived-in-destination-country', '2010-12-05')], 'arrived'],
    [
      'arrived, and departed there',
      '2010-12-07T09:00:00',
      [prepared, shipped(), scan('out-for-delivery', '2010-12-05'), scan('departed', '2010-12-06')],
      'arrived',
    ],
    ['in the country that it never left', '2010-12-06T09:00:00', [atHome, shipped(), scan('departed', '2010-12-05')], 'arrived'],
    ['with an exception', '2010-12-06T09:00:00', [prepared, shipped(), scan('exception', '2010-12-05')], 'problem'],
    ['on its way back', '2010-12-06T09:00:00', [prepared, shipped(), scan('returned-to-sender', '2010-12-05')], 'problem'],
    ['delivered', '2010-12-10T09:00:00', [prepared, shipped(), scan('delivered', '2010-12-09'), delivered()], 'delivered'],
    [
      'delivered, and scanned late',
      '2010-12-10T09:00:00',
      [prepared, shipped(), delivered(), scan('exception', '2010-12-10')],
      'delivered',
    ],
    [
      'scanned out of order',
      '2010-12-06T09:00:00',
      [prepared, shipped(), scan('departed', '2010-12-05'), scan('exception', '2010-12-04')],
      'on-its-way',
    ],
  ])('%s', (_, now, history, finding) => expect(looked(now, history).finding).toBe(finding));

  it('an untracked parcel is looked up again after fifty days, any other after two', () => {
    expect(looked('2010-12-05T09:00:00', [prepared, shipped(null)]).lookAgainAt).toBe('2011-01-20T17:00:00.000000Z');
    expect(looked('2010-12-05T09:00:00', [prepared, shipped()]).lookAgainAt).toBe('2010-12-07T09:00:00.000000Z');
    expect(looked('2010-12-01T09:00:00', [prepared]).lookAgainAt).toBe(promisedDispatchBy);
  });

  it('of several parcels, the one with the most urgent finding is reported', () => {
    const two = [prepared, shipped('A'), shipped('B'), delivered('A')];
    expect(looked('2010-12-10T09:00:00', [...two, scan('departed', '2010-12-09', 'B')])).toMatchObject({
      finding: 'on-its-way',
      trackingNumber: 'B',
    });
    expect(looked('2010-12-10T09:00:00', [...two, scan('exception', '2010-12-09', 'B')])).toMatchObject({
      finding: 'problem',
      trackingNumber: 'B',
    });
    expect(looked('2010-12-10T09:00:00', [...two, delivered('B')])).toMatchObject({ finding: 'delivered' });
  });

  it('a cancelled order is reported as cancelled', () => {
    expect(looked('2010-12-06T09:00:00', [], { cancelled: true }).finding).toBe('cancelled');
    const cancelled: ShipmentEvent = { type: 'ShipmentCancelled', data: { orderNumber, flow: 'cancel-order-1' } };
    expect(looked('2010-12-06T09:00:00', [prepared, cancelled]).finding).toBe('cancelled');
    const noted: ShipmentEvent = { type: 'CancellationNoted', data: { orderNumber } };
    expect(looked('2010-12-06T09:00:00', [noted]).finding).toBe('cancelled');
    const note = { type: 'NoteOrderCancelled', orderNumber } as const;
    given(shipment).when(note).then(noted);
    given(shipment, noted).when(note).thenNothing();
    given(shipment, prepared).when(note).thenNothing();
  });
});

describe('a problem that the courier reports (LOG-07)', () => {
  const now = '2010-12-05T08:01:00.000000Z';
  const report = (kind: string, trackingNumber = 'RM1GB') =>
    ({ type: 'RecordScan', orderNumber, trackingNumber, scan: kind, at: '2010-12-05T08:00:00.000000Z', now, by: 'courier' }) as const;
  const opens = (command: ReturnType<typeof report>, ...history: ShipmentEvent[]) => {
    const events = shipment.decide(command, history.reduce(shipment.evolve, shipment.initial));
    expect(contractFaults(...events)).toEqual([]);
    return events.map(({ type }) => type);
  };

  it.each(['exception', 'returned-to-sender'])('is followed at once, though nobody has asked: %s', (kind) => {
    expect(opens(report(kind), prepared, shipped())).toEqual(['ParcelScanned', 'TrackingOpened']);
  });

  it('is no other scan, nor one of a parcel that nobody has reported', () => {
    expect(opens(report('departed'), prepared, shipped())).toEqual(['ParcelScanned']);
    expect(opens(report('exception', 'RX1GB'), prepared, shipped())).toEqual(['ParcelScanned', 'ScanUnmatched']);
  });

  it('of parcels that are followed is found by their flow', () => {
    const look = { finding: 'arrived', trackingNumber: 'RM1GB', lookAgainAt: now } as const;
    const tracked: ShipmentEvent = { type: 'TrackingOpened', data: { orderNumber, promisedDispatchBy, ...look, requestId: 'r-1' } };
    expect(opens(report('exception'), prepared, shipped(), tracked)).toEqual(['ParcelScanned']);
  });

  it('is over where a later scan was reported before it, and after the delivery', () => {
    expect(opens(report('exception'), prepared, shipped(), scan('departed', '2010-12-06'))).toEqual(['ParcelScanned']);
    expect(opens(report('exception'), prepared, shipped(), scan('delivered', '2010-12-04'), delivered())).toEqual(['ParcelScanned']);
  });

  it('before the report of its parcel is followed from that on', () => {
    const early = [prepared, scan('exception', '2010-12-02')].reduce(shipment.evolve, shipment.initial);
    const { type: _type, ...parcel } = { type: '', orderNumber, ...handover, trackingNumber: 'RM1GB' };
    const events = shipment.decide({ type: 'ReportShipped', ...parcel, now, by: 'warehouse' }, early);
    expect(events.map(({ type }) => type)).toEqual(['ParcelShipped', 'TrackingOpened', 'ParcelsWatched']);
  });
});

describe('the tracking of an order (LOG-11)', () => {
  const look = { finding: 'processing', trackingNumber: null, lookAgainAt: promisedDispatchBy } as const;
  const opened: ShipmentEvent = { type: 'TrackingOpened', data: { orderNumber, promisedDispatchBy, ...look, requestId: 'r-1' } };
  const closed: ShipmentEvent = { type: 'TrackingClosed', data: { orderNumber, flow: 'track-parcel-1' } };
  const types = (...history: ShipmentEvent[]) =>
    shipment
      .decide(
        { ...open, requestId: 'r-2', now: '2010-12-01T10:00:00.000000Z', by: 'anna' },
        history.reduce(shipment.evolve, shipment.initial),
      )
      .map(({ type }) => type);

  it('tracking is opened once; a repeated request goes to the flow that follows the parcels', () => {
    expect(types()).toEqual(['TrackingOpened']);
    expect(types(opened)).toEqual(['TrackingRepeated']);
    expect(types(opened, closed)).toEqual(['TrackingOpened']);
  });

  it('tracking is closed once', () => {
    const close = { type: 'CloseTracking', orderNumber, flow: 'track-parcel-1' } as const;
    given(shipment, opened).when(close).then(closed);
    given(shipment, opened, closed).when(close).thenNothing();
  });
});
