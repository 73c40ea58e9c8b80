import pg from 'pg';

export interface Lock {
  release(): Promise<void>;
}

/** Waits for the advisory lock `name` of the database server; it is released when this process ends, even by SIGKILL. */
export async function lockOf(url: string, name: string): Promise<Lock> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  await client.connect();
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  return { release: () => client.end() };
}
