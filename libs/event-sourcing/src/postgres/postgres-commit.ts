import { createHash } from 'node:crypto';
import type { Instant } from '@orderloom/kernel';
import { storableJson } from '../recording/plain-data.js';
import { type OnClockJump, RecordingClock } from '../recording/recorded-at.js';
import { eventId, holds, type PlacedEvent, placeEvents, type StreamHead } from '../recording/recording.js';
import { fromTimestamp, isUniqueViolation, prepared, type Queryable, storeNow } from './sql.js';
import { type Refused, runParts } from './sql-parts.js';
import type { Outcome, UnitOfWork } from '../store.js';
import { netDeadlines, netRows } from '../recording/unit-check.js';
import { checkpointParts, clearingParts, commandPart, deadlinesPart, eventsPart, headsPart, inboxPart, rowParts } from './unit-parts.js';

/** What a unit came to inside its open transaction: anything but `committed` must be rolled back. */
export interface Written {
  readonly outcome: Outcome;
  /** Id of the transaction, where it wrote. */
  readonly transaction?: string;
}

/** SQL that begins a transaction and takes the locks of `unit`, in one order for all and before any write (decision 2). */
export function beginLocked(unit: UnitOfWork): string {
  const names = [...(unit.locks ?? []), ...(unit.appends ?? []).map((a) => a.stream)];
  const keys = [...new Set(names.map(lockKey))].sort((a, b) => (a < b ? -1 : 1));
  return ['begin', ...keys.map((key) => `select pg_advisory_xact_lock(${key})`)].join('; ');
}

const lockKey = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE();

/** Writes `unit` in the transaction that is open on `client`. A conflict's `actual` and a duplicate's answer are for the caller to look up. */
export async function writeUnit(client: Queryable, unit: UnitOfWork, onClockJump?: OnClockJump): Promise<Written> {
  const { appends = [], inbox, command, checkpoint } = unit;
  const rows = netRows(unit.rows ?? []);
  const deadlines = netDeadlines(unit.deadlines ?? []);
  const seen = appends.length > 0 || inbox || command ? await look(client, unit) : undefined;
  if (seen?.refused) return { outcome: seen.refused };
  const placed = seen ? place(unit, seen, onClockJump) : [];

  const clearing = clearingParts(deadlines, unit.restart);
  const writing = [
    ...(inbox ? [inboxPart(inbox)] : []),
    ...(command ? [commandPart(command, storableJson(command.body, 'answer'))] : []),
    ...(placed.length > 0 ? [headsPart(placed)] : []),
    ...rowParts(rows),
    ...(deadlines.sets.length > 0 ? [deadlinesPart(deadlines.sets)] : []),
    ...(checkpoint ? checkpointParts(checkpoint) : []),
    ...(placed.length > 0 ? [eventsPart(placed)] : []),
  ];
  try {
    const cleared = clearing.length > 0 ? await runParts(client, clearing) : undefined;
    if (cleared?.refused) return { outcome: cleared.refused };
    if (writing.length === 0) return { outcome: { status: 'committed', events: [] }, transaction: cleared?.transaction };
    const { refused, touched, transaction } = await runParts(client, writing);
    if (refused) return { outcome: refused };
    const positions = placed.length === 0 ? [] : (touched.at(-1) ?? []).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const events = placed.map(({ event }, i) => ({ ...event, cursor: { transaction, position: positions[i] ?? '' } }));
    return { outcome: { status: 'committed', events }, transaction };
  } catch (error) {
    const stream = appends[0]?.stream;
    if (stream !== undefined && isUniqueViolation(error)) return { outcome: { status: 'conflict', stream, actual: 0 } };
    throw error;
  }
}

interface Seen {
  readonly now: Instant;
  readonly heads: ReadonlyMap<string, StreamHead>;
  readonly refused?: Refused;
}

/** The time, the heads of the streams (which are locked), and whether the unit was seen before. */
async function look(client: Queryable, { inbox, command, appends = [] }: UnitOfWork): Promise<Seen> {
  const { rows } = await client.query<{ now: string; seen: boolean; stream: string | null; version: number; recorded_at: string }>(
    prepared(
      `select ${storeNow} as now, stream, version, recorded_at,
         exists (select from inbox where consumer = $1 and message = $2) or exists (select from commands where id = $3) as seen
       from (values (1)) as one left join streams on stream = any($4)`,
      [inbox?.consumer ?? null, inbox?.message ?? null, command?.id ?? null, appends.map((a) => a.stream)],
    ),
  );
  const heads = rows.flatMap(({ stream, version, recorded_at: at }) =>
    stream === null ? [] : [[stream, { version, lastRecordedAt: fromTimestamp(at) }] as const],
  );
  const seen = { now: fromTimestamp(rows[0]?.now ?? ''), heads: new Map<string, StreamHead>(heads) };
  return { ...seen, refused: rows[0]?.seen ? { status: 'duplicate' } : conflict(appends, seen.heads) };
}

function conflict(appends: NonNullable<UnitOfWork['appends']>, heads: Seen['heads']): Refused | undefined {
  const lost = appends.find(({ stream, expected }) => !holds(expected, heads.get(stream)?.version ?? 0));
  return lost && { status: 'conflict', stream: lost.stream, actual: heads.get(lost.stream)?.version ?? 0 };
}

function place({ appends = [], meta }: UnitOfWork, { now, heads }: Seen, onClockJump?: OnClockJump): PlacedEvent[] {
  const clock = new RecordingClock(now, meta.causedAt, onClockJump);
  const headOf = (stream: string): StreamHead => heads.get(stream) ?? { version: 0 };
  const first = appends[0];
  const story = first ? eventId(first.stream, headOf(first.stream).version + 1) : '';
  return appends.flatMap((append) => placeEvents(append, headOf(append.stream), meta, story, clock));
}
