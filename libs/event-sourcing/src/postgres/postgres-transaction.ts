import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { beginLocked, writeUnit, type Written } from './postgres-commit.js';
import { unavailable, withClient } from './postgres-pool.js';
import type { OnClockJump } from '../recording/recorded-at.js';
import { isConnectionError, isRetryable } from './sql.js';
import type { Outcome, UnitOfWork } from '../store.js';

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

/** Commits `unit` in a transaction of its own; one that lost a deadlock is tried again, one whose end is unknown is asked for. */
export async function commitUnit(pool: Pool, unit: UnitOfWork, onClockJump?: OnClockJump): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptUnit(pool, unit, onClockJump);
    } catch (error) {
      if (error instanceof CommitUnknown && (await wasCommitted(pool, error))) return error.written.outcome;
      const again = error instanceof CommitUnknown || isRetryable(error);
      if (!again || attempt === maxTries) throw error;
    }
  }
}

const attemptUnit = (pool: Pool, unit: UnitOfWork, onClockJump?: OnClockJump): Promise<Outcome> =>
  withClient(pool, async (client) => {
    let written: Written;
    try {
      await client.query(beginLocked(unit));
      written = await writeUnit(client, unit, onClockJump);
      if (written.outcome.status !== 'committed') await client.query('rollback');
    } catch (error) {
      if (!isConnectionError(error)) await client.query('rollback');
      throw error;
    }
    if (written.outcome.status === 'committed')
      await client.query('commit').catch((error: unknown) => {
        throw isConnectionError(error) ? new CommitUnknown(written, error) : error;
      });
    return written.outcome;
  });

async function wasCommitted(pool: Pool, { written, cause }: CommitUnknown): Promise<boolean> {
  if (written.transaction === undefined) return true;
  for (let attempt = 1; attempt <= resolveTries; attempt += 1) {
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
