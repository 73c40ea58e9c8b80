import { deriveId, type Instant, Refusal } from '@orderloom/kernel';
import { crc32 } from 'node:zlib';
import type { Meta, RecordedEvent } from '../event.js';
import { storableJson, storableText } from './plain-data.js';
import { type RecordingClock, storableInstant } from './recorded-at.js';
import type { Append, ExpectedVersion, Shard } from '../store.js';

const maxEventBytes = 256 * 1024;

/** A stream as it is before an append; version 0 = no such stream. */
export interface StreamHead {
  readonly version: number;
  readonly lastRecordedAt?: Instant;
}

/** An event that only lacks its place in the global order, with the JSON texts that are stored. */
export interface PlacedEvent {
  readonly event: Omit<RecordedEvent, 'cursor'>;
  readonly dataJson: string;
  readonly objectsJson: string;
}

/** Whether `expected` holds for a stream at `version`. */
export function holds(expected: ExpectedVersion, version: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'none') return version === 0;
  if (expected === 'some') return version > 0;
  return expected === version;
}

/** The id of a stream's event: always the same for the same place, so that a repeated step gives the same bytes. */
export const eventId = (stream: string, version: number): string => deriveId('event', stream, version);

/**
 * Gives the events of a unit their ids, versions and times, and one story: that of its first event where nothing caused it. Throws `Refusal`
 * `event-too-large` above 256 kB, `InvalidInput` for what can't be stored.
 */
export function placeEvents(
  appends: readonly Append[],
  headOf: (stream: string) => StreamHead,
  meta: Meta,
  clock: RecordingClock,
): PlacedEvent[] {
  let story = meta.correlation ?? meta.causation;
  return appends.flatMap((append) => {
    const placed = placeAppend(append, headOf(append.stream), meta, story, clock);
    story ??= placed[0]?.event.id;
    return placed;
  });
}

function placeAppend(append: Append, head: StreamHead, meta: Meta, story: string | undefined, clock: RecordingClock): PlacedEvent[] {
  let lastInStream = head.lastRecordedAt;
  const firstId = eventId(append.stream, head.version + 1);
  const correlation = story ?? firstId;
  return append.events.map((fact, i) => {
    const version = head.version + i + 1;
    const recordedAt = clock.next(lastInStream);
    lastInStream = recordedAt;
    const dataJson = storableJson(fact.data, 'data');
    const objectsJson = fact.objects === undefined ? '[]' : storableJson(fact.objects, 'objects');
    if (Buffer.byteLength(dataJson) + Buffer.byteLength(objectsJson) > maxEventBytes)
      throw new Refusal('event-too-large', `${fact.type} of ${append.stream} is larger than ${maxEventBytes} bytes`);
    const event: { -readonly [K in keyof PlacedEvent['event']]: PlacedEvent['event'][K] } = {
      id: i === 0 ? firstId : eventId(append.stream, version),
      type: storableText(fact.type, 'type'),
      typeVersion: fact.typeVersion ?? 1,
      data: JSON.parse(dataJson) as object,
      stream: append.stream,
      version,
      subject: append.subject,
      objects: fact.objects === undefined ? [] : (JSON.parse(objectsJson) as RecordedEvent['objects']),
      occurredAt: fact.occurredAt === undefined ? recordedAt : storableInstant(fact.occurredAt, 'occurredAt'),
      recordedAt,
      by: meta.by,
      correlation,
    };
    if (fact.rule !== undefined) event.rule = fact.rule;
    if (meta.causation !== undefined) event.causation = meta.causation;
    if (meta.causationSource !== undefined) event.causationSource = meta.causationSource;
    if (meta.trace !== undefined) event.trace = meta.trace;
    if (meta.policyVersion !== undefined) event.policyVersion = meta.policyVersion;
    return { event, dataJson, objectsJson };
  });
}

/** A subject's place among the shards: computed here, so that every store agrees. From 0 to 2^31 - 1. */
export const shardHash = (subject: string): number => crc32(subject) >>> 1;

export const inShard = (subject: string, shard: Shard | undefined): boolean =>
  shard === undefined || shardHash(subject) % shard.of === shard.index;
