import { deriveId, type FieldError, type Instant, storableForm } from '@orderloom/kernel';
import type { Headers, IncomingRecord } from '@orderloom/messaging';

/** A record that waits to be redriven: one that can't be handled (`parked`), or one behind it with the same key (`queued`). */
export interface ParkedRecord {
  readonly id: string;
  readonly group: string;
  /** The records of one topic and key; one without a key is alone. */
  readonly queue: string;
  /** Place in its queue, from 1. */
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
    /** The value in base64; null for a tombstone. */
    readonly value: string | null;
    /** The value as text, where it is one. */
    readonly text?: string;
    readonly timestamp?: number;
  };
  readonly parkedAt: Instant;
  readonly dismissed?: { readonly reason: string; readonly by: string; readonly at: Instant };
}

/** In place of a record that was redriven; behind the last one, where the queue ended: later records of its key flow again. */
interface QueueEnd {
  readonly id: string;
  readonly group: string;
  readonly queue: string;
  readonly slot: number;
  readonly state: 'ended';
}

export type Slot = ParkedRecord | QueueEnd;

/** Keeps clear text out of what is parked. */
export interface RecordSealing {
  /** `record` as it may be kept. */
  sealRecord(record: IncomingRecord): Promise<IncomingRecord>;
  /** Of a record that was sealed, what it was. Throws a `Refusal` where nobody can read it any more. */
  unsealRecord(record: IncomingRecord): Promise<IncomingRecord>;
}

/** Why a record can't be handled. */
export interface Failure {
  readonly reason: string;
  readonly errors: readonly FieldError[];
  /** Whether the record is what is wrong, and not the service that reads it. */
  readonly ofRecord?: boolean;
}

export const queueOf = (group: string, { topic, partition, offset, key }: IncomingRecord): string =>
  key === null || key === '' ? deriveId('queue', group, topic, partition, offset) : deriveId('queue', group, topic, key);

/** `records` by their queues, each in its order. */
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

/** Key of a queue's place among the rows; text order is the queue's order. */
export const slotId = (queue: string, slot: number): string => `${queue}.${String(slot).padStart(9, '0')}`;

/** What is kept of a record: whatever its bytes, a database can store it. */
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

/** The record again, as it came. */
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
