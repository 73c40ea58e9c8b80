import { deriveId, type FieldError, type Instant, storableForm } from '@orderloom/kernel';
import type { Headers, IncomingRecord } from '@orderloom/messaging';

/** A record that waits for a redrive: one that failed (`parked`), or one behind it with the same key (`queued`). */
export interface ParkedRecord {
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
  readonly record: {
    readonly headers: Headers;
    /** Base64; null for a tombstone. */
    readonly value: string | null;
    /** The value as text, if it is valid UTF-8. */
    readonly text?: string;
    readonly timestamp?: number;
  };
  readonly parkedAt: Instant;
  readonly dismissed?: { readonly reason: string; readonly by: string; readonly at: Instant };
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

export type Slot = ParkedRecord | QueueEnd;

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

export const queueOf = (group: string, { topic, partition, offset, key }: IncomingRecord): string =>
  key === null || key === '' ? deriveId('queue', group, topic, partition, offset) : deriveId('queue', group, topic, key);

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

/** The stored form of a record. Any bytes can be stored. */
export function kept(record: IncomingRecord, type: string | undefined): Pick<ParkedRecord, 'type' | 'record' | 'key'> {
  const text = record.value === null ? undefined : textOf(record.value);
  return {
    key: record.key === null ? null : storableForm(record.key),
    ...(type !== undefined && { type: storableForm(type) }),
    record: {
      headers: Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [storableForm(name), storableForm(value)])),
      value: record.value?.toString('base64') ?? null,
      ...(text !== undefined && { text }),
      ...(record.timestamp !== undefined && { timestamp: record.timestamp }),
    },
  };
}

/** Rebuilds the record as it was received. */
export const revived = ({ topic, partition, offset, key, record }: ParkedRecord): IncomingRecord => ({
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
    return storableForm(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return undefined;
  }
}
