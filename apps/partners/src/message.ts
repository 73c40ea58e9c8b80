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

/** The record of a message in Kafka binary mode. */
export const record = ({ key, id, source, type, data }: Saying, time: string): Omit<Outgoing, 'topic'> => ({
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
});

/** What a record says; undefined for what is no message with an object in it. */
export function heard(topic: string, { key, headers = {}, value }: LogRecord): Heard | undefined {
  const type = header(headers, 'ce_type');
  const data = value === null ? undefined : objectIn(value.toString());
  if (type === '' || data === undefined) return undefined;
  const [id, time, causation] = ['ce_id', 'ce_time', 'ce_causation'].map((name) => header(headers, name)) as [string, string, string];
  return { topic, key: key?.toString() ?? '', id, type, time, causation, data };
}

/** Id of the message that caused this one; empty where it names none. */
export const causationOf = (headers: IHeaders = {}): string => header(headers, 'ce_causation');

function objectIn(json: string): Heard['data'] | undefined {
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === 'object' && data !== null ? (data as Heard['data']) : undefined;
  } catch {
    return undefined;
  }
}

const header = (headers: IHeaders, name: string): string => headers[name]?.toString() ?? '';
