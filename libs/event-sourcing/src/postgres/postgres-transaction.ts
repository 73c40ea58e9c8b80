import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { OnClockJump } from '../recording/recorded-at.js';
import { StoreUnavailable } from '../store.js';
import type { CheckedUnit } from './checked-unit.js';
import { look } from './look.js';
import { beginLocked, type Plan, plan, positionsOf, type Result, sendAll, type Settled, writePlan, writtenOf } from './postgres-commit.js';
import { atOnce, unavailable, withClient } from './postgres-pool.js';
import { isConnectionError, isInTheFuture, isRefusedUnit, isRetryable, isUniqueViolation } from './sql.js';
import type { PartsResult } from './sql-parts.js';

const maxTries = 5;
const resolveTries = 50;

/** COMMIT was sent and the connection broke: done or not, only the server knows. */
class CommitUnknown extends Error {
  constructor(
    readonly planned: Plan,
    cause: unknown,
  ) {
    super('the connection broke during COMMIT', { cause });
  }
}

/**
 * Commits `units`, which touch different things, as one transaction; resolves to what became of each, in their order. One that is
 * refused is left out and the others are written again without it. Rejects with `StoreUnavailable`.
 */
export async function commitTogether(pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<readonly Result[]> {
  const results = new Map<CheckedUnit, Result>();
  for (let open = units; open.length > 0; open = units.filter((unit) => !results.has(unit)))
    for (const [unit, result] of await settle(pool, open, onClockJump)) results.set(unit, result);
  return units.map((unit) => results.get(unit) as Result);
}

/**
 * Settles one of `units` at least. A lost deadlock is tried again, a COMMIT whose end is unknown is asked for, what the database refuses
 * is written step by step to learn whose it is; what nobody expected makes each try alone.
 */
async function settle(pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<Settled> {
  let stepByStep = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(pool, units, stepByStep, onClockJump);
    } catch (error) {
      if (error instanceof CommitUnknown && (await wasCommitted(pool, error))) {
        const found = await recovered(pool, error.planned);
        if (found) return found;
      }
      if (error instanceof StoreUnavailable) throw error;
      if (!stepByStep && (isRefusedUnit(error) || isUniqueViolation(error))) {
        stepByStep = true;
        continue;
      }
      if (units.length > 1) return eachAlone(pool, units, onClockJump);
      const again = error instanceof CommitUnknown || isRetryable(error);
      if (!again || tries === maxTries) return new Map(units.map((unit) => [unit, { error }]));
    }
  }
}

async function eachAlone(pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<Settled> {
  const settled = new Map<CheckedUnit, Result>();
  for (const unit of units) for (const [one, result] of await settle(pool, [unit], onClockJump)) settled.set(one, result);
  return settled;
}

/** Two round trips: locks and a look, then the writes and COMMIT. `stepByStep` waits for each answer before it goes on. */
const attempt = (pool: Pool, units: readonly CheckedUnit[], stepByStep: boolean, onClockJump?: OnClockJump): Promise<Settled> =>
  withClient(pool, async (client) => {
    let planned: Plan | undefined;
    let committing = false;
    try {
      const [, seen] = await all(atOnce(client, () => [client.query(beginLocked(units)), look(client, units)] as const));
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
      const [, result] = await all(atOnce(client, () => [...sendAll(client, sent), client.query('commit')] as const));
      return writtenOf(planned, positionsOf(planned, result as PartsResult<CheckedUnit>));
    } catch (error) {
      if (isConnectionError(error)) throw planned && committing ? new CommitUnknown(planned, error) : error;
      await client.query('rollback');
      throw error;
    }
  });

/** All of them, or the first rejection once all have ended. */
async function all<T extends readonly Promise<unknown>[]>(promises: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(promises);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

/**
 * The outcomes of a plan whose COMMIT was done and not heard of. Undefined where the events are not the plan's: a server that crashed
 * before the transaction was on disk gives its number to another.
 */
async function recovered(pool: Pool, planned: Plan): Promise<Settled | undefined> {
  const text = 'select id, position from events where xid = $1::text::xid8';
  const query = pool.query<{ id: string; position: string }>(text, [planned.transaction]);
  const { rows } = await query.catch((error: unknown) => unavailable(error));
  const mine = new Set(planned.open.flatMap(({ placed }) => placed.map(({ event }) => event.id)));
  if (rows.length !== mine.size || !rows.every(({ id }) => mine.has(id))) return undefined;
  return writtenOf(
    planned,
    rows.map(({ position }) => position),
  );
}

async function wasCommitted(pool: Pool, { planned, cause }: CommitUnknown): Promise<boolean> {
  for (let attempted = 1; attempted <= resolveTries; attempted += 1) {
    try {
      const { rows } = await pool.query<{ status: string }>('select pg_xact_status($1::text::xid8) as status', [planned.transaction]);
      if (rows[0]?.status === 'committed') return true;
      if (rows[0]?.status === 'aborted') return false;
    } catch (error) {
      if (isInTheFuture(error)) return false;
      if (!isConnectionError(error)) throw error;
    }
    await delay(100);
  }
  return unavailable(cause);
}
