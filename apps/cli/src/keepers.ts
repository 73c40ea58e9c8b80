import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { findOrStartKafka, findOrStartPostgres, logEnvironment, missingDatabases, Unavailable } from '@orderloom/dev-services';
import { House } from './house.js';
import { readRun } from './run-file.js';
import { audited, databaseName, databaseOf, main } from './services.js';

/** Says a keeper's word (`audit`) to a service's store; resolves to what it answers. Throws `Unavailable` with what it refuses. */
export type Keep = <T>(service: string, word: string, told?: object) => Promise<T>;

/** Runs `work` on the stores and topics of what runs in this folder or was stopped here; the services must be `stopped` where it says so. */
export async function keepers(work: (keep: Keep) => Promise<void>, { stopped = false } = {}): Promise<void> {
  if (!existsSync(main('order'))) throw new Unavailable('Nothing is built yet: run npm run build first.');
  const running = readRun('.orderloom');
  if (running && stopped) throw new Unavailable('Services run in this folder: stop them first.');
  if (running) return work(keeping(running.postgres, logEnvironment(running.kafka)));
  await House.visit(async (house) => {
    const { DATABASE_URL, KAFKA_BROKERS } = process.env;
    const dir = resolve('.orderloom');
    if (!existsSync(join(dir, 'postgres.kind')) && !DATABASE_URL)
      throw new Unavailable(
        `There are no data in ${process.cwd()}: npm start first, go to a folder that has been started, or set DATABASE_URL.`,
      );
    const starting = house.own(findOrStartPostgres({ dir, given: DATABASE_URL }));
    const [postgres, kafka] = await Promise.all([starting, house.own(findOrStartKafka({ dir, given: KAFKA_BROKERS, postgres: starting }))]);
    const missing = await missingDatabases(postgres.url, audited.map(databaseName));
    if (missing.length > 0)
      throw new Unavailable(`There are no data of services here (no database ${missing.join(', ')}): npm start first.`);
    await work(keeping(postgres.url, logEnvironment(kafka)));
  });
}

/** The same word to every service that keeps facts. */
export const keepAll = <T>(keep: Keep, word: string, told?: object): Promise<readonly (readonly [string, T])[]> =>
  Promise.all(audited.map(async (service) => [service, await keep<T>(service, word, told)] as const));

const keeping =
  (server: string, log: object): Keep =>
  async <T>(service: string, word: string, told?: object) => {
    const env = { ...process.env, DATABASE_URL: databaseOf(server, service), ...log };
    const child = spawn(process.execPath, [main(service), word], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(JSON.stringify(told ?? {}));
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if ((await ended) !== 0) throw new Unavailable(`${service} refuses ${word}: ${complaint.trim()}`);
    return (answer === '' ? undefined : JSON.parse(answer)) as T;
  };
