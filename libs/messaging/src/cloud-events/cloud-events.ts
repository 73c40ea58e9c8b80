import { type FieldError, InvalidInput, instant } from '@orderloom/kernel';
import { Attributes, isReadable } from './attributes.js';
import type { CloudEvent } from './cloud-event.js';
import { parseJson } from './json.js';
import type { Headers, IncomingRecord } from '../log.js';

const structuredType = 'application/cloudevents+json';
const maxMillis = Date.UTC(9999, 11, 31);

/** Encodes `event` as headers and value in Kafka's binary content mode; undefined attributes are omitted. */
export function encode(event: CloudEvent): { headers: Headers; value: Buffer } {
  // Listing the members is several times faster than building the object from computed names.
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
    ...(event.policyVersion !== undefined && { ce_policyversion: event.policyVersion }),
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

/**
 * Decodes a record in binary or structured content mode. Throws `InvalidInput` with one entry per invalid field (`ce_type`,
 * `value.lines.0.sku`).
 */
export function decode(record: IncomingRecord): CloudEvent {
  const { attributes, data } = isStructured(record) ? decodeStructured(record) : decodeBinary(record);
  const fallbackTime = attributes.has('time') ? undefined : timestampOf(record);
  attributes.expect('specversion', '1.0');
  attributes.require('id', 'source', 'type', ...(fallbackTime === undefined ? ['time'] : []));
  const event: CloudEvent = {
    id: attributes.text('id') ?? '',
    source: attributes.text('source') ?? '',
    type: attributes.text('type') ?? '',
    typeVersion: attributes.count('typeversion') ?? 1,
    subject: attributes.text('subject') ?? record.key ?? '',
    time: attributes.time('time') ?? fallbackTime ?? '',
    data,
    recordedAt: attributes.time('recordedat'),
    by: attributes.text('by'),
    rule: attributes.text('rule'),
    policyVersion: attributes.text('policyversion'),
    causation: attributes.text('causation'),
    causationSource: attributes.text('causationsource'),
    correlation: attributes.text('correlation'),
    traceparent: attributes.text('traceparent'),
    flow: attributes.text('flow'),
    stream: attributes.text('stream'),
    streamVersion: attributes.count('streamversion'),
    writtenAt: record.timestamp,
  };
  const errors = [...keyErrors(record), ...attributes.errors, ...nameErrors(event, isStructured(record) ? 'value.' : 'ce_')];
  if (errors.length > 0) throw new InvalidInput(errors);
  return event;
}

/** Source and id together identify a message; a longer name exceeds an index key. */
function nameErrors({ source, id }: CloudEvent, prefix: string): FieldError[] {
  if (source.length + id.length < maxNameLength) return [];
  const longer = id.length > source.length ? 'id' : 'source';
  return [{ field: prefix + longer, message: `is too long: source and id together must have less than ${maxNameLength} characters` }];
}

const maxNameLength = 500;

/** Type of a record, which may be invalid otherwise; undefined if it has none. In binary mode the payload is not read. */
export const typeOf = (record: IncomingRecord): string | undefined => attributeOf(record, 'type');

/** An attribute of a record (`id`, `source`, `replaces`), which may be invalid otherwise; undefined if it is missing. */
export function attributeOf(record: IncomingRecord, name: string): string | undefined {
  if (!isStructured(record)) return header(record, `ce_${name}`);
  const value = parsedObject(record.value)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The unvalidated data of a record; undefined if the value is not JSON. */
export function claimedData(record: IncomingRecord): unknown {
  const value = parsedObject(record.value);
  return isStructured(record) ? value?.['data'] : value;
}

function parsedObject(value: Buffer | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(value?.toString() ?? '');
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function decodeBinary(record: IncomingRecord): { attributes: Attributes; data: unknown } {
  const contentType = header(record, 'content-type') ?? 'application/json';
  if (/^application\/cloudevents-batch/i.test(contentType))
    refuse('content-type', 'must not be a batch of events: send each event as a record of its own');
  if (!/^application\/(?!cloudevents)([\w.-]+\+)?json\s*(;|$)/i.test(contentType))
    refuse('content-type', 'must be application/json or a +json type');
  const values: Record<string, unknown> = { traceparent: record.headers['traceparent'] };
  for (const headerName in record.headers) {
    const name = headerName.startsWith('ce_') ? headerName : headerName.toLowerCase();
    if (name.startsWith('ce_')) values[name.slice(3).toLowerCase()] = record.headers[headerName];
    else if (name === 'traceparent') values[name] ??= record.headers[headerName];
  }
  return { attributes: new Attributes(values, 'ce_'), data: parseJson(requirePayload(record)) };
}

function decodeStructured(record: IncomingRecord): { attributes: Attributes; data: unknown } {
  const event = parseJson(requirePayload(record));
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return refuse('value', 'must be a JSON object with one event');
  const values: Record<string, unknown> = { traceparent: header(record, 'traceparent'), ...event };
  if ('data_base64' in values) return refuse('value.data_base64', 'is not supported: send JSON in data');
  return { attributes: new Attributes(values, 'value.'), data: values['data'] };
}

const isStructured = (record: IncomingRecord): boolean =>
  header(record, 'content-type')?.split(';')[0]?.trim().toLowerCase() === structuredType;

/** Header names in Kafka are case-sensitive; lookups here are not. */
function header({ headers }: IncomingRecord, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

const requirePayload = (record: IncomingRecord): Buffer => record.value ?? refuse('value', 'is required: a tombstone holds no event');

function keyErrors({ key }: IncomingRecord): InvalidInput['errors'] {
  if (key === null || key === '') return [{ field: 'key', message: 'is required: it orders the records of a subject' }];
  return isReadable(key) ? [] : [{ field: 'key', message: 'must be UTF-8 without NUL' }];
}

/** CloudEvents allow events without `time`; the record's timestamp is used then. */
const timestampOf = ({ timestamp }: IncomingRecord): string | undefined =>
  timestamp !== undefined && timestamp >= 0 && timestamp < maxMillis ? instant(new Date(timestamp)) : undefined;

function refuse(field: string, message: string): never {
  throw new InvalidInput([{ field, message }]);
}
