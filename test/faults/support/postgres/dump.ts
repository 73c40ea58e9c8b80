import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, databaseUrl, withClient } from '@orderloom/dev-services';

const run = promisify(execFile);

/** True if Postgres's dump programs are on the path. */
export const dumpable = ['pg_dump', 'pg_restore'].every((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Advances a cluster's transaction ids beyond those of a new cluster. */
export const spendTransactions = (server: string): Promise<unknown> =>
  withClient(server, (client) => client.query('do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$'));

/** Dumps databases of one server and restores them on another one. */
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
