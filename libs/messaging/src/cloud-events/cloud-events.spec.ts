import { InvalidInput } from '@orderloom/kernel';
import type { CloudEvent } from './cloud-event.js';
import { decode, encode, typeOf } from './cloud-events.js';
import type { Headers, IncomingRecord } from '../log.js';

const event: CloudEvent = {
  id: 'e-1',
  source: 'orderloom/order',
  type: 'OrderPlaced',
  typeVersion: 2,
  subject: '536365',
  time: '2010-12-01T08:26:00.000000Z',
  data: { lines: [{ sku: '85123A', name: 'Größe 小' }] },
  recordedAt: '2010-12-01T08:26:00.000123Z',
  by: 'storefront',
  rule: 'ORD-01',
  causation: 'c-1',
  correlation: 's-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  flow: 'cancel-1',
  stream: 'order-536365',
  streamVersion: 3,
};

const required: Headers = { ce_specversion: '1.0', ce_id: 'e-1', ce_source: 'shop', ce_type: 'OrderPlaced' };
const at = { ce_time: '2010-12-01T08:26:00Z' };

const recordWith = (change: Partial<IncomingRecord> = {}): IncomingRecord => ({
  topic: 't',
  partition: 0,
  offset: '0',
  key: '536365',
  headers: { ...required, ...at },
  value: Buffer.from('{}'),
  ...change,
});
const binary = (headers: Headers, value = '{}'): IncomingRecord =>
  recordWith({ headers: { ...required, ...at, ...headers }, value: Buffer.from(value) });
const without = (name: string): IncomingRecord =>
  recordWith({ headers: Object.fromEntries(Object.entries({ ...required, ...at }).filter(([n]) => n !== name)) });
const structured = (change: object, contentType = 'application/cloudevents+json; charset=UTF-8'): IncomingRecord =>
  recordWith({
    headers: { 'content-type': contentType },
    value: Buffer.from(
      JSON.stringify({ specversion: '1.0', id: 'e-1', source: 'shop', type: 'OrderPlaced', time: at.ce_time, data: { n: 1 }, ...change }),
    ),
  });

function fieldsRefused(record: IncomingRecord): readonly string[] {
  try {
    decode(record);
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors.map((e) => e.field);
    throw error;
  }
  return [];
}

describe('the encoding of an event', () => {
  it('it is in binary mode: attributes as lower-case headers, only the payload as value', () => {
    const { headers, value } = encode(event);
    expect(headers).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: 'e-1',
      ce_source: 'orderloom/order',
      ce_type: 'OrderPlaced',
      ce_typeversion: '2',
      ce_subject: '536365',
      ce_time: '2010-12-01T08:26:00.000000Z',
      ce_recordedat: '2010-12-01T08:26:00.000123Z',
      ce_by: 'storefront',
      ce_rule: 'ORD-01',
      ce_causation: 'c-1',
      ce_correlation: 's-1',
      ce_traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ce_flow: 'cancel-1',
      ce_stream: 'order-536365',
      ce_streamversion: '3',
    });
    expect(JSON.parse(value.toString())).toEqual({ lines: [{ sku: '85123A', name: 'Größe 小' }] });
  });

  it('absent attributes are left out', () => {
    const { id, source, type, typeVersion, subject, time, data } = event;
    const { headers } = encode({ id, source, type, typeVersion, subject, time, data });
    expect(Object.keys(headers).sort()).toEqual(
      ['content-type', 'ce_id', 'ce_source', 'ce_specversion', 'ce_subject', 'ce_time', 'ce_type', 'ce_typeversion'].sort(),
    );
  });

  it('decoding restores the event', () => {
    expect(decode(recordWith({ key: 'another', ...encode(event) }))).toEqual(event);
  });
});

describe('the decoding of a record', () => {
  it('the minimum is CloudEvents 1.0 with the key as subject', () => {
    expect(decode(recordWith())).toMatchObject({
      id: 'e-1',
      typeVersion: 1,
      subject: '536365',
      time: '2010-12-01T08:26:00.000000Z',
      data: {},
    });
  });

  it('structured mode, extensions and version numbers are accepted', () => {
    const record = structured({ subject: 'x', typeversion: 2, streamversion: 7, recordedat: '2010-12-01T10:26:00.5+02:00', flow: 'f' });
    expect(decode(record)).toMatchObject({
      type: 'OrderPlaced',
      subject: 'x',
      typeVersion: 2,
      streamVersion: 7,
      recordedAt: '2010-12-01T08:26:00.500000Z',
      flow: 'f',
      data: { n: 1 },
    });
  });

  it('header names in any case and a bare traceparent are accepted', () => {
    const headers = {
      CE_SpecVersion: '1.0',
      ce_ID: 'e',
      CE_source: 's',
      Ce_type: 'T',
      ce_time: at.ce_time,
      'Content-Type': 'application/json',
      traceparent: '00-x',
    };
    expect(decode(recordWith({ headers }))).toMatchObject({ id: 'e', source: 's', type: 'T', traceparent: '00-x' });
  });

  it('the time of the log replaces an absent time', () => {
    expect(decode({ ...without('ce_time'), timestamp: 1291191960000 }).time).toBe('2010-12-01T08:26:00.000000Z');
  });

  it('the time at which the log received it is kept', () => {
    expect(decode({ ...recordWith(), timestamp: 1291191960001 }).writtenAt).toBe(1291191960001);
  });

  it.each<[string, IncomingRecord, readonly string[]]>([
    ['no specversion', without('ce_specversion'), ['ce_specversion']],
    ['another specversion', binary({ ce_specversion: '0.3' }), ['ce_specversion']],
    ['no id', without('ce_id'), ['ce_id']],
    ['an empty id', binary({ ce_id: '' }), ['ce_id']],
    ['an id beyond an index key', binary({ ce_id: 'i'.repeat(500) }), ['ce_id']],
    ['a source beyond an index key', binary({ ce_source: '/s'.repeat(300) }), ['ce_source']],
    ['structured: an id beyond an index key', structured({ id: 'i'.repeat(500) }), ['value.id']],
    ['a blank source', binary({ ce_source: '  ' }), ['ce_source']],
    ['no type', without('ce_type'), ['ce_type']],
    ['no time, and none from the log', without('ce_time'), ['ce_time']],
    ['no time, and a nonsensical one from the log', { ...without('ce_time'), timestamp: -1 }, ['ce_time']],
    ['no time, and one from the log past every calendar', { ...without('ce_time'), timestamp: 9e17 }, ['ce_time']],
    ['several at once', recordWith({ headers: {} }), ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time']],
    ['an id that was no UTF-8', binary({ ce_id: 'e\uFFFD' }), ['ce_id']],
    ['NUL in an attribute', binary({ ce_by: 'a\0b' }), ['ce_by']],
    ['typeversion 0', binary({ ce_typeversion: '0' }), ['ce_typeversion']],
    ['typeversion 1.5', binary({ ce_typeversion: '1.5' }), ['ce_typeversion']],
    ['typeversion in words', binary({ ce_typeversion: 'two' }), ['ce_typeversion']],
    ['typeversion past every integer', binary({ ce_typeversion: '9'.repeat(30) }), ['ce_typeversion']],
    ['a negative stream version', binary({ ce_streamversion: '-1' }), ['ce_streamversion']],
    ['a time without zone', binary({ ce_time: '2010-12-01T08:26:00' }), ['ce_time']],
    ['a date alone', binary({ ce_time: '2010-12-01' }), ['ce_time']],
    ['a day that does not exist', binary({ ce_time: '2010-02-30T08:26:00Z' }), ['ce_time']],
    ['an hour that does not exist', binary({ ce_time: '2010-02-03T25:26:00Z' }), ['ce_time']],
    ...['2010-02-30T08:26:00', '2010-13-03T08:26:00', '2010-02-03T25:26:00', '2010-02-03T08:61:00', '0000-02-03T08:26:00'].map(
      (time): [string, IncomingRecord, string[]] => [`${time} with microseconds`, binary({ ce_time: `${time}.000000Z` }), ['ce_time']],
    ),
    ['the year 0', binary({ ce_time: '0000-02-03T08:26:00Z' }), ['ce_time']],
    ['a zone that leads past the year 9999', binary({ ce_time: '9999-12-31T23:59:59-12:00' }), ['ce_time']],
    ['recordedat in words', binary({ ce_recordedat: 'yesterday' }), ['ce_recordedat']],
    ['XML', binary({ 'content-type': 'application/xml' }), ['content-type']],
    ['a batch of events', binary({ 'content-type': 'application/cloudevents-batch+json' }, '[]'), ['content-type']],
    ['no key', recordWith({ key: null }), ['key']],
    ['an empty key', recordWith({ key: '' }), ['key']],
    ['NUL in the key', recordWith({ key: 'a\0' }), ['key']],
    ['a tombstone', recordWith({ value: null }), ['value']],
    ['an empty value', binary({}, ''), ['value']],
    ['broken JSON', binary({}, '{"a":'), ['value']],
    ['invalid UTF-8', recordWith({ value: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }), ['value']],
    ['NUL in a text', binary({}, '{"lines":[{"sku":"a\\u0000"}]}'), ['value.lines.0.sku']],
    ['a lone surrogate', binary({}, '{"name":"\\ud800"}'), ['value.name']],
    ['NUL in a name', binary({}, '{"a":{"b\\u0000":1}}'), ['value.a']],
    ['a number past every double', binary({}, '{"amount":1e999}'), ['value.amount']],
    ['one with a sign and a capital E', binary({}, '{"amount":1E+400}'), ['value.amount']],
    ['one of four hundred digits', binary({}, `{"amount":${'9'.repeat(400)}}`), ['value.amount']],
    ['65 objects in each other', binary({}, '{"a":'.repeat(65) + '1' + '}'.repeat(65)), ['value']],
    ['65 lists in each other', binary({}, '['.repeat(65) + '1' + ']'.repeat(65)), ['value']],
    ['nesting without end', binary({}, '['.repeat(200_000) + ']'.repeat(200_000)), ['value']],
    ['structured: no id', structured({ id: undefined }), ['value.id']],
    ['structured: a number for the source', structured({ source: 7 }), ['value.source']],
    ['structured: another specversion', structured({ specversion: 1 }), ['value.specversion']],
    ['structured: NUL inside data', structured({ data: { sku: '\0' } }), ['value.data.sku']],
    ['structured: bytes', structured({ data_base64: 'AA==' }), ['value.data_base64']],
    [
      'structured: no object',
      recordWith({ headers: { 'content-type': 'application/cloudevents+json' }, value: Buffer.from('[1]') }),
      ['value'],
    ],
  ])('%s is refused by its attribute', (_, record, fields) => {
    expect(fieldsRefused(record)).toEqual(fields);
  });

  it.each<[string, string]>([
    ['64 objects in each other', '{"a":'.repeat(64) + '1' + '}'.repeat(64)],
    ['as many beside each other as there are', `[${Array.from({ length: 100 }, () => '{"a":[1.5e3]}').join(',')}]`],
  ])('%s is kept', (_, text) => {
    expect(decode(binary({}, text)).data).toEqual(JSON.parse(text));
  });

  it('the leap day is kept to the microsecond', () => {
    expect(decode(binary({ ce_time: '2012-02-29T23:59:59.999999Z' })).time).toBe('2012-02-29T23:59:59.999999Z');
  });

  it.each<[string, Headers]>([
    ['its attribute', { traceparent: 'bare', ce_traceparent: 'attribute' }],
    ['its attribute, said first', { ce_traceparent: 'attribute', traceparent: 'bare' }],
  ])('the trace is taken from %s', (_, headers) => {
    expect(decode(recordWith({ headers: { ...headers, ...required, ...at } })).traceparent).toBe('attribute');
  });

  it('the standard name of the trace header takes precedence', () => {
    expect(decode(binary({ Traceparent: 'other', traceparent: 'standard' })).traceparent).toBe('standard');
  });

  it('surrogate pairs and an escaped backslash before u0000 are kept', () => {
    expect(decode(binary({}, '{"a":"\\ud83d\\ude00","b":"\\\\u0000"}')).data).toEqual({ a: '😀', b: '\\u0000' });
  });
});

describe('the type of a record', () => {
  it('it is known whatever the payload', () => {
    expect(typeOf(binary({ ce_type: 'Other' }, 'no JSON'))).toBe('Other');
    expect(typeOf(recordWith({ value: null }))).toBe('OrderPlaced');
    expect(typeOf(structured({ type: 'Other' }))).toBe('Other');
  });

  it('it is undefined if the record has none', () => {
    expect(typeOf(without('ce_type'))).toBeUndefined();
    expect(typeOf(structured({ type: 7 }))).toBeUndefined();
    const broken = { headers: { 'content-type': 'application/cloudevents+json' }, value: Buffer.from('{') };
    expect(typeOf(recordWith(broken))).toBeUndefined();
    expect(typeOf(recordWith({ ...broken, value: Buffer.from('null') }))).toBeUndefined();
  });
});
