import pg from 'pg';

/** The URL of database `name` on the server of `url`. */
export function databaseUrl(url: string, name: string): string {
  const of = new URL(url);
  of.pathname = `/${encodeURIComponent(name)}`;
  return of.href;
}

/** Creates database `name` on the server of `url` unless it is there; its URL. */
export async function createDatabase(url: string, name: string): Promise<string> {
  await withClient(url, async (client) => {
    const there = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (there.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  });
  return databaseUrl(url, name);
}

/** Those of `names` that the server of `url` has not. */
export async function missingDatabases(url: string, names: readonly string[]): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname = any($1)', [names]);
    return names.filter((name) => !rows.some(({ datname }) => datname === name));
  });
}

/** Drops databases with whoever is connected to them; those that are not there are no error. */
export async function dropDatabases(url: string, names: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const name of names) await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // a server that goes away while we are done with it must not end this process
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
