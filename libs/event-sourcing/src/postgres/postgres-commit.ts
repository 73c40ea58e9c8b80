import type { Instant } from '@orderloom/kernel';
import { crc32 } from 'node:zlib';
import { type OnClockJump, RecordingClock } from '../recording/recorded-at.js';
import { type PlacedEvent, placeEvents } from '../recording/recording.js';
import type { Outcome } from '../store.js';
import type { CheckedUnit } from './checked-unit.js';
import { eventsPart, headsPart } from './event-parts.js';
import type { StoreTime } from './known.js';
import type { Seen } from './look.js';
import { isUniqueViolation, prepared, type Queryable } from './sql.js';
import { locking, type Part, type PartsResult, type Refused, runParts } from './sql-parts.js';
import {
  type By,
  checkpointParts,
  clearingParts,
  clockPart,
  commandsPart,
  deadlinesPart,
  inboxPart,
  rowParts,
  storeTime,
  switchParts,
  withdrawalsPart,
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

/** Begins a transaction and locks the streams that `units` append to, in one order for all and before any write (decision 2). */
export function beginLocked(client: Queryable, units: readonly CheckedUnit[]): Promise<unknown> {
  const keys = lockKeys(units);
  const begun = client.query({ text: 'begin' });
  return keys.length === 0 ? begun : Promise.all([begun, client.query(prepared(locking('$1'), [keys]))]);
}

function lockKeys(units: readonly CheckedUnit[]): number[] {
  const names = units.flatMap(({ unit }) => (unit.appends ?? []).map((a) => a.stream));
  return [...new Set(names.map(lockKey))].sort((a, b) => a - b);
}

/** Of the advisory lock of a stream; two that share one wait for each other, no more. */
export const lockKey = (name: string): number => crc32(name);

/** What is to be written of units that were looked for, and what is settled without. */
export interface Plan {
  readonly settled: Map<CheckedUnit, Result>;
  readonly open: readonly PlacedUnit[];
  readonly transaction: string;
  /** The store's time that was guessed; undefined where it was read. */
  readonly guessed?: Instant;
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
  return { settled, open, transaction: seen.transaction, ...(seen.guessed && { guessed: seen.now }) };
}

/**
 * Sends all that is planned, at once: it is written and COMMIT follows, unless the database refuses a part of it. Then it throws, and
 * nothing was written (`isRefusedUnit`, or what a key says).
 */
export function sendAll(client: Queryable, { open }: Plan): readonly Promise<PartsResult<By>>[] {
  const statements = [clearingParts(open.map(({ unit }) => unit)), writingParts(open)];
  return statements.map((parts) => (parts.length > 0 ? runParts(client, parts, { strict: true }) : Promise.resolve(nothing)));
}

/** Sends the whole transaction of what is planned by a guess, one statement: nothing that must be gone first is guessed (`Known.guess`). */
export function sendGuessed(client: Queryable, units: readonly CheckedUnit[], { open, guessed = '' }: Plan): Promise<PartsResult<By>> {
  return runParts(client, [clockPart(guessed), ...writingParts(open)], {
    strict: true,
    locks: lockKeys(units),
    isAlone: units.length === 1,
  });
}

const nothing: PartsResult<By> = { refused: new Map(), touched: [] };

/** The outcomes of a plan that was written as it was, by which `transaction`; `positions` of its events, in any order. */
export function writtenOf({ settled, open }: Plan, positions: readonly string[], transaction: string): Settled {
  return new Map([...settled, ...committed(open, positions, transaction)]);
}

/** The outcomes of a plan, from what the last of `sendAll` resolved to. */
export const sentOf = (planned: Plan, { touched, transaction = planned.transaction }: PartsResult<By>): Settled =>
  writtenOf(planned, planned.open.some(({ placed }) => placed.length > 0) ? (touched.at(-1) ?? []) : [], transaction);

/** The store's time, where it was guessed, from the same. */
export const timeOf = ({ guessed }: Plan, { touched }: PartsResult<By>): StoreTime | undefined =>
  guessed === undefined || touched[0]?.[0] === undefined ? undefined : storeTime(touched[0][0]);

/** Writes what is planned in the transaction that is open on `client`, and finds out who is refused. A conflict's `actual` and a duplicate's answer are for the caller to look up. */
export async function writePlan(client: Queryable, planned: Plan): Promise<Written> {
  const { settled, open } = planned;
  if (open.length === 0) return { settled, toCommit: false };
  const cleared = await run(client, clearingParts(open.map(({ unit }) => unit)), open);
  if (cleared.refused.size > 0) return { settled: join(settled, cleared.refused), toCommit: false };
  const written = await run(client, writingParts(open), open);
  if (written.refused.size > 0) return { settled: join(settled, written.refused), toCommit: false };
  return { settled: sentOf(planned, written), toCommit: true };
}

function writingParts(open: readonly PlacedUnit[]): Part<By>[] {
  const units = open.map(({ unit }) => unit);
  const placed = open.flatMap(({ unit, placed: events }) => events.map((event) => ({ unit, event })));
  return [
    // first, as what fires: units that do the one or the other to a deadline wait for it before they hold what the other waits for
    ...withdrawalsPart(units),
    ...inboxPart(units),
    ...commandsPart(units),
    ...headsPart(placed, units.length === 1),
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
    // what was placed is this plan's own
    const events = placed.map(({ event }) => Object.assign(event, { cursor: { transaction, position: inOrder[next++] ?? '' } }));
    return [unit, { outcome: { status: 'committed', events } }];
  });
}

function place({ unit: { appends = [], meta } }: CheckedUnit, { now, heads }: Seen, onClockJump?: OnClockJump): PlacedEvent[] {
  if (appends.length === 0) return [];
  const clock = new RecordingClock(now, meta.causedAt, onClockJump);
  return placeEvents(appends, (stream) => heads.get(stream) ?? { version: 0 }, meta, clock);
}
