import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { findOrStartKafka, findOrStartPostgres, logEnvironment, missingDatabases, Unavailable } from '@orderloom/dev-services';
import { ProcessGroup } from '../stack/process-group.js';
import { readRun } from '../stack/run-file.js';
import { eventStoreServices, databaseName, databaseOf, entryPoint } from '../stack/services.js';

/** Runs a maintenance subcommand (`audit`) of a service and resolves to its output. Throws `Unavailable` with its error. */
export type RunMaintenance = <T>(service: string, word: string, told?: object) => Promise<T>;

/** Runs `work` against the stores and topics of this folder. If `stopped`, the services must not run. Throws `Unavailable`. */
export async function withMaintenance(work: (keep: RunMaintenance) => Promise<void>, { stopped = false } = {}): Promise<void> {
  if (!existsSync(entryPoint('order'))) throw new Unavailable('The build is missing: run npm run build first.');
  const running = readRun('.orderloom');
  if (running && stopped) throw new Unavailable('Services are running in this folder: stop them first.');
  if (running) return work(runMaintenance(running.postgres, logEnvironment(running.kafka)));
  await ProcessGroup.runToCompletion(async (group) => {
    const { DATABASE_URL, KAFKA_BROKERS } = process.env;
    const dir = resolve('.orderloom');
    if (!existsSync(join(dir, 'postgres.kind')) && !DATABASE_URL)
      throw new Unavailable(
        `No data in ${process.cwd()}: run npm start first, change to the folder of an earlier start, or set DATABASE_URL.`,
      );
    const starting = group.track(findOrStartPostgres({ dir, given: DATABASE_URL }));
    const [postgres, kafka] = await Promise.all([
      starting,
      group.track(findOrStartKafka({ dir, given: KAFKA_BROKERS, postgres: starting })),
    ]);
    const missing = await missingDatabases(postgres.url, eventStoreServices.map(databaseName));
    if (missing.length > 0) throw new Unavailable(`Missing databases ${missing.join(', ')}: run npm start first.`);
    await work(runMaintenance(postgres.url, logEnvironment(kafka)));
  });
}

/** Runs the same subcommand of every service that has an event store. */
export const runOnAllServices = <T>(keep: RunMaintenance, word: string, told?: object): Promise<readonly (readonly [string, T])[]> =>
  Promise.all(eventStoreServices.map(async (service) => [service, await keep<T>(service, word, told)] as const));

const runMaintenance =
  (server: string, log: object): RunMaintenance =>
  async <T>(service: string, word: string, input?: object) => {
    const env = { ...process.env, DATABASE_URL: databaseOf(server, service), ...log };
    const child = spawn(process.execPath, [entryPoint(service), word], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(JSON.stringify(input ?? {}));
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if ((await ended) !== 0) throw new Unavailable(`${service} failed to run ${word}: ${errors.trim()}`);
    return (output === '' ? undefined : JSON.parse(output)) as T;
  };
