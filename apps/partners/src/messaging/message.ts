import type { IHeaders } from 'kafkajs';
import type { LogRecord, OutgoingRecord } from './transport.js';

/** A CloudEvents 1.0 message of a partner. `id` is derived, never random, so that a repeated send is a duplicate. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: object;
  /** ISO 8601; the time of sending by default. */
  readonly time?: string;
  /** True if the message has no effect that partners could observe. */
  readonly hasNoEffect?: boolean;
}

/** A message received by partners. */
export interface IncomingMessage {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  /** Id of the message that caused it. */
  readonly causation?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The record of a message in Kafka's binary mode. Throws `RangeError` for a key or id that the log would reject. */
export function encode({ key, id, source, type, data }: OutgoingMessage, time: string): Omit<OutgoingRecord, 'topic'> {
  for (const text of [key, id])
    if (!isText(text))
      throw new RangeError(`invalid key or id ${JSON.stringify(text)} of ${type}: expected text without NUL and unpaired surrogates`);
  return {
    key,
    value: JSON.stringify(data),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: `/partners/${source}`,
      ce_type: type,
      ce_subject: key,
      ce_time: time,
      'content-type': 'application/json',
    },
  };
}

/** Postgres stores neither NUL nor unpaired surrogates. */
const isText = (text: unknown): boolean => typeof text === 'string' && !/[\0\p{Cs}]/u.test(text);

/**
 * Decodes a record; undefined unless it is a message with a JSON object. `ce_time` is optional in CloudEvents: without it, the time is that
 * of the record, or `now` at the latest.
 */
export function decode(topic: string, taken: LogRecord, now: Date): IncomingMessage | undefined {
  const { key, value } = taken;
  const headers = taken.headers ?? {};
  const type = header(headers, 'ce_type');
  const data = value === null ? undefined : objectIn(value.toString());
  if (type === '' || data === undefined) return undefined;
  const id = header(headers, 'ce_id');
  const time = statedTime(taken) ?? new Date(Math.min(writtenAt(taken) ?? Infinity, now.getTime())).toISOString();
  return { topic, key: key?.toString() ?? '', id, type, time, causation: causationOf(taken), data };
}

/** Id of the message that caused this one; empty if there is none. */
export const causationOf = ({ headers }: LogRecord): string => header(headers ?? {}, 'ce_causation');

/** Time stated in the message; undefined without a valid ISO 8601 time. */
export function statedTime({ headers }: LogRecord): string | undefined {
  const time = header(headers ?? {}, 'ce_time');
  return /^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time)) ? time : undefined;
}

/** Milliseconds since 1970; Kafka uses -1 for an unknown time. */
function writtenAt({ timestamp, written_at }: LogRecord): number | undefined {
  const at = written_at?.getTime() ?? Number(timestamp ?? -1);
  return at >= 0 ? at : undefined;
}

function objectIn(json: string): IncomingMessage['data'] | undefined {
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === 'object' && data !== null ? (data as IncomingMessage['data']) : undefined;
  } catch {
    return undefined;
  }
}

const header = (headers: IHeaders, name: string): string => headers[name]?.toString() ?? '';
