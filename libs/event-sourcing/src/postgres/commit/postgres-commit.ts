import type { Result, Settled, Written, PreparedUnit, StoreTime, Preconditions } from './types.js';
import type { Instant } from '@orderloom/kernel';
import { crc32 } from 'node:zlib';
import { type OnCauseFromFuture, HybridLogicalClock } from '../../store/recording/hybrid-logical-clock.js';
import { type PreparedEvent, prepareEvents } from '../../store/recording/prepare-events.js';
import type { ValidatedUnit } from './validated-unit.js';
import { eventsCte, headsCte } from './event-ctes.js';
import { isUniqueViolation, prepared, type Queryable } from '../sql.js';
import { locking, type Cte, type CteResults, type RefusedOutcome, runCtes } from './cte.js';
import {
  checkpointCtes,
  clearingCtes,
  clockCte,
  commandsCte,
  deadlinesCte,
  inboxCte,
  rowCtes,
  storeTime,
  switchOverCtes,
  withdrawalsCte,
} from './unit-ctes.js';

/** Begins a transaction and locks the appended streams, in one global order and before any write (decision record: global order). */
export function beginLocked(client: Queryable, units: readonly ValidatedUnit[]): Promise<unknown> {
  const keys = lockKeys(units);
  const begun = client.query({ text: 'begin' });
  return keys.length === 0 ? begun : Promise.all([begun, client.query(prepared(locking('$1'), [keys]))]);
}

function lockKeys(units: readonly ValidatedUnit[]): number[] {
  const names = units.flatMap(({ unit }) => (unit.appends ?? []).map((a) => a.stream));
  return [...new Set(names.map(lockKey))].sort((a, b) => a - b);
}

/** Key of a stream's advisory lock. Streams with the same key only wait for each other. */
export const lockKey = (name: string): number => crc32(name);

/** Writes planned for units whose preconditions are known, and the results of units that need no write. */
export interface Plan {
  readonly settled: Map<ValidatedUnit, Result>;
  readonly toWrite: readonly PreparedUnit[];
  readonly transaction: string;
  /** The predicted store time; undefined where it was read. */
  readonly predictedTime?: Instant;
}

export function plan(units: readonly ValidatedUnit[], seen: Preconditions, onClockJump?: OnCauseFromFuture): Plan {
  const settled = new Map<ValidatedUnit, Result>();
  const toWrite: PreparedUnit[] = [];
  units.forEach((unit) => {
    const refused = seen.refused(unit);
    if (refused) settled.set(unit, { outcome: refused });
    else
      try {
        toWrite.push({ unit, events: prepareUnit(unit, seen, onClockJump) });
      } catch (error) {
        settled.set(unit, { error });
      }
  });
  return { settled, toWrite, transaction: seen.transaction, ...(seen.predicted && { predictedTime: seen.now }) };
}

/**
 * Sends all planned statements at once, for a COMMIT to follow. If the database refuses one of them, the promise rejects (`isRefusedUnit`,
 * or a unique violation) and nothing is written.
 */
export function sendAll(client: Queryable, { toWrite }: Plan): readonly Promise<CteResults<ValidatedUnit>>[] {
  const statements = [clearingCtes(toWrite.map(({ unit }) => unit)), writingParts(toWrite)];
  return statements.map((parts) => (parts.length > 0 ? runCtes(client, parts, { strict: true }) : Promise.resolve(emptyResult)));
}

/** Sends a predicted plan as one statement, which is one transaction. Such a plan contains no statement that must run before the others. */
export function sendPredicted(
  client: Queryable,
  units: readonly ValidatedUnit[],
  { toWrite, predictedTime = '' }: Plan,
): Promise<CteResults<ValidatedUnit>> {
  return runCtes(client, [clockCte(predictedTime), ...writingParts(toWrite)], {
    strict: true,
    locks: lockKeys(units),
    isAlone: units.length === 1,
  });
}

const emptyResult: CteResults<ValidatedUnit> = { refused: new Map(), keys: [] };

/** Outcomes of a plan that was written completely by `transaction`. `positions` are those of its events, in any order. */
export function resultsOf({ settled, toWrite }: Plan, positions: readonly string[], transaction: string): Settled {
  return new Map([...settled, ...committed(toWrite, positions, transaction)]);
}

/** Outcomes of a plan, from the result of the last statement of `sendAll`. */
export const resultsFrom = (planned: Plan, { keys: touched, transaction = planned.transaction }: CteResults<ValidatedUnit>): Settled =>
  resultsOf(planned, planned.toWrite.some(({ events }) => events.length > 0) ? (touched.at(-1) ?? []) : [], transaction);

/** The store's time from the same result; undefined where it was not predicted. */
export const timeOf = ({ predictedTime }: Plan, { keys: touched }: CteResults<ValidatedUnit>): StoreTime | undefined =>
  predictedTime === undefined || touched[0]?.[0] === undefined ? undefined : storeTime(touched[0][0]);

/**
 * Writes the plan in the open transaction of `client` and determines which units are refused. The caller looks up a conflict's `actual` and
 * a duplicate's stored response.
 */
export async function writePlan(client: Queryable, planned: Plan): Promise<Written> {
  const { settled, toWrite } = planned;
  if (toWrite.length === 0) return { settled, toCommit: false };
  const cleared = await run(client, clearingCtes(toWrite.map(({ unit }) => unit)), toWrite);
  if (cleared.refused.size > 0) return { settled: mergeRefused(settled, cleared.refused), toCommit: false };
  const written = await run(client, writingParts(toWrite), toWrite);
  if (written.refused.size > 0) return { settled: mergeRefused(settled, written.refused), toCommit: false };
  return { settled: resultsFrom(planned, written), toCommit: true };
}

function writingParts(toWrite: readonly PreparedUnit[]): Cte<ValidatedUnit>[] {
  const units = toWrite.map(({ unit }) => unit);
  const appended = toWrite.flatMap(({ unit, events }) => events.map((event) => ({ unit, event })));
  return [
    // Cancellations come first, like firings: a unit must lock the deadline before it takes locks that the other unit waits for.
    ...withdrawalsCte(units),
    ...inboxCte(units),
    ...commandsCte(units),
    ...headsCte(appended, units.length === 1),
    ...rowCtes(units),
    ...deadlinesCte(units),
    ...checkpointCtes(units),
    ...switchOverCtes(units),
    // The last part: its keys are the positions.
    ...eventsCte(appended.map(({ event }) => event)),
  ];
}

/**
 * Runs `parts`. A unique violation on the events is a conflict with a concurrent append; it can be attributed only if the plan has one
 * unit.
 */
async function run(
  client: Queryable,
  parts: readonly Cte<ValidatedUnit>[],
  toWrite: readonly PreparedUnit[],
): Promise<CteResults<ValidatedUnit>> {
  if (parts.length === 0) return emptyResult;
  try {
    return await runCtes(client, parts);
  } catch (error) {
    const [only] = toWrite;
    const stream = only?.unit.unit.appends?.[0]?.stream;
    if (!only || toWrite.length > 1 || stream === undefined || !isUniqueViolation(error)) throw error;
    return { refused: new Map([[only.unit, { status: 'conflict', stream, actual: 0 }]]), keys: [] };
  }
}

const mergeRefused = (
  settled: ReadonlyMap<ValidatedUnit, Result>,
  refused: ReadonlyMap<ValidatedUnit, RefusedOutcome>,
): Map<ValidatedUnit, Result> =>
  new Map([...settled, ...[...refused].map(([unit, outcome]): [ValidatedUnit, Result] => [unit, { outcome }])]);

function committed(toWrite: readonly PreparedUnit[], positions: readonly string[], transaction: string): [ValidatedUnit, Result][] {
  const inOrder = positions.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  let next = 0;
  return toWrite.map(({ unit, events: own }) => {
    // The plan owns the prepared events, so they may be mutated.
    const events = own.map(({ event }) => Object.assign(event, { cursor: { transaction, position: inOrder[next++] ?? '' } }));
    return [unit, { outcome: { status: 'committed', events } }];
  });
}

function prepareUnit(
  { unit: { appends = [], meta } }: ValidatedUnit,
  { now, heads }: Preconditions,
  onClockJump?: OnCauseFromFuture,
): PreparedEvent[] {
  if (appends.length === 0) return [];
  const clock = new HybridLogicalClock(now, meta.causedAt, onClockJump);
  return prepareEvents(appends, (stream) => heads.get(stream) ?? { version: 0 }, meta, clock);
}
