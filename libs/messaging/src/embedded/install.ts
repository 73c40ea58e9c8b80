import { createHash } from 'node:crypto';
import type pg from 'pg';
import { groups } from './groups.js';
import { records } from './records.js';
import { tables } from './tables.js';

const functions = groups + records;
const version = createHash('sha256')
  .update(tables + functions)
  .digest('hex');

const dropFunctions = `do $$ declare f regprocedure; begin
  for f in select oid from pg_proc where pronamespace = current_schema()::regnamespace and proname like 'log\\_%' loop
    execute 'drop function ' || f;
  end loop;
end $$`;

/** Migrates the tables and functions of the log in one transaction. Concurrent calls are safe. */
export async function install(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin; select pg_advisory_xact_lock(hashtext('orderloom_log schema'))");
    await client.query('create table if not exists log_version (version text)');
    const { rowCount } = await client.query('select from log_version where version = $1', [version]);
    if (rowCount === 0) {
      await client.query(`delete from log_version; ${tables}; ${dropFunctions}; ${functions}`);
      await client.query('insert into log_version values ($1)', [version]);
    }
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
