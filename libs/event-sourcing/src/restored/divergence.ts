import { isStorable } from '@orderloom/kernel';
import type { IncomingRecord, Log } from '@orderloom/messaging';
import { fromTimestamp } from '../postgres/sql.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import { type GivenUp, GivenUpRecords } from './given-up.js';
import { readThrough } from './read-through.js';

/** How far back the last record of a source is looked for, where others wrote on its topic. */
const looksBack = 100;

/** A record that a topic has of a service whose store does not know it. */
export interface Unknown {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly by: string;
  /** Whether what caused it is on the log, or comes by itself: the service will come to something like it again. */
  readonly again: boolean;
}

/**
 * A record of `source` on its own `topics` that the store does not know: the store is older than what the service has said. Looks at
 * the last one of each partition, and where that is known, all before it is.
 */
export async function divergence(store: PostgresStore, log: Log, source: string, topics: readonly string[]): Promise<Unknown | undefined> {
  const givenUp = await GivenUpRecords.of(store);
  const last = new Map<string, IncomingRecord>();
  const take = (records: readonly IncomingRecord[]): void => {
    for (const record of records) if (record.headers['ce_source'] === source) last.set(`${record.topic}/${record.partition}`, record);
  };
  await readThrough(log, topics, take, looksBack);
  const [unknown] = await unknownOf(
    store,
    [...last.values()].filter((record) => !givenUp.has(record)),
  );
  return unknown && describe(unknown, new Set());
}

/** All records of `source` on `topics` that the store does not know and that were not given up; and what there is to give up. */
export async function divergences(
  store: PostgresStore,
  log: Log,
  source: string,
  topics: readonly string[],
): Promise<{ readonly unknown: readonly Unknown[]; readonly given: readonly GivenUp[] }> {
  const givenUp = await GivenUpRecords.of(store);
  const ids = new Set<string>();
  const found: IncomingRecord[] = [];
  await readThrough(log, topics, async (records) => {
    for (const { headers } of records) for (const name of namesOf(headers)) ids.add(name);
    const own = records.filter((record) => record.headers['ce_source'] === source && !givenUp.has(record));
    found.push(...(await unknownOf(store, own)));
  });
  const ends = await log.bounds(topics);
  const first = new Map<string, GivenUp>();
  for (const { topic, partition, offset } of found) {
    const place = `${topic}/${partition}`;
    // what it says again once it runs comes after the end
    if (!first.has(place)) first.set(place, { source, topic, partition, from: Number(offset), to: ends[place]?.next ?? 0 });
  }
  return { unknown: found.map((record) => describe(record, ids)), given: [...first.values()] };
}

/** An id is the same for the same place in a stream, so what was recorded there anew has another time. */
async function unknownOf(store: PostgresStore, records: readonly IncomingRecord[]): Promise<readonly IncomingRecord[]> {
  if (records.length === 0) return [];
  const places = records.map(placeOf);
  const { rows } = await store.pool.query<{ id: string; at: string }>(
    `select id::text, recorded_at as at from unnest($1::text[], $2::int[]) as place (stream, version) cross join lateral
       (select id, recorded_at from events where events.stream = place.stream and events.version = place.version limit 1) as there`,
    [places.map(({ stream }) => stream), places.map(({ version }) => version)],
  );
  const known = new Map(rows.map(({ id, at }) => [id, fromTimestamp(at)]));
  return records.filter((record) => {
    const at = known.get(eventOf(record));
    return at === undefined || (record.headers['ce_recordedat'] ?? at) !== at;
  });
}

/** In its stream, as the relay says it; nowhere for what no relay of ours has written. */
function placeOf({ headers: { ce_stream: stream = '', ce_streamversion: version = '' } }: IncomingRecord): {
  stream: string;
  version: number;
} {
  return isStorable(stream) && /^[1-9]\d{0,8}$/.test(version) ? { stream, version: Number(version) } : { stream: '', version: 0 };
}

const eventOf = ({ headers }: IncomingRecord): string => headers['ce_id']?.split('.')[0] ?? '';

/** Whoever names a cause may leave out its source. */
const namesOf = ({ ce_source: source = '', ce_id: id = '' }: IncomingRecord['headers']): string[] => [id, nameOf(source, id)];
const nameOf = (source: string, id: string): string => JSON.stringify([source, id]);

function describe({ topic, partition, offset, key, headers }: IncomingRecord, onLog: ReadonlySet<string>): Unknown {
  const {
    ce_id: id = '',
    ce_type: type = '',
    ce_time: time = '',
    ce_by: by = '',
    ce_causation: causation = '',
    ce_causationsource: causeSource,
  } = headers;
  const again =
    onLog.has(causeSource === undefined ? causation : nameOf(causeSource, causation)) || by === 'clock' || by.startsWith('flow:');
  return { topic, partition, offset: Number(offset), id, type, subject: headers['ce_subject'] ?? key ?? '', time, by, again };
}
