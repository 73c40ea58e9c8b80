import pg from 'pg';

export interface Lock {
  release(): Promise<void>;
}

/** Waits until nobody else holds the lock `name` of the database server; it ends with this process, however that ends. */
export async function lockOf(url: string, name: string): Promise<Lock> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  await client.connect();
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  return { release: () => client.end() };
}
