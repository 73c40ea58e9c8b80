import { decode } from '@orderloom/messaging';
import { type CourierReport, translate } from './courier-report.js';
import { meaningOf, readStatusTable, statusTableOf } from './status-table.js';

const table = readStatusTable(`
systems:
  acme:
    timeZone: Europe/London
    statuses: { D7: delivered, P1: no-scan }
  zoneless:
    statuses: { D7: delivered }
`);
const report: CourierReport = {
  ...{ system: 'acme', trackingNumber: 'RM1GB', orderNumber: '536365', status: 'D7', at: '2010-12-03T11:00:00Z', place: 'London' },
};
const recordOf = (change: Partial<CourierReport> = {}, by = table) => {
  const { record } = translate({ ...report, ...change }, by);
  return record && decode({ ...record, partition: 0, offset: '0' });
};
const faults = (change: Partial<CourierReport>) => {
  try {
    return translate({ ...report, ...change }, table);
  } catch (error) {
    return (error as { errors: { field: string; message: string }[] }).errors.map(({ field }) => field);
  }
};

describe('a report of a courier (LOG-01)', () => {
  it('with a code of the table is the scan that the table says, on the topic of couriers', () => {
    const { record } = translate(report, table);
    expect(record).toMatchObject({ topic: 'orderloom.courier.scans', key: 'RM1GB' });
    expect(recordOf()).toMatchObject({
      ...{ type: 'ParcelScanned', source: '/courier-port/acme', time: '2010-12-03T11:00:00.000000Z' },
      data: { trackingNumber: 'RM1GB', orderNumber: '536365', scan: 'delivered', at: '2010-12-03T11:00:00.000000Z', place: 'London' },
    });
  });

  it.each(['D8', 'd7', 'delivered', 'constructor'])('with a code that nobody has translated is never guessed: %s', (status) => {
    expect(translate({ ...report, status }, table).meaning).toBe('unknown');
    expect(recordOf({ status })).toMatchObject({ type: 'CourierStatusReported', data: { system: 'acme', status } });
  });

  it('of a system that the table does not have is unknown', () => {
    expect(translate({ ...report, system: 'other' }, table).meaning).toBe('unknown');
  });

  it('with a code that says nothing of a parcel becomes no record', () => {
    expect(translate({ ...report, status: 'P1' }, table)).toEqual({ meaning: 'no-scan', status: 'P1' });
  });

  it('has the same id whenever it is sent, and another one after its code was translated', () => {
    expect(recordOf()?.id).toBe(recordOf({ at: '2010-12-03T12:00:00+01:00' })?.id);
    expect(recordOf()?.id).not.toBe(recordOf({ at: '2010-12-03T11:00:01Z' })?.id);
    const later = readStatusTable('systems: { acme: { statuses: { D8: departed } } }');
    expect(recordOf({ status: 'D8' })?.id).not.toBe(recordOf({ status: 'D8' }, later)?.id);
  });

  it('has a time in the zone of its system where it names none, and is refused where the system has no zone', () => {
    expect(recordOf({ at: '2010-07-01 09:30:00' })?.time).toBe('2010-07-01T08:30:00.000000Z');
    expect(faults({ system: 'zoneless', at: '2010-07-01T09:30:00' })).toEqual(['at']);
    expect(faults({ at: '01/07/2010' })).toEqual(['at']);
  });

  it.each<[string, Partial<CourierReport>, string]>([
    ['no order', { orderNumber: undefined }, 'orderNumber'],
    ['no parcel', { trackingNumber: '' }, 'trackingNumber'],
    ['no status', { status: undefined }, 'status'],
    ['no time', { at: undefined }, 'at'],
    ['no parcel, and a code that says nothing', { trackingNumber: null, status: 'P1' }, 'trackingNumber'],
  ])('with %s is refused by its field', (_, change, field) => expect(faults(change)).toEqual([field]));
});

describe('the table of statuses', () => {
  it('that is shipped reads, and translates the sub-statuses of AfterShip', () => {
    const shipped = statusTableOf('deploy/courier/statuses.yaml');
    expect(meaningOf(shipped, 'aftership', 'InTransit_002')).toBe('first-scan');
    expect(meaningOf(shipped, 'aftership', 'Exception_011')).toBe('returned-to-sender');
    expect(meaningOf(shipped, 'aftership', 'InTransit_003')).toBe('unknown');
  });

  it.each([
    ['systems: { acme: { statuses: { D7: arrived } } }', 'systems.acme.statuses.D7'],
    ['systems: { acme: { timeZone: Mars/Base, statuses: {} } }', 'systems.acme.timeZone'],
    ['systems: { acme: { codes: {} } }', 'systems.acme'],
  ])('with a fault names its field: %s', (yaml, field) => {
    expect(() => readStatusTable(yaml)).toThrow(new RegExp(field.replaceAll('.', String.raw`\.`)));
  });
});
