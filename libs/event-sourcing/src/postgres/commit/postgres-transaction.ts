import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { OnCauseFromFuture } from '../../store/recording/hybrid-logical-clock.js';
import { StoreUnavailable } from '../../store/store.js';
import type { ValidatedUnit } from './validated-unit.js';
import type { CommitCache } from './commit-cache.js';
import { readPreconditions } from './read-preconditions.js';
import { beginLocked, type Plan, plan, sendAll, sendPredicted, resultsFrom, timeOf, writePlan, resultsOf } from './postgres-commit.js';
import type { Result, Settled } from './types.js';
import { corked, backendPid, allSettledInOneWrite, unavailable, withClient } from '../postgres-pool.js';
import { isConnectionError, isInTheFuture, isRefusedUnit, isRetryable, isUniqueViolation } from '../sql.js';
import type { CteResults } from './cte.js';

const maxAttempts = 5;
const maxResolveAttempts = 50;

/** COMMIT was sent and the connection broke: only the server knows whether it was executed. */
class CommitUnknown extends Error {
  constructor(
    readonly planned: Plan,
    cause: unknown,
    /** Process id of the server backend that received it. */
    readonly process?: number,
  ) {
    super('the connection broke during COMMIT: its result is unknown', { cause });
  }
}

/**
 * Modes of writing units: `predicted` takes one round trip with cached preconditions; `read` takes two and reads the preconditions;
 * `sequential` sends one statement after the other to find out which unit is refused.
 */
type Strategy = 'predicted' | 'read' | 'sequential';

/** Dependencies of a commit: connections and the cache of preconditions. */
export interface CommitContext {
  readonly pool: Pool;
  readonly cache: CommitCache;
  readonly onClockJump?: OnCauseFromFuture;
}

/**
 * Commits `units`, which share no key, as one transaction. Resolves to one result per unit, in their order. A refused unit is left out and
 * the others are written again. Rejects with `StoreUnavailable`.
 */
export async function commitTogether(context: CommitContext, units: readonly ValidatedUnit[]): Promise<readonly Result[]> {
  const results = new Map<ValidatedUnit, Result>();
  for (let open = units; open.length > 0; open = units.filter((unit) => !results.has(unit)))
    for (const [unit, result] of await settle(context, open)) results.set(unit, result);
  context.cache.observeResults(results);
  return units.map((unit) => results.get(unit) as Result);
}

/**
 * Settles at least one of `units`. A wrong prediction is followed by a read. A lost deadlock is retried. A COMMIT with an unknown result is
 * looked up. A refusal by the database is written sequentially to find its unit. After any other error each unit is written on its own.
 */
async function settle(context: CommitContext, units: readonly ValidatedUnit[], first: Strategy = 'predicted'): Promise<Settled> {
  let strategy = first;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt(context, units, strategy);
    } catch (error) {
      if (error instanceof CommitUnknown) {
        const found = await (error.planned.predictedTime === undefined
          ? outcomeByTransactionId(context.pool, error)
          : outcomeByEvents(context.pool, error));
        if (found) return found;
      }
      if (error instanceof StoreUnavailable) throw error;
      if (strategy === 'predicted') {
        context.cache.forget(units);
        strategy = 'read';
        continue;
      }
      if (strategy === 'read' && (isRefusedUnit(error) || isUniqueViolation(error))) {
        strategy = 'sequential';
        continue;
      }
      if (units.length > 1) return settleIndividually(context, units);
      const again = error instanceof CommitUnknown || isRetryable(error);
      if (!again || attempts === maxAttempts) return new Map(units.map((unit) => [unit, { error }]));
    }
  }
}

async function settleIndividually(context: CommitContext, units: readonly ValidatedUnit[]): Promise<Settled> {
  const settled = new Map<ValidatedUnit, Result>();
  for (const unit of units) for (const [one, result] of await settle(context, [unit], 'read')) settled.set(one, result);
  return settled;
}

function attempt(context: CommitContext, units: readonly ValidatedUnit[], strategy: Strategy): Promise<Settled> {
  const prediction = strategy === 'predicted' ? context.cache.predict(units) : undefined;
  return prediction
    ? commitOptimistically(context, units, plan(units, prediction, context.onClockJump))
    : commitAfterRead(context, units, strategy === 'sequential');
}

/** Commits in one round trip with one statement. */
const commitOptimistically = ({ pool, cache: known }: CommitContext, units: readonly ValidatedUnit[], planned: Plan): Promise<Settled> =>
  planned.toWrite.length === 0
    ? Promise.resolve(planned.settled)
    : withClient(pool, async (client) => {
        try {
          const written = await corked(client, () => sendPredicted(client, units, planned));
          const time = timeOf(planned, written);
          if (time) known.observeTime(time);
          return resultsFrom(planned, written);
        } catch (error) {
          if (isConnectionError(error)) throw new CommitUnknown(planned, error, backendPid(client));
          throw error;
        }
      });

/** Commits in two round trips: locks and reads, then writes and COMMIT. `stepByStep` waits for each response before the next statement. */
const commitAfterRead = (
  { pool, cache: known, onClockJump }: CommitContext,
  units: readonly ValidatedUnit[],
  stepByStep: boolean,
): Promise<Settled> =>
  withClient(pool, async (client) => {
    let planned: Plan | undefined;
    let committing = false;
    try {
      const [, seen] = await allSettledInOneWrite(
        client,
        () => [beginLocked(client, units), readPreconditions(client, units, known)] as const,
      );
      planned = plan(units, seen, onClockJump);
      const written = stepByStep || planned.toWrite.length === 0 ? await writePlan(client, planned) : undefined;
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
      const [, result] = await allSettledInOneWrite(client, () => [...sendAll(client, sent), client.query('commit')] as const);
      return resultsFrom(planned, result as CteResults<ValidatedUnit>);
    } catch (error) {
      if (isConnectionError(error)) throw planned && committing ? new CommitUnknown(planned, error) : error;
      await client.query('rollback');
      throw error;
    }
  });

/**
 * Outcomes of a plan whose COMMIT was executed but not acknowledged. Undefined if the events found are not those of the plan: a server that
 * crashed before the transaction was durable assigns its id again.
 */
async function outcomeByTransactionId(pool: Pool, unknown: CommitUnknown): Promise<Settled | undefined> {
  const { planned } = unknown;
  if (!(await wasCommitted(pool, unknown))) return undefined;
  const text = 'select id, position from events where xid = $1::text::xid8';
  const query = pool.query<{ id: string; position: string }>(text, [planned.transaction]);
  const { rows } = await query.catch((error: unknown) => unavailable(error));
  const mine = new Set(planned.toWrite.flatMap(({ events }) => events.map(({ event }) => event.id)));
  if (rows.length !== mine.size || !rows.every(({ id }) => mine.has(id))) return undefined;
  return resultsOf(
    planned,
    rows.map(({ position }) => position),
    planned.transaction,
  );
}

async function wasCommitted(pool: Pool, { planned, cause }: CommitUnknown): Promise<boolean> {
  const status = await retryWhileUnreachable(cause, async () => {
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
 * Outcomes of a predicted plan, whose transaction id is unknown. The backend may still execute the statement, so it is terminated first.
 * Events of this plan have the microsecond of recording that the plan assigned.
 */
async function outcomeByEvents(pool: Pool, { planned, cause, process }: CommitUnknown): Promise<Settled | undefined> {
  const mine = planned.toWrite.flatMap(({ events }) => events.map(({ event }) => event));
  const places = [mine.map(({ stream }) => stream), mine.map(({ version }) => version), mine.map(({ recordedAt }) => recordedAt)];
  await retryWhileUnreachable(cause, async () => {
    const { rows } = await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where pid = $1', [process]);
    return rows.length === 0 ? true : undefined;
  });
  const { rows } = await retryWhileUnreachable(cause, () =>
    pool.query<{ xid: string; position: string }>(
      `select xid, position from unnest($1::text[], $2::int[], $3::timestamptz[]) as mine (stream, version, recorded_at) cross join lateral
         (select xid, position, recorded_at from events where events.stream = mine.stream and events.version = mine.version limit 1) as there
       where there.recorded_at = mine.recorded_at`,
      places,
    ),
  );
  const [first] = rows;
  if (!first || rows.length !== mine.length || rows.some(({ xid }) => xid !== first.xid)) return undefined;
  return resultsOf(
    planned,
    rows.map(({ position }) => position),
    first.xid,
  );
}

/** Repeats `query` until it returns a value. Rejects with `StoreUnavailable` after 50 attempts. */
async function retryWhileUnreachable<T>(cause: unknown, query: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 1; attempts <= maxResolveAttempts; attempts += 1) {
    try {
      const result = await query();
      if (result !== undefined) return result;
    } catch (error) {
      if (!isConnectionError(error) && !(error instanceof StoreUnavailable)) throw error;
    }
    await delay(100);
  }
  return unavailable(cause);
}
