import { createHash } from 'node:crypto';
import { type OnClockJump, RecordingClock } from '../recording/recorded-at.js';
import { eventId, type PlacedEvent, placeEvents, type StreamHead } from '../recording/recording.js';
import type { Outcome } from '../store.js';
import type { CheckedUnit } from './checked-unit.js';
import type { Seen } from './look.js';
import { isUniqueViolation, type Queryable } from './sql.js';
import { type Part, type PartsResult, type Refused, runParts } from './sql-parts.js';
import {
  type By,
  checkpointParts,
  clearingParts,
  commandsPart,
  deadlinesPart,
  eventsPart,
  headsPart,
  inboxPart,
  rowParts,
  switchParts,
} from './unit-parts.js';

/** What became of one unit: its outcome, or why it can't be stored. */
export type Result = { readonly outcome: Outcome } | { readonly error: unknown };
export type Settled = ReadonlyMap<CheckedUnit, Result>;

/** What units came to inside their open transaction. */
export interface Written {
  /** Units that are not here have to be written again, without those that are. */
  readonly settled: Settled;
  /** Whether the transaction is to be committed, so that what is settled holds; else it must be rolled back. */
  readonly toCommit: boolean;
}

interface PlacedUnit {
  readonly unit: CheckedUnit;
  readonly placed: readonly PlacedEvent[];
}

/** SQL that begins a transaction and locks the streams that `units` append to, in one order for all and before any write (decision 2). */
export function beginLocked(units: readonly CheckedUnit[]): string {
  const names = units.flatMap(({ unit }) => (unit.appends ?? []).map((a) => a.stream));
  const keys = [...new Set(names.map(lockKey))].sort((a, b) => (a < b ? -1 : 1));
  return keys.length === 0 ? 'begin' : `begin; select pg_advisory_xact_lock(key) from unnest('{${keys.join(',')}}'::bigint[]) as key`;
}

const lockKey = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE();

/** What is to be written of units that were looked for, and what is settled without. */
export interface Plan {
  readonly settled: Map<CheckedUnit, Result>;
  readonly open: readonly PlacedUnit[];
  readonly transaction: string;
}

export function plan(units: readonly CheckedUnit[], seen: Seen, onClockJump?: OnClockJump): Plan {
  const settled = new Map<CheckedUnit, Result>();
  const open: PlacedUnit[] = [];
  units.forEach((unit) => {
    const refused = seen.refused(unit);
    if (refused) settled.set(unit, { outcome: refused });
    else
      try {
        open.push({ unit, placed: place(unit, seen, onClockJump) });
      } catch (error) {
        settled.set(unit, { error });
      }
  });
  return { settled, open, transaction: seen.transaction };
}

/**
 * Sends all that is planned, at once: it is written and COMMIT follows, unless the database refuses a part of it. Then it throws, and
 * nothing was written (`isRefusedUnit`, or what a key says).
 */
export function sendAll(client: Queryable, { open }: Plan): readonly Promise<PartsResult<By>>[] {
  const statements = [clearingParts(open.map(({ unit }) => unit)), writingParts(open)];
  return statements.map((parts) => (parts.length > 0 ? runParts(client, parts, true) : Promise.resolve(nothing)));
}

const nothing: PartsResult<By> = { refused: new Map(), touched: [] };

/** The outcomes of a plan that was written as it was; `positions` of its events, in any order. */
export function writtenOf({ settled, open, transaction }: Plan, positions: readonly string[]): Settled {
  return new Map([...settled, ...committed(open, positions, transaction)]);
}

/** The positions among what `sendAll` resolved to. */
export const positionsOf = ({ open }: Plan, written: PartsResult<By>): readonly string[] =>
  open.some(({ placed }) => placed.length > 0) ? (written.touched.at(-1) ?? []) : [];

/** Writes what is planned in the transaction that is open on `client`, and finds out who is refused. A conflict's `actual` and a duplicate's answer are for the caller to look up. */
export async function writePlan(client: Queryable, planned: Plan): Promise<Written> {
  const { settled, open } = planned;
  if (open.length === 0) return { settled, toCommit: false };
  const cleared = await run(client, clearingParts(open.map(({ unit }) => unit)), open);
  if (cleared.refused.size > 0) return { settled: join(settled, cleared.refused), toCommit: false };
  const written = await run(client, writingParts(open), open);
  if (written.refused.size > 0) return { settled: join(settled, written.refused), toCommit: false };
  return { settled: writtenOf(planned, positionsOf(planned, written)), toCommit: true };
}

function writingParts(open: readonly PlacedUnit[]): Part<By>[] {
  const units = open.map(({ unit }) => unit);
  const placed = open.flatMap(({ unit, placed: events }) => events.map((event) => ({ unit, event })));
  return [
    ...inboxPart(units),
    ...commandsPart(units),
    ...headsPart(placed),
    ...rowParts(units),
    ...deadlinesPart(units),
    ...checkpointParts(units),
    ...switchParts(units),
    // the last one: its keys are the positions
    ...eventsPart(placed.map(({ event }) => event)),
  ];
}

/** A stream that another transaction has appended to in between breaks the events' key: a conflict, where it is told whose. */
async function run(client: Queryable, parts: readonly Part<By>[], open: readonly PlacedUnit[]): Promise<PartsResult<By>> {
  if (parts.length === 0) return nothing;
  try {
    return await runParts(client, parts);
  } catch (error) {
    const [only] = open;
    const stream = only?.unit.unit.appends?.[0]?.stream;
    if (!only || open.length > 1 || stream === undefined || !isUniqueViolation(error)) throw error;
    return { refused: new Map([[only.unit, { status: 'conflict', stream, actual: 0 }]]), touched: [] };
  }
}

const join = (settled: ReadonlyMap<CheckedUnit, Result>, refused: ReadonlyMap<CheckedUnit, Refused>): Map<CheckedUnit, Result> =>
  new Map([...settled, ...[...refused].map(([unit, outcome]): [CheckedUnit, Result] => [unit, { outcome }])]);

function committed(open: readonly PlacedUnit[], positions: readonly string[], transaction: string): [CheckedUnit, Result][] {
  const inOrder = positions.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  let next = 0;
  return open.map(({ unit, placed }) => {
    const events = placed.map(({ event }) => ({ ...event, cursor: { transaction, position: inOrder[next++] ?? '' } }));
    return [unit, { outcome: { status: 'committed', events } }];
  });
}

function place({ unit: { appends = [], meta } }: CheckedUnit, { now, heads }: Seen, onClockJump?: OnClockJump): PlacedEvent[] {
  if (appends.length === 0) return [];
  const clock = new RecordingClock(now, meta.causedAt, onClockJump);
  const headOf = (stream: string): StreamHead => heads.get(stream) ?? { version: 0 };
  const first = appends[0];
  const story = first ? eventId(first.stream, headOf(first.stream).version + 1) : '';
  return appends.flatMap((append) => placeEvents(append, headOf(append.stream), meta, story, clock));
}
