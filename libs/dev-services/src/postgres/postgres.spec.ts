import { jest } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, serverUser } from '../data-folder.js';
import { createDatabase, withClient } from './databases.js';
import { findOrStartPostgres } from './postgres.js';
import { launch, logFile } from '../process.js';
import { removeData } from './remove-data.js';

jest.setTimeout(120_000);

// Even if a Docker engine is reachable.
const { ORDERLOOM_POSTGRES: chosen } = process.env;
beforeAll(() => void (process.env['ORDERLOOM_POSTGRES'] = 'local'));
afterAll(() => {
  if (chosen === undefined) delete process.env['ORDERLOOM_POSTGRES'];
  else process.env['ORDERLOOM_POSTGRES'] = chosen;
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orderloom-postgres-'));
  chmodSync(dir, 0o755);
});
afterEach(async () => {
  await removeData(dir);
  rmSync(dir, { recursive: true, force: true });
});

const start = () => findOrStartPostgres({ dir, durable: false });
const databases = async (url: string) =>
  (await withClient(url, (client) => client.query<{ datname: string }>("select datname from pg_database where datname = 'kept'"))).rows;

describe('the start of a local Postgres', () => {
  it('data survive a stop, and a kill that leaves the lock file with the id of another process', async () => {
    const first = await start();
    await createDatabase(first.url, 'kept');
    await first.stop();

    const second = await start();
    expect(await databases(second.url)).toEqual([{ datname: 'kept' }]);
    process.kill(second.process?.pid ?? Number.NaN, 'SIGKILL');
    await second.process?.exited;
    const user = serverUser();
    const another = launch({ command: 'sleep', args: ['600'], log: logFile(dir, 'sleep'), cwd: '/', user });
    const lock = join(dataFolder(dir, user), 'data', 'postmaster.pid');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(another.pid)));

    const third = await start();
    expect(await databases(third.url)).toEqual([{ datname: 'kept' }]);
    await third.stop();
    await another.stop();
  });

  it('an instance that an earlier start left running on the same data is stopped', async () => {
    const left = await start();
    const next = await start();
    expect(await left.process?.exited).toBe('exit code 0');
    await next.stop();
  });

  it('data of another major version are refused with what to do', async () => {
    await (await start()).stop();
    writeFileSync(join(dataFolder(dir, serverUser()), 'data', 'PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow(
      /created by Postgres 9, but Postgres \d+ was found: set PG_BIN to Postgres 9, or start with --fresh/,
    );
  });

  // Only root can run the server as another user.
  const asOther = serverUser() ? '' : ' (skipped: Postgres runs as the user of this process)';
  (serverUser() ? it : it.skip)(`keeps its data outside a folder that its user can not reach, always in the same place${asOther}`, () => {
    chmodSync(dir, 0o700);
    const place = dataFolder(dir, serverUser());
    expect(place).toMatch(/^\/var\/tmp\/orderloom-[0-9a-f]{16}$/);
    expect(dataFolder(dir, serverUser())).toBe(place);
    chmodSync(dir, 0o755);
    expect(dataFolder(dir, serverUser())).toBe(place);
  });
});

describe('a given Postgres', () => {
  it('it is used as it is', async () => {
    const given = process.env.TEST_DATABASE_URL ?? '';
    expect(await findOrStartPostgres({ dir, given })).toMatchObject({ kind: 'given', url: given });
  });

  it('a refused connection is an error with a remedy', async () => {
    const given = 'postgres://nobody@127.0.0.1:1/none';
    await expect(findOrStartPostgres({ dir, given })).rejects.toThrow(
      /^The database of DATABASE_URL is not reachable \(.+\): start it, or unset DATABASE_URL\.$/,
    );
  });
});
