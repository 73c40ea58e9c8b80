import { createDatabase, databaseUrl, dropDatabases, withClient } from './databases.js';

const server = process.env.TEST_DATABASE_URL ?? '';
const name = `databases "spec" ${process.pid}`;
const exists = () =>
  withClient(server, async (client) => (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1);

afterEach(() => dropDatabases(server, [name]));

describe('the creation of a database', () => {
  it('the database accepts connections, and an existing one is kept', async () => {
    const url = await createDatabase(server, name);
    expect(await createDatabase(server, name)).toBe(url);
    expect(
      await withClient(url, async (client) => (await client.query<{ name: string }>('select current_database() as name')).rows[0]),
    ).toEqual({ name });
  });
});

describe('the deletion of databases', () => {
  it('a database in use is deleted, and an absent one is ignored', async () => {
    const url = await createDatabase(server, name);
    await withClient(url, async () => dropDatabases(server, [name]));
    expect(await exists()).toBe(false);
    await expect(dropDatabases(server, [name])).resolves.toBeUndefined();
  });
});

describe('the URL of a database', () => {
  it('user, password, host, port and options of the server are kept', () => {
    expect(databaseUrl('postgres://ann:secret@db.example:6543/postgres?sslmode=disable', 'orderloom_order')).toBe(
      'postgres://ann:secret@db.example:6543/orderloom_order?sslmode=disable',
    );
  });
});
