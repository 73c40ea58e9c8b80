import { deriveId, type Instant, Refusal } from '@orderloom/kernel';
import { crc32 } from 'node:zlib';
import type { Meta, RecordedEvent } from '../../decider/event.js';
import { storableJson, storableText } from './plain-data.js';
import { type HybridLogicalClock, storableInstant } from './hybrid-logical-clock.js';
import type { Append, ExpectedVersion, Shard } from '../store.js';

const maxEventBytes = 256 * 1024;

/** State of a stream before an append; version 0 means that the stream does not exist. */
export interface StreamHead {
  readonly version: number;
  readonly lastRecordedAt?: Instant;
}

/** An event that lacks only its cursor in the global order, and the JSON texts to store. */
export interface PreparedEvent {
  readonly event: Omit<RecordedEvent, 'cursor'>;
  readonly dataJson: string;
  readonly objectsJson: string;
}

/** Returns whether a stream at `version` satisfies `expected`. */
export function versionMatches(expected: ExpectedVersion, version: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'none') return version === 0;
  if (expected === 'some') return version > 0;
  return expected === version;
}

/** Id of an event, derived from stream and version, so that a repeated step produces the same bytes. */
export const eventId = (stream: string, version: number): string => deriveId('event', stream, version);

/**
 * Assigns ids, versions and recording times to the events of a unit. Without a correlation or causation, the id of the first event becomes
 * the correlation. Throws `Refusal` `event-too-large` above 256 KiB, and `InvalidInput` for data that cannot be stored.
 */
export function prepareEvents(
  appends: readonly Append[],
  headOf: (stream: string) => StreamHead,
  meta: Meta,
  clock: HybridLogicalClock,
): PreparedEvent[] {
  let correlation = meta.correlation ?? meta.causation;
  return appends.flatMap((append) => {
    const placed = prepareAppend(append, headOf(append.stream), meta, correlation, clock);
    correlation ??= placed[0]?.event.id;
    return placed;
  });
}

function prepareAppend(
  append: Append,
  head: StreamHead,
  meta: Meta,
  knownCorrelation: string | undefined,
  clock: HybridLogicalClock,
): PreparedEvent[] {
  let lastInStream = head.lastRecordedAt;
  const firstId = eventId(append.stream, head.version + 1);
  const correlation = knownCorrelation ?? firstId;
  return append.events.map((newEvent, i) => {
    const version = head.version + i + 1;
    const recordedAt = clock.next(lastInStream);
    lastInStream = recordedAt;
    const dataJson = storableJson(newEvent.data, 'data');
    const objectsJson = newEvent.objects === undefined ? '[]' : storableJson(newEvent.objects, 'objects');
    if (Buffer.byteLength(dataJson) + Buffer.byteLength(objectsJson) > maxEventBytes)
      throw new Refusal('event-too-large', `${newEvent.type} of ${append.stream} exceeds the limit of ${maxEventBytes} bytes`);
    const event: { -readonly [K in keyof PreparedEvent['event']]: PreparedEvent['event'][K] } = {
      id: i === 0 ? firstId : eventId(append.stream, version),
      type: storableText(newEvent.type, 'type'),
      typeVersion: newEvent.typeVersion ?? 1,
      data: JSON.parse(dataJson) as object,
      stream: append.stream,
      version,
      subject: append.subject,
      objects: newEvent.objects === undefined ? [] : (JSON.parse(objectsJson) as RecordedEvent['objects']),
      occurredAt: newEvent.occurredAt === undefined ? recordedAt : storableInstant(newEvent.occurredAt, 'occurredAt'),
      recordedAt,
      by: meta.by,
      correlation,
    };
    if (newEvent.rule !== undefined) event.rule = newEvent.rule;
    if (meta.causation !== undefined) event.causation = meta.causation;
    if (meta.causationSource !== undefined) event.causationSource = meta.causationSource;
    if (meta.trace !== undefined) event.trace = meta.trace;
    if (meta.policyVersion !== undefined) event.policyVersion = meta.policyVersion;
    return { event, dataJson, objectsJson };
  });
}

/** Hash of a subject for sharding, from 0 to 2^31 - 1. It is computed here, so that every store agrees. */
export const shardHash = (subject: string): number => crc32(subject) >>> 1;

export const inShard = (subject: string, shard: Shard | undefined): boolean =>
  shard === undefined || shardHash(subject) % shard.of === shard.index;
