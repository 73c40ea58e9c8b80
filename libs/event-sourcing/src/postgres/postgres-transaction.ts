import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { OnClockJump } from '../recording/recorded-at.js';
import { StoreUnavailable } from '../store.js';
import type { CheckedUnit } from './checked-unit.js';
import type { Known } from './known.js';
import { look } from './look.js';
import {
  beginLocked,
  type Plan,
  plan,
  type Result,
  sendAll,
  sendGuessed,
  sentOf,
  type Settled,
  timeOf,
  writePlan,
  writtenOf,
} from './postgres-commit.js';
import { atOnce, processOf, together, unavailable, withClient } from './postgres-pool.js';
import { isConnectionError, isInTheFuture, isRefusedUnit, isRetryable, isUniqueViolation } from './sql.js';
import type { PartsResult } from './sql-parts.js';

const maxTries = 5;
const resolveTries = 50;

/** COMMIT was sent and the connection broke: done or not, only the server knows. */
class CommitUnknown extends Error {
  constructor(
    readonly planned: Plan,
    cause: unknown,
    /** Of the server, on whose connection it was sent. */
    readonly process?: number,
  ) {
    super('the connection broke during COMMIT', { cause });
  }
}

/**
 * How units are written: by what is known of their streams, in one round trip; after a look, in two; or step by step, to learn who is
 * refused.
 */
type Way = 'guessing' | 'looking' | 'stepByStep';

/** What commits need: connections, and what is known of what they write to. */
export interface Committing {
  readonly pool: Pool;
  readonly known: Known;
  readonly onClockJump?: OnClockJump;
}

/**
 * Commits `units`, which touch different things, as one transaction; resolves to what became of each, in their order. One that is
 * refused is left out and the others are written again without it. Rejects with `StoreUnavailable`.
 */
export async function commitTogether(by: Committing, units: readonly CheckedUnit[]): Promise<readonly Result[]> {
  const results = new Map<CheckedUnit, Result>();
  for (let open = units; open.length > 0; open = units.filter((unit) => !results.has(unit)))
    for (const [unit, result] of await settle(by, open)) results.set(unit, result);
  by.known.settled(results);
  return units.map((unit) => results.get(unit) as Result);
}

/**
 * Settles one of `units` at least. A guess that was wrong is followed by a look, a lost deadlock is tried again, a COMMIT whose end is
 * unknown is asked for, what the database refuses is written step by step to learn whose it is; what nobody expected makes each try alone.
 */
async function settle(by: Committing, units: readonly CheckedUnit[], first: Way = 'guessing'): Promise<Settled> {
  let way = first;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(by, units, way);
    } catch (error) {
      if (error instanceof CommitUnknown) {
        const found = await (error.planned.guessed === undefined ? foundByNumber(by.pool, error) : foundByEvents(by.pool, error));
        if (found) return found;
      }
      if (error instanceof StoreUnavailable) throw error;
      if (way === 'guessing') {
        by.known.forget(units);
        way = 'looking';
        continue;
      }
      if (way === 'looking' && (isRefusedUnit(error) || isUniqueViolation(error))) {
        way = 'stepByStep';
        continue;
      }
      if (units.length > 1) return eachAlone(by, units);
      const again = error instanceof CommitUnknown || isRetryable(error);
      if (!again || tries === maxTries) return new Map(units.map((unit) => [unit, { error }]));
    }
  }
}

async function eachAlone(by: Committing, units: readonly CheckedUnit[]): Promise<Settled> {
  const settled = new Map<CheckedUnit, Result>();
  for (const unit of units) for (const [one, result] of await settle(by, [unit], 'looking')) settled.set(one, result);
  return settled;
}

function attempt(by: Committing, units: readonly CheckedUnit[], way: Way): Promise<Settled> {
  const guess = way === 'guessing' ? by.known.guess(units) : undefined;
  return guess ? atOneGo(by, units, plan(units, guess, by.onClockJump)) : afterLook(by, units, way === 'stepByStep');
}

/** One round trip of one statement. */
const atOneGo = ({ pool, known }: Committing, units: readonly CheckedUnit[], planned: Plan): Promise<Settled> =>
  planned.open.length === 0
    ? Promise.resolve(planned.settled)
    : withClient(pool, async (client) => {
        try {
          const written = await atOnce(client, () => sendGuessed(client, units, planned));
          const time = timeOf(planned, written);
          if (time) known.time(time);
          return sentOf(planned, written);
        } catch (error) {
          if (isConnectionError(error)) throw new CommitUnknown(planned, error, processOf(client));
          throw error;
        }
      });

/** Two round trips: locks and a look, then the writes and COMMIT. `stepByStep` waits for each answer before it goes on. */
const afterLook = ({ pool, known, onClockJump }: Committing, units: readonly CheckedUnit[], stepByStep: boolean): Promise<Settled> =>
  withClient(pool, async (client) => {
    let planned: Plan | undefined;
    let committing = false;
    try {
      const [, seen] = await together(client, () => [beginLocked(client, units), look(client, units, known)] as const);
      planned = plan(units, seen, onClockJump);
      const written = stepByStep || planned.open.length === 0 ? await writePlan(client, planned) : undefined;
      if (written && !written.toCommit) {
        await client.query('rollback');
        return written.settled;
      }
      committing = true;
      if (written) {
        await client.query('commit');
        return written.settled;
      }
      const sent = planned;
      const [, result] = await together(client, () => [...sendAll(client, sent), client.query('commit')] as const);
      return sentOf(planned, result as PartsResult<CheckedUnit>);
    } catch (error) {
      if (isConnectionError(error)) throw planned && committing ? new CommitUnknown(planned, error) : error;
      await client.query('rollback');
      throw error;
    }
  });

/**
 * The outcomes of a plan whose COMMIT was done and not heard of. Undefined where the events are not the plan's: a server that crashed
 * before the transaction was on disk gives its number to another.
 */
async function foundByNumber(pool: Pool, unknown: CommitUnknown): Promise<Settled | undefined> {
  const { planned } = unknown;
  if (!(await wasCommitted(pool, unknown))) return undefined;
  const text = 'select id, position from events where xid = $1::text::xid8';
  const query = pool.query<{ id: string; position: string }>(text, [planned.transaction]);
  const { rows } = await query.catch((error: unknown) => unavailable(error));
  const mine = new Set(planned.open.flatMap(({ placed }) => placed.map(({ event }) => event.id)));
  if (rows.length !== mine.size || !rows.every(({ id }) => mine.has(id))) return undefined;
  return writtenOf(
    planned,
    rows.map(({ position }) => position),
    planned.transaction,
  );
}

async function wasCommitted(pool: Pool, { planned, cause }: CommitUnknown): Promise<boolean> {
  const status = await whileAway(cause, async () => {
    const query = pool.query<{ status: string }>('select pg_xact_status($1::text::xid8) as status', [planned.transaction]);
    const { rows } = await query.catch((error: unknown) => {
      if (isInTheFuture(error)) return { rows: [{ status: 'never was' }] };
      throw error;
    });
    return rows[0]?.status === 'in progress' ? undefined : rows[0]?.status;
  });
  return status === 'committed';
}

/**
 * The same of a plan whose number nobody heard. The server's process may still be at it, or only now come to it, so it is ended; then the
 * events are there, recorded at the microsecond that the plan gave them, or others are, or none.
 */
async function foundByEvents(pool: Pool, { planned, cause, process }: CommitUnknown): Promise<Settled | undefined> {
  const mine = planned.open.flatMap(({ placed }) => placed.map(({ event }) => event));
  const places = [mine.map(({ stream }) => stream), mine.map(({ version }) => version), mine.map(({ recordedAt }) => recordedAt)];
  await whileAway(cause, async () => {
    const { rows } = await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where pid = $1', [process]);
    return rows.length === 0 ? true : undefined;
  });
  const { rows } = await whileAway(cause, () =>
    pool.query<{ xid: string; position: string }>(
      `select xid, position from unnest($1::text[], $2::int[], $3::timestamptz[]) as mine (stream, version, recorded_at) cross join lateral
         (select xid, position, recorded_at from events where events.stream = mine.stream and events.version = mine.version limit 1) as there
       where there.recorded_at = mine.recorded_at`,
      places,
    ),
  );
  const [first] = rows;
  if (!first || rows.length !== mine.length || rows.some(({ xid }) => xid !== first.xid)) return undefined;
  return writtenOf(
    planned,
    rows.map(({ position }) => position),
    first.xid,
  );
}

/** What `ask` says once it can be asked and knows; rejects with `StoreUnavailable` when that takes too long. */
async function whileAway<T>(cause: unknown, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 1; tries <= resolveTries; tries += 1) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (!isConnectionError(error) && !(error instanceof StoreUnavailable)) throw error;
    }
    await delay(100);
  }
  return unavailable(cause);
}
