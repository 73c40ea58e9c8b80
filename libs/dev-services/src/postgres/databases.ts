import pg from 'pg';

/** The URL of database `name` on the server of `url`. */
export function databaseUrl(url: string, name: string): string {
  const of = new URL(url);
  of.pathname = `/${encodeURIComponent(name)}`;
  return of.href;
}

/** Creates database `name` on the server of `url` unless it exists; resolves to its URL. */
export async function createDatabase(url: string, name: string): Promise<string> {
  await withClient(url, async (client) => {
    const existing = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (existing.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  });
  return databaseUrl(url, name);
}

/** The databases of `names` that do not exist on the server of `url`. */
export async function missingDatabases(url: string, names: readonly string[]): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname = any($1)', [names]);
    return names.filter((name) => !rows.some(({ datname }) => datname === name));
  });
}

/** Drops databases and disconnects their users; missing databases are ignored. */
export async function dropDatabases(url: string, names: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const name of names) await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
}

/** Runs `work` on a new connection. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that closes the connection after the work must not end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
