import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, databaseUrl, dropDatabases, withClient } from '@orderloom/dev-services';
import type { TestLog } from '../messaging/test-log.js';

/** A new database `name` for a service, copied from one that `migrate` has brought up to date; only the first stack of a build waits for the migration. */
export async function migratedDatabase(
  server: string,
  name: string,
  { app, log, migrate }: { app: string; log: TestLog; migrate: (database: string) => Promise<void> },
): Promise<string> {
  const template = `stories_${app.replaceAll('-', '_')}_${stateOf(app, log)}`;
  const database = databaseUrl(server, name);
  if (await copy(server, template, name)) return database;
  await dropDatabases(server, [`${template}_new`]);
  await migrate(await createDatabase(server, `${template}_new`));
  await withClient(server, (client) => client.query(`alter database "${template}_new" rename to "${template}"`));
  await copy(server, template, name);
  return database;
}

/** Changes with the migrations, the topics, and where those topics are. */
function stateOf(app: string, log: TestLog): string {
  const files = ['dist/libs', join('dist/apps', app)].flatMap((dir) =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file)),
  );
  const hash = createHash('sha256').update(JSON.stringify(log));
  for (const file of files.filter((f) => /(migrations?\b.*|topics)\.js$/.test(f)).sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function copy(server: string, template: string, name: string): Promise<boolean> {
  return withClient(server, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount !== 0) await client.query(`create database "${name}" template "${template}"`);
    return rowCount !== 0;
  });
}
