import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { OnClockJump } from '../recording/recorded-at.js';
import { StoreUnavailable } from '../store.js';
import type { CheckedUnit } from './checked-unit.js';
import { beginLocked, type Result, writeUnits, type Written } from './postgres-commit.js';
import { unavailable, withClient } from './postgres-pool.js';
import { isConnectionError, isRetryable } from './sql.js';

const maxTries = 5;
const resolveTries = 50;

/** COMMIT was sent and the connection broke: done or not, only the server knows. */
class CommitUnknown extends Error {
  constructor(
    readonly written: Written,
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

/** Settles one of `units` at least. A lost deadlock is tried again, a COMMIT whose end is unknown is asked for; what nobody expected makes each try alone. */
async function settle(pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<Written['settled']> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(pool, units, onClockJump);
    } catch (error) {
      if (error instanceof CommitUnknown && (await wasCommitted(pool, error))) return error.written.settled;
      if (error instanceof StoreUnavailable) throw error;
      if (units.length > 1) return eachAlone(pool, units, onClockJump);
      const again = error instanceof CommitUnknown || isRetryable(error);
      if (!again || tries === maxTries) return new Map(units.map((unit) => [unit, { error }]));
    }
  }
}

async function eachAlone(pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<Written['settled']> {
  const settled = new Map<CheckedUnit, Result>();
  for (const unit of units) for (const [one, result] of await settle(pool, [unit], onClockJump)) settled.set(one, result);
  return settled;
}

const attempt = (pool: Pool, units: readonly CheckedUnit[], onClockJump?: OnClockJump): Promise<Written['settled']> =>
  withClient(pool, async (client) => {
    let written: Written;
    try {
      await client.query(beginLocked(units));
      written = await writeUnits(client, units, onClockJump);
      if (!written.toCommit) await client.query('rollback');
    } catch (error) {
      if (!isConnectionError(error)) await client.query('rollback');
      throw error;
    }
    if (written.toCommit)
      await client.query('commit').catch((error: unknown) => {
        throw isConnectionError(error) ? new CommitUnknown(written, error) : error;
      });
    return written.settled;
  });

async function wasCommitted(pool: Pool, { written, cause }: CommitUnknown): Promise<boolean> {
  if (written.transaction === undefined) return true;
  for (let attempted = 1; attempted <= resolveTries; attempted += 1) {
    try {
      const { rows } = await pool.query<{ status: string }>('select pg_xact_status($1::text::xid8) as status', [written.transaction]);
      if (rows[0]?.status === 'committed') return true;
      if (rows[0]?.status === 'aborted') return false;
    } catch (error) {
      if (!isConnectionError(error)) throw error;
    }
    await delay(100);
  }
  return unavailable(cause);
}
