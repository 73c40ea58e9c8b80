import { isStorable } from '@orderloom/kernel';
import { type IncomingRecord, type Log, topicPartitionId } from '@orderloom/messaging';
import { fromTimestamp } from '../postgres/sql.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import { type DiscardedRange, DiscardedRanges } from './discarded-ranges.js';
import { scanTopics } from './scan-topics.js';

/** Maximum number of offsets read backwards per partition, since other sources may write to the topic too. */
const maxOffsetsBack = 100;

/** A record of a service on a topic that the service's own store does not contain. */
export interface UnknownRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly by: string;
  /** True if the cause is on the log or is a timer or flow: the service will probably repeat the action. */
  readonly again: boolean;
}

/**
 * Finds a record of `source` on its own `topics` that the store does not contain: the store was restored to an older state. Checks only the
 * last record of each partition, since all earlier ones precede it.
 */
export async function divergence(
  store: PostgresStore,
  log: Log,
  source: string,
  topics: readonly string[],
): Promise<UnknownRecord | undefined> {
  const givenUp = await DiscardedRanges.of(store);
  const last = new Map<string, IncomingRecord>();
  const collectLast = (records: readonly IncomingRecord[]): void => {
    for (const record of records) if (record.headers['ce_source'] === source) last.set(topicPartitionId(record), record);
  };
  await scanTopics(log, topics, collectLast, maxOffsetsBack);
  const [unknownRecord] = await selectUnknown(
    store,
    [...last.values()].filter((record) => !givenUp.has(record)),
  );
  return unknownRecord && describe(unknownRecord, new Set());
}

/**
 * Returns all records of `source` on `topics` that the store does not contain and that are not discarded, and the offset ranges to discard.
 */
export async function divergences(
  store: PostgresStore,
  log: Log,
  source: string,
  topics: readonly string[],
): Promise<{ readonly unknown: readonly UnknownRecord[]; readonly given: readonly DiscardedRange[] }> {
  const givenUp = await DiscardedRanges.of(store);
  const messageIds = new Set<string>();
  const unknownRecords: IncomingRecord[] = [];
  await scanTopics(log, topics, async (records) => {
    for (const { headers } of records) for (const name of causeKeysOf(headers)) messageIds.add(name);
    const own = records.filter((record) => record.headers['ce_source'] === source && !givenUp.has(record));
    unknownRecords.push(...(await selectUnknown(store, own)));
  });
  const ends = await log.bounds(topics);
  const first = new Map<string, DiscardedRange>();
  for (const { topic, partition, offset } of unknownRecords) {
    const topicPartition = topicPartitionId({ topic, partition });
    // Records that the service publishes after its restart have offsets beyond the end.
    if (!first.has(topicPartition))
      first.set(topicPartition, { source, topic, partition, from: Number(offset), to: ends[topicPartition]?.next ?? 0 });
  }
  return { unknown: unknownRecords.map((record) => describe(record, messageIds)), given: [...first.values()] };
}

/**
 * Selects the records that the store does not contain. Event ids derive from stream and version, so an event that was recorded again is
 * recognised by its time.
 */
async function selectUnknown(store: PostgresStore, records: readonly IncomingRecord[]): Promise<readonly IncomingRecord[]> {
  if (records.length === 0) return [];
  const positions = records.map(streamPositionOf);
  const { rows } = await store.pool.query<{ id: string; at: string }>(
    `select id::text, recorded_at as at from unnest($1::text[], $2::int[]) as place (stream, version) cross join lateral
       (select id, recorded_at from events where events.stream = place.stream and events.version = place.version limit 1) as there`,
    [positions.map(({ stream }) => stream), positions.map(({ version }) => version)],
  );
  const known = new Map(rows.map(({ id, at }) => [id, fromTimestamp(at)]));
  return records.filter((record) => {
    const at = known.get(eventIdOf(record));
    return at === undefined || (record.headers['ce_recordedat'] ?? at) !== at;
  });
}

/** Stream and version from the relay's headers; an empty stream for records that no relay has written. */
function streamPositionOf({ headers: { ce_stream: stream = '', ce_streamversion: version = '' } }: IncomingRecord): {
  stream: string;
  version: number;
} {
  return isStorable(stream) && /^[1-9]\d{0,8}$/.test(version) ? { stream, version: Number(version) } : { stream: '', version: 0 };
}

const eventIdOf = ({ headers }: IncomingRecord): string => headers['ce_id']?.split('.')[0] ?? '';

/** Keys under which a cause may be referenced: causation ids occur with and without their source. */
const causeKeysOf = ({ ce_source: source = '', ce_id: id = '' }: IncomingRecord['headers']): string[] => [id, causeKey(source, id)];
const causeKey = (source: string, id: string): string => JSON.stringify([source, id]);

function describe({ topic, partition, offset, key, headers }: IncomingRecord, knownCauses: ReadonlySet<string>): UnknownRecord {
  const {
    ce_id: id = '',
    ce_type: type = '',
    ce_time: time = '',
    ce_by: by = '',
    ce_causation: causation = '',
    ce_causationsource: causeSource,
  } = headers;
  const again =
    knownCauses.has(causeSource === undefined ? causation : causeKey(causeSource, causation)) || by === 'clock' || by.startsWith('flow:');
  return { topic, partition, offset: Number(offset), id, type, subject: headers['ce_subject'] ?? key ?? '', time, by, again };
}
