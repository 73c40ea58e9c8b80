import { defaultSettings } from '@orderloom/contracts';
import { StorefrontSettings } from '@orderloom/settings';
import { address, contractFaults, handover, lines, orderNumber } from '../shipment.fixture.js';
import { shipment } from '../shipment.js';
import type { ShipmentCommand, ShipmentEvent } from '../shipment-facts.js';

const noon = (day: string) => `${day}T12:00:00.000000Z`;
const prepared: ShipmentEvent = {
  type: 'ShipmentPrepared',
  data: { orderNumber, lines, address: { ...address, country: 'FR' }, held: false },
};
const shipped = (trackingNumber: string | null = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelShipped',
  data: { orderNumber, ...handover, trackingNumber, at: noon('2010-12-01') },
});
const scan = (kind: string, day: string, trackingNumber = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelScanned',
  data: { orderNumber, trackingNumber, scan: kind, at: noon(day) },
});
const delivered = (trackingNumber = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelDelivered',
  data: { orderNumber, trackingNumber, at: noon('2010-12-20') },
});
const watching: ShipmentEvent = { type: 'ParcelsWatched', data: { orderNumber, lookAgainAt: noon('2010-12-06') } };
const closed: ShipmentEvent = { type: 'TrackingClosed', data: { orderNumber, flow: 'track-parcel-1' } };
const lost = (trackingNumber: string | null = 'RM1GB'): ShipmentEvent => ({
  type: 'ParcelLost',
  data: { orderNumber, trackingNumber, reason: 'in no depot', flow: 'track-parcel-1' },
});

type Command = ShipmentCommand extends infer C ? (C extends unknown ? Omit<C, 'orderNumber' | 'now' | 'by'> : never) : never;
function decided(
  command: Command,
  day: string,
  history: readonly ShipmentEvent[],
  settings?: StorefrontSettings,
): readonly ShipmentEvent[] {
  const whole = { ...command, orderNumber, now: noon(day), by: 'tester' };
  const events = shipment.decide(whole, history.reduce(shipment.evolve, shipment.initial), settings);
  expect(contractFaults(...events)).toEqual([]);
  return events;
}
const check = (day: string, ...history: readonly ShipmentEvent[]) =>
  decided({ type: 'CheckParcels', flow: 'watch-parcels-1' }, day, [prepared, ...history]);
const types = (events: readonly ShipmentEvent[]) => events.map(({ type }) => type);
const nextLook = (events: readonly ShipmentEvent[]) => {
  const last = events.at(-1);
  return last?.type === 'ParcelsChecked' && (last.data.over ? 'over' : last.data.lookAgainAt);
};
const report = (trackingNumber: string | null = 'RM1GB') =>
  ({ type: 'ReportShipped', ...handover, trackingNumber, at: noon('2010-12-01') }) as const;

describe('a scheduled look at parcels (LOG-11)', () => {
  it('is due when the wait of the rule for the parcel is over (LOG-03..05)', () => {
    expect(decided(report(), '2010-12-01', [prepared]).at(-1)).toEqual(watching);
    expect(decided(report(null), '2010-12-01', [prepared]).at(-1)).toMatchObject({ data: { lookAgainAt: noon('2011-01-20') } });
    expect(nextLook(check('2010-12-03', shipped(), scan('departed', '2010-12-02')))).toBe(noon('2010-12-17'));
    expect(nextLook(check('2010-12-03', shipped(), shipped('RM2GB'), scan('departed', '2010-12-02')))).toBe(noon('2010-12-06'));
  });

  it('begins once for an order, and not where settings turn it off', () => {
    expect(types(decided(report('RM2GB'), '2010-12-02', [prepared, shipped(), watching]))).toEqual(['ParcelShipped']);
    const document = { ...defaultSettings, tracking: { watch: false } };
    const off = StorefrontSettings.of({ version: 1, effectiveFrom: noon('2010-01-01'), document, by: 'kim' }, 'main');
    expect(types(decided(report(), '2010-12-01', [prepared], off))).toEqual(['ParcelShipped']);
  });

  it.each<[string, string, readonly ShipmentEvent[], string]>([
    ['without a first scan', '2010-12-07', [shipped()], 'not-scanned-too-long'],
    ['that has not moved', '2010-12-18', [shipped(), scan('departed', '2010-12-02')], 'stale'],
    ['with a problem', '2010-12-07', [shipped(), scan('exception', '2010-12-06')], 'problem'],
    ['untracked for too long', '2011-01-21', [shipped(null)], 'untracked-too-long'],
  ])('opens the tracking of a parcel %s', (_, day, history, finding) => {
    const events = check(day, ...history);
    expect(types(events)).toEqual(['TrackingOpened', 'ParcelsChecked']);
    expect(events[0]?.data).toMatchObject({ finding });
  });

  it('opens nothing while the parcels are followed, nor for what is on its way', () => {
    const [opened] = check('2010-12-07', shipped());
    expect(types(check('2010-12-09', shipped(), ...(opened ? [opened] : [])))).toEqual(['ParcelsChecked']);
    expect(types(check('2010-12-04', shipped()))).toEqual(['ParcelsChecked']);
  });

  it('asks nobody again about what was settled, until another scan comes', () => {
    const problem = [shipped(), scan('exception', '2010-12-06')];
    const opened = check('2010-12-07', ...problem);
    const settled = [...problem, ...opened, closed];
    expect(nextLook(check('2010-12-09', ...settled))).toBe('over');
    expect(types(check('2010-12-09', ...settled, scan('exception', '2010-12-08')))).toEqual(['TrackingOpened', 'ParcelsChecked']);
  });

  it('goes on for a parcel that left with one that is lost or delivered', () => {
    const two = [shipped(), shipped('RM2GB'), scan('departed', '2010-12-02', 'RM2GB')];
    expect(nextLook(check('2010-12-03', ...two, lost()))).toBe(noon('2010-12-17'));
    expect(nextLook(check('2010-12-03', ...two, delivered()))).toBe(noon('2010-12-17'));
    expect(nextLook(check('2010-12-03', ...two, lost(), delivered('RM2GB')))).toBe('over');
  });
});

describe('a lost parcel is remembered (LOG-06)', () => {
  const ask = { type: 'OpenTracking', requestId: 'r-1', cancelled: false, promisedDispatchBy: noon('2010-12-02') } as const;
  const isFound = (...history: readonly ShipmentEvent[]) => {
    const [event] = decided(ask, '2010-12-19', [prepared, ...history]);
    return event?.type === 'TrackingOpened' ? (event.data.lost ? 'lost' : event.data.finding) : undefined;
  };
  const exception = { type: 'RecordScan', trackingNumber: 'RM1GB', scan: 'exception', at: noon('2010-12-18') } as const;

  it('nobody is asked about it again when another scan comes', () => {
    expect(types(decided(exception, '2010-12-18', [prepared, shipped()]))).toEqual(['ParcelScanned', 'TrackingOpened']);
    expect(types(decided(exception, '2010-12-18', [prepared, shipped(), lost()]))).toEqual(['ParcelScanned']);
  });

  it('who asks where it is hears that it is lost, until it is delivered', () => {
    expect(isFound(shipped(), scan('departed', '2010-12-02'), lost())).toBe('lost');
    expect(isFound(shipped(), lost(), delivered())).toBe('delivered');
    expect(isFound(shipped(), delivered(), lost())).toBe('lost');
  });

  it('another parcel of the order is found as before', () => {
    expect(isFound(shipped(), shipped('RM2GB'), lost(), scan('departed', '2010-12-18', 'RM2GB'))).toBe('on-its-way');
  });

  it('an untracked one is that of the look', () => {
    const opened = check('2011-01-21', shipped(null));
    expect(nextLook(check('2011-01-23', shipped(null), ...opened, lost(null), closed))).toBe('over');
    expect(isFound(shipped(null), ...opened, lost(null), closed)).toBe('lost');
  });
});
