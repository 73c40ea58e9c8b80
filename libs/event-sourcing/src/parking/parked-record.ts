import { deriveId, type FieldError, type Instant, toStorable } from '@orderloom/kernel';
import { attributeOf, type Headers, type IncomingRecord } from '@orderloom/messaging';

/** A record that waits for a redrive: one that failed (`parked`), or one behind it with the same key (`queued`); without its content. */
export interface ParkedEntry {
  readonly id: string;
  readonly group: string;
  /** Id of the queue, derived from group, topic and key; a record without a key has its own queue. */
  readonly queue: string;
  /** Position in the queue, from 1. */
  readonly slot: number;
  readonly state: 'parked' | 'queued' | 'dismissed';
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly type?: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
  /** Bytes of the record's value and headers. */
  readonly size: number;
  /** Sixteen bits of a checksum of the content: enough to tell most records apart, too few to guess what they hold. */
  readonly checksum?: number;
  readonly parkedAt: Instant;
  readonly dismissed?: { readonly reason: string; readonly by: string; readonly at: Instant };
}

/** The content of a parked record. It has a table of its own, so that queues are listed without reading it. */
export interface ParkedContent {
  readonly headers: Headers;
  /** Base64; null for a tombstone. */
  readonly value: string | null;
  /** The value as text, if it is valid UTF-8. */
  readonly text?: string;
  readonly timestamp?: number;
}

export interface ParkedRecord extends ParkedEntry {
  readonly record: ParkedContent;
}

/** Number of repeats of a parked record by its sender. Repeats are counted and not kept. */
export interface Repeats {
  readonly count: number;
  readonly last: { readonly partition: number; readonly offset: string; readonly at: Instant };
}

/** A parked record in a list, which leaves out large content. */
export interface ListedRecord extends ParkedEntry {
  readonly repeats?: Repeats;
  readonly record?: ParkedContent;
}

/**
 * Marks the end of a queue behind its last record, or replaces a record that was redriven. Later records of the key are processed normally.
 */
interface QueueEnd {
  readonly id: string;
  readonly group: string;
  readonly queue: string;
  readonly slot: number;
  readonly state: 'ended';
}

export type Slot = ParkedEntry | QueueEnd;

/** Seals clear text in parked records. */
export interface RecordSealing {
  /** Returns `record` in the form in which it may be stored. */
  sealRecord(record: IncomingRecord): Promise<IncomingRecord>;
  /** Returns the original of a sealed record. Throws a `Refusal` if its key was destroyed. */
  unsealRecord(record: IncomingRecord): Promise<IncomingRecord>;
}

/** Reason why a record was not handled. */
export interface Failure {
  readonly reason: string;
  readonly errors: readonly FieldError[];
  /** True if the record is invalid; false if the consumer failed. */
  readonly ofRecord?: boolean;
}

const mostErrors = 50;
const mostErrorText = 500;
const mostReason = 4000;

/** `failure` in a form that can be stored and published. Errors repeat what a record holds, which may be long. */
export const boundedFailure = ({ reason, errors, ...rest }: Failure): Failure => ({
  ...rest,
  reason: bounded(reason, mostReason),
  errors: errors.slice(0, mostErrors).map(({ field, message }) => ({ field: bounded(field), message: bounded(message) })),
});

const bounded = (text: string, most = mostErrorText): string => toStorable(text.length > most ? `${text.slice(0, most)}…` : text);

/** Records with a key share a queue. One without a key has its own, which it shares with records of the same source and id. */
export function queueOf(group: string, record: IncomingRecord): string {
  const { topic, partition, offset, key } = record;
  if (key !== null && key !== '') return deriveId('queue', group, topic, key);
  const [source, id] = [attributeOf(record, 'source'), attributeOf(record, 'id')];
  if (source === undefined || id === undefined) return deriveId('queue', group, topic, partition, offset);
  return deriveId('queue without key', group, topic, source, id);
}

/** Groups `records` by queue, in their order. */
export function byQueue(group: string, records: readonly IncomingRecord[]): ReadonlyMap<string, readonly IncomingRecord[]> {
  const queues = new Map<string, IncomingRecord[]>();
  for (const record of records) {
    const queue = queueOf(group, record);
    const before = queues.get(queue);
    if (before) before.push(record);
    else queues.set(queue, [record]);
  }
  return queues;
}

/** Key of a slot's row; text order equals queue order. */
export const slotId = (queue: string, slot: number): string => `${queue}.${String(slot).padStart(9, '0')}`;

/** The stored form of a record's content. Any bytes can be stored. */
export function storedContent({ headers, value, timestamp }: IncomingRecord): ParkedContent {
  const text = value === null ? undefined : textOf(value);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [toStorable(name), toStorable(header)])),
    value: value?.toString('base64') ?? null,
    ...(text !== undefined && { text }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/** Bytes of a record's value and headers. */
export const sizeOf = ({ headers, value }: IncomingRecord): number =>
  Object.entries(headers).reduce((sum, [name, header]) => sum + name.length + header.length, value?.length ?? 0);

/** Rebuilds the record as it was received. */
export const toIncomingRecord = ({ topic, partition, offset, key, record }: ParkedRecord): IncomingRecord => ({
  topic,
  partition,
  offset,
  key,
  headers: record.headers,
  value: record.value === null ? null : Buffer.from(record.value, 'base64'),
  ...(record.timestamp !== undefined && { timestamp: record.timestamp }),
});

function textOf(value: Buffer): string | undefined {
  try {
    return toStorable(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return undefined;
  }
}
