import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, databaseUrl, withClient } from '@orderloom/dev-services';

const run = promisify(execFile);

/** Whether Postgres' own programs for dumps are on the path. */
export const dumpable = ['pg_dump', 'pg_restore'].every((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Makes a cluster older than a new one: its transaction ids are to come there. */
export const spendTransactions = (server: string): Promise<unknown> =>
  withClient(server, (client) => client.query('do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$'));

/** Dumps databases of one server and restores them into another one. */
export async function dumpInto(server: string, from: string, databases: readonly string[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'orderloom-dump-'));
  try {
    await Promise.all(
      databases.map(async (name) => {
        const file = join(dir, name);
        await run('pg_dump', ['--format=custom', '--no-owner', `--file=${file}`, databaseUrl(from, name)]);
        await run('pg_restore', ['--no-owner', `--dbname=${await createDatabase(server, name)}`, file]);
      }),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
