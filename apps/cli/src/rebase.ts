import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { findOrStartPostgres, Unavailable } from '@orderloom/dev-services';
import { House } from './house.js';
import { readRun } from './run-file.js';
import { say } from './screen.js';
import { audited, databaseOf, main } from './services.js';

const run = promisify(execFile);

/** `rebase`: makes databases that were restored from a dump into another cluster readable again; the services must not run. */
export async function rebase(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Unavailable('rebase takes no arguments: it works on the databases of this folder, or of DATABASE_URL.');
  if (!existsSync(main('order'))) throw new Unavailable('Nothing is built yet: run npm run build first.');
  if (readRun('.orderloom')) throw new Unavailable('Services run in this folder: stop them first.');
  await House.visit(async (house) => {
    const postgres = await house.own(findOrStartPostgres({ dir: resolve('.orderloom'), given: process.env.DATABASE_URL }));
    for (const service of audited) {
      const env = { ...process.env, DATABASE_URL: databaseOf(postgres.url, service) };
      const { stdout } = await run(process.execPath, [main(service), 'rebase'], { env }).catch(({ stderr }: { stderr?: string }) => {
        throw new Unavailable(`${service} was not rebased: ${stderr?.trim()}`);
      });
      say(`${service}: ${stdout.trim()}`);
    }
  });
}
