import { createDatabase } from '@orderloom/dev-services';
import type { OpenWriter } from '../memory/memory-history.js';
import { validatedUnit } from './commit/validated-unit.js';
import { readPreconditions } from './commit/read-preconditions.js';
import { plan, writePlan } from './commit/postgres-commit.js';
import { type PostgresOptions } from './postgres-pool.js';
import { PostgresStore } from './postgres-store.js';
import { asyncProjectionTables, rowTable } from './row-table.js';

/** Opens an empty, migrated store in a new database, with the tables of the contract suite. */
export async function openTestStore(name: string, options: Partial<PostgresOptions> = {}): Promise<PostgresStore> {
  const url = options.url ?? (await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `es_${name}_${process.pid}_${Date.now()}`));
  const store = await PostgresStore.open({ ...options, url });
  await store.migrate();
  for (const statement of [...rowTable('things', ['colour', 'tags']), ...asyncProjectionTables('others')])
    await store.pool.query(statement);
  return store;
}

/** Opens a transaction that has a transaction id and holds no lock. */
export async function openWriter(store: PostgresStore): Promise<OpenWriter> {
  const client = await store.pool.connect();
  await client.query('begin; select pg_current_xact_id()');
  const end = async (how: string): Promise<void> => {
    await client.query(how);
    client.release();
  };
  return {
    write: async (unit) => {
      const units = [validatedUnit(unit)];
      const [result] = (await writePlan(client, plan(units, await readPreconditions(client, units)))).settled.values();
      if (!result || 'error' in result) throw result?.error;
      return result.outcome;
    },
    commit: () => end('commit'),
    rollback: () => end('rollback'),
  };
}
