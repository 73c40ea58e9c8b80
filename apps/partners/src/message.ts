import type { IHeaders } from 'kafkajs';
import type { LogRecord, Outgoing } from './line.js';

/** What partners say: one CloudEvents 1.0 message. `id` is derived, never random: saying it again is a duplicate. */
export interface Saying {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: object;
  /** ISO 8601; when it is said where it is left out. */
  readonly time?: string;
  /** Nothing comes of it that partners could hear. */
  readonly inVain?: boolean;
}

/** What partners hear. */
export interface Heard {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  /** Id of the message that caused it. */
  readonly causation?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The record of a message in Kafka binary mode; throws for a key or an id that no log would take. */
export function record({ key, id, source, type, data }: Saying, time: string): Omit<Outgoing, 'topic'> {
  for (const text of [key, id])
    if (!isText(text)) throw new RangeError(`${type}: ${JSON.stringify(text)} is neither key nor id of a record`);
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

/** Postgres keeps neither a zero character nor half a surrogate pair. */
const isText = (text: unknown): boolean => typeof text === 'string' && !/[\0\p{Cs}]/u.test(text);

/**
 * What a record says; undefined for what is no message with an object in it. `ce_time` is optional in CloudEvents: without one, it was
 * said when its record was written, and `now` at the latest.
 */
export function heard(topic: string, taken: LogRecord, now: Date): Heard | undefined {
  const { key, value } = taken;
  const headers = taken.headers ?? {};
  const type = header(headers, 'ce_type');
  const data = value === null ? undefined : objectIn(value.toString());
  if (type === '' || data === undefined) return undefined;
  const id = header(headers, 'ce_id');
  const time = statedTime(taken) ?? new Date(Math.min(writtenAt(taken) ?? Infinity, now.getTime())).toISOString();
  return { topic, key: key?.toString() ?? '', id, type, time, causation: causationOf(taken), data };
}

/** Id of the message that caused this one; empty where it names none. */
export const causationOf = ({ headers }: LogRecord): string => header(headers ?? {}, 'ce_causation');

/** The time that the message states; undefined where it states none of ISO 8601. */
export function statedTime({ headers }: LogRecord): string | undefined {
  const time = header(headers ?? {}, 'ce_time');
  return /^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time)) ? time : undefined;
}

/** Milliseconds since 1970; Kafka says -1 where it does not know. */
function writtenAt({ timestamp, written_at }: LogRecord): number | undefined {
  const at = written_at?.getTime() ?? Number(timestamp ?? -1);
  return at >= 0 ? at : undefined;
}

function objectIn(json: string): Heard['data'] | undefined {
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === 'object' && data !== null ? (data as Heard['data']) : undefined;
  } catch {
    return undefined;
  }
}

const header = (headers: IHeaders, name: string): string => headers[name]?.toString() ?? '';
