import { InvalidInput, instant } from '@orderloom/kernel';
import { Attributes, isReadable } from './attributes.js';
import type { CloudEvent } from './cloud-event.js';
import { parseJson } from './json.js';
import type { Headers, IncomingRecord } from './log.js';

const structuredType = 'application/cloudevents+json';
const lastMillis = Date.UTC(9999, 11, 31);

/** Headers and value of `event` in Kafka binary mode; attributes that are undefined are left out. */
export function encode(event: CloudEvent): { headers: Headers; value: Buffer } {
  // member by member: an object that is grown from computed names is several times slower to make, and to read
  const headers: Headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_typeversion: String(event.typeVersion),
    ce_subject: event.subject,
    ce_time: event.time,
    ...(event.recordedAt !== undefined && { ce_recordedat: event.recordedAt }),
    ...(event.by !== undefined && { ce_by: event.by }),
    ...(event.rule !== undefined && { ce_rule: event.rule }),
    ...(event.causation !== undefined && { ce_causation: event.causation }),
    ...(event.causationSource !== undefined && { ce_causationsource: event.causationSource }),
    ...(event.correlation !== undefined && { ce_correlation: event.correlation }),
    ...(event.traceparent !== undefined && { ce_traceparent: event.traceparent }),
    ...(event.flow !== undefined && { ce_flow: event.flow }),
    ...(event.stream !== undefined && { ce_stream: event.stream }),
    ...(event.streamVersion !== undefined && { ce_streamversion: String(event.streamVersion) }),
  };
  return { headers, value: Buffer.from(JSON.stringify(event.data ?? null)) };
}

/** The event of a record in binary or structured mode; `InvalidInput` names each field that is wrong (`ce_type`, `value.lines.0.sku`). */
export function decode(record: IncomingRecord): CloudEvent {
  const { attributes, data } = isStructured(record) ? structured(record) : binary(record);
  const occurred = attributes.has('time') ? undefined : stamp(record);
  attributes.expect('specversion', '1.0');
  attributes.require('id', 'source', 'type', ...(occurred === undefined ? ['time'] : []));
  const event: CloudEvent = {
    id: attributes.text('id') ?? '',
    source: attributes.text('source') ?? '',
    type: attributes.text('type') ?? '',
    typeVersion: attributes.count('typeversion') ?? 1,
    subject: attributes.text('subject') ?? record.key ?? '',
    time: attributes.time('time') ?? occurred ?? '',
    data,
    recordedAt: attributes.time('recordedat'),
    by: attributes.text('by'),
    rule: attributes.text('rule'),
    causation: attributes.text('causation'),
    causationSource: attributes.text('causationsource'),
    correlation: attributes.text('correlation'),
    traceparent: attributes.text('traceparent'),
    flow: attributes.text('flow'),
    stream: attributes.text('stream'),
    streamVersion: attributes.count('streamversion'),
    writtenAt: record.timestamp,
  };
  const errors = [...keyErrors(record), ...attributes.errors];
  if (errors.length > 0) throw new InvalidInput(errors);
  return event;
}

/** The type that a record claims, without a look at its payload in binary mode; undefined where it claims none. */
export const typeOf = (record: IncomingRecord): string | undefined => attributeOf(record, 'type');

/** An attribute as a record claims it (`id`, `source`, `replaces`), whatever else is wrong with the record; undefined where it claims none. */
export function attributeOf(record: IncomingRecord, name: string): string | undefined {
  if (!isStructured(record)) return header(record, `ce_${name}`);
  const value = objectIn(record.value)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The data that a record claims, unchecked; undefined where it holds no JSON. */
export function claimedData(record: IncomingRecord): unknown {
  const value = objectIn(record.value);
  return isStructured(record) ? value?.['data'] : value;
}

function objectIn(value: Buffer | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(value?.toString() ?? '');
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function binary(record: IncomingRecord): { attributes: Attributes; data: unknown } {
  const contentType = header(record, 'content-type') ?? 'application/json';
  if (/^application\/cloudevents-batch/i.test(contentType))
    refuse('content-type', 'is a batch of events, and a record of Kafka holds one: send each as a record of its own');
  if (!/^application\/(?!cloudevents)([\w.-]+\+)?json\s*(;|$)/i.test(contentType)) refuse('content-type', 'must be JSON');
  const values: Record<string, unknown> = { traceparent: record.headers['traceparent'] };
  for (const given in record.headers) {
    const name = given.startsWith('ce_') ? given : given.toLowerCase();
    if (name.startsWith('ce_')) values[name.slice(3).toLowerCase()] = record.headers[given];
    else if (name === 'traceparent') values[name] ??= record.headers[given];
  }
  return { attributes: new Attributes(values, 'ce_'), data: parseJson(payload(record)) };
}

function structured(record: IncomingRecord): { attributes: Attributes; data: unknown } {
  const event = parseJson(payload(record));
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return refuse('value', 'must be an object: one event');
  const values: Record<string, unknown> = { traceparent: header(record, 'traceparent'), ...event };
  if ('data_base64' in values) return refuse('value.data_base64', 'must be JSON in data');
  return { attributes: new Attributes(values, 'value.'), data: values['data'] };
}

const isStructured = (record: IncomingRecord): boolean =>
  header(record, 'content-type')?.split(';')[0]?.trim().toLowerCase() === structuredType;

/** Kafka's names are case-sensitive, people's are not. */
function header({ headers }: IncomingRecord, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

const payload = (record: IncomingRecord): Buffer => record.value ?? refuse('value', 'is required: a tombstone says nothing');

function keyErrors({ key }: IncomingRecord): InvalidInput['errors'] {
  if (key === null || key === '')
    return [{ field: 'key', message: 'is required: a record without one has no place in its subject’s order' }];
  return isReadable(key) ? [] : [{ field: 'key', message: 'must be UTF-8 without NUL' }];
}

/** CloudEvents need no `time`; the log's own stamp stands in. */
const stamp = ({ timestamp }: IncomingRecord): string | undefined =>
  timestamp !== undefined && timestamp >= 0 && timestamp < lastMillis ? instant(new Date(timestamp)) : undefined;

function refuse(field: string, message: string): never {
  throw new InvalidInput([{ field, message }]);
}
