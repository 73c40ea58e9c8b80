import type { IncomingRecord } from '@orderloom/messaging';
import { aRecord } from './entry.fixture.js';
import { readRecord } from './entry.js';

const faults: [what: string, change: (record: IncomingRecord) => Partial<IncomingRecord>, reason: string][] = [
  ['no JSON', () => ({ value: Buffer.from('{') }), 'value'],
  ['NUL', () => ({ value: Buffer.from('{"a":"\\u0000"}') }), 'value.a'],
  ['no UTF-8', () => ({ value: Buffer.from([0x22, 0xff, 0x22]) }), 'value'],
  ['a tombstone', () => ({ value: null }), 'value'],
  ['no key', () => ({ key: null }), 'key'],
  ['no envelope', () => ({ headers: {} }), 'ce_'],
  ['a type with NUL', ({ headers }) => ({ headers: { ...headers, ce_type: 'Order\0Placed' } }), 'ce_type'],
];

describe('the reading of a record', () => {
  it('the entry has the attributes of the envelope', () => {
    const record = aRecord(
      'order.events',
      'OrderApproved',
      {},
      { id: 'a', rule: 'ORD-07', by: 'reviewer:wang', causation: 'c', causationSource: '/shop', correlation: 's' },
    );
    expect(readRecord({ ...record, partition: 2, offset: '17' })).toEqual({
      entry: {
        source: 'urn:orderloom:test',
        id: 'a',
        topic: 'orderloom.order.events',
        partition: 2,
        offset: '17',
        subject: '536365',
        orderNumber: '536365',
        type: 'OrderApproved',
        typeVersion: 1,
        rule: 'ORD-07',
        by: 'reviewer:wang',
        occurredAt: '2010-12-01T08:26:00.000000Z',
        recordedAt: '2010-12-01T08:26:00.000000Z',
        causation: 'c',
        causationSource: '/shop',
        correlation: 's',
        flow: null,
        data: { orderNumber: '536365' },
        unreadable: null,
      },
      data: { orderNumber: '536365' },
    });
  });

  it('the order of a scan is that of the label, since the key is the tracking number', () => {
    const { entry } = readRecord(aRecord('courier.scans', 'ParcelScanned', {}, { key: 'RM536365GB', subject: 'RM536365GB' }));
    expect(entry).toMatchObject({ subject: 'RM536365GB', orderNumber: '536365' });
  });

  it.each([
    ['order.events', 'OrderCancelled', 'ORD-13'],
    ['tasks.purchasing', 'TaskAsked', 'ORD-12'],
    ['customer.messages', 'CustomerTold', 'ORD-13'],
  ])('%s %s gets its rule if the envelope names none: %s', (topic, type, rule) => {
    expect(readRecord(aRecord(topic, type)).entry.rule).toBe(rule);
  });

  it.each(faults)('a record with %s is kept as unreadable with its fault, in a form that the database accepts', (_, change, reason) => {
    const record = { ...aRecord('storefront.orders', 'OrderPlaced'), partition: 1, offset: '9' };
    const { entry, data } = readRecord({ ...record, ...change(record) });
    expect(entry).toMatchObject({
      source: 'unreadable',
      id: 'orderloom.storefront.orders/1/9',
      unreadable: expect.stringContaining(reason) as string,
    });
    expect(data).toBeNull();
    expect(JSON.stringify(entry)).not.toContain('\\u0000');
  });

  it.each([
    ['data against its contract', { total: 1 }, {}, 'total: is 1'],
    ['a type that nobody declared', {}, { type: 'OrderMelted' }, 'no contract for OrderMelted'],
    ['a type named like something of JavaScript', {}, { type: 'constructor' }, 'no contract for constructor'],
    ['a version from the future', {}, { typeVersion: 2 }, 'ce_typeversion: is 2'],
  ])('the envelope of a record with %s is kept', (_, change, envelope, reason) => {
    const { entry, data } = readRecord(aRecord('storefront.orders', 'OrderPlaced', change, { id: 'kept', ...envelope }));
    expect(entry).toMatchObject({ id: 'kept', orderNumber: '536365', unreadable: expect.stringContaining(reason) as string });
    expect(data).toBeNull();
  });
});
