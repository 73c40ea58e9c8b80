import {
  createDatabase,
  databaseUrl,
  type DevKafka,
  type DevPostgres,
  dropDatabases,
  findOrStartKafka,
  findOrStartPostgres,
  logDatabase,
  logEnvironment,
  removeData,
  TokenKeys,
  Unavailable,
} from '@orderloom/dev-services';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProcessGroup } from './process-group.js';
import { masterKeyFile } from './master-key.js';
import { isDatasetState } from '../dataset/dataset.js';
import { acquireRunLock, writeRun } from './run-file.js';
import { print, seconds, timed } from '../output/print.js';
import {
  choosePorts,
  databaseName,
  databaseNames,
  keyRingDatabase,
  entryPoint,
  planServices,
  type Service,
  startService,
  type StackEnvironment,
} from './services.js';
import { tokensFile, writeTokens } from '../commands/token.js';

/** All services of this folder, running. */
export interface RunningStack {
  readonly services: readonly Service[];
  readonly environment: StackEnvironment;
  readonly urls: Readonly<Record<Service['name'], string>>;
  readonly keys: TokenKeys;
}

/** Finds or starts Postgres and Kafka, migrates and starts every service, and prints their addresses. `fresh` deletes earlier data. */
export async function startStack(group: ProcessGroup, fresh: boolean): Promise<RunningStack> {
  if (!existsSync(entryPoint('order'))) throw new Unavailable('The build is missing: run npm run build first, or use npm start.');
  const dir = resolve('.orderloom');
  const startedAt = Date.now();
  await group.track(Promise.resolve(acquireRunLock(dir)));
  const ports = await choosePorts();
  print('Orderloom');
  const { postgres, kafka, databases } = await startBackingServices(group, dir, fresh);
  const keys = await TokenKeys.findOrMake(dir);
  const keyRing = { url: databaseUrl(postgres.url, keyRingDatabase), masterKeyFile: masterKeyFile(dir) };
  const startsAtLogEnd = fresh && kafka.kind === 'given';
  const environment = { dir, log: logEnvironment(kafka), startsAtLogEnd, tokenKeys: TokenKeys.file(dir), keyRing };
  const services = planServices(postgres.url, ports);
  await Promise.all([databases.get(keyRingDatabase), kafka.url && createOne(postgres, logDatabase)]);
  const starting = Promise.all(
    services.map(async (service) => {
      await databases.get(databaseName(service.name));
      return startService(group, service, environment);
    }),
  );
  const running = await timed(starting, () => `Migrated and started ${services.map(({ name, url }) => `${name} ${url}`).join(', ')}`);
  const urls = Object.fromEntries(services.map(({ name, url }) => [name, url])) as Record<Service['name'], string>;
  writeRun(dir, {
    kafka: { kind: kafka.kind, brokers: kafka.brokers, url: kafka.url },
    postgres: postgres.url,
    keyRing,
    services: urls,
    tokens: tokensFile(dir),
    pids: Object.fromEntries(services.map(({ name }, i) => [name, running[i]?.pid ?? 0])),
  });
  print(`Ready in ${seconds(Date.now() - startedAt)}; addresses are in .orderloom/run.json`);
  (await writeTokens(dir, keys)).forEach(print);
  return { services, environment, urls, keys };
}

interface Backing {
  readonly postgres: DevPostgres;
  readonly kafka: DevKafka;
  /** Each resolves once the database exists. */
  readonly databases: ReadonlyMap<string, Promise<void>>;
}

/** Starts Postgres and Kafka concurrently, and creates databases meanwhile. `fresh` deletes data and logs first. */
async function startBackingServices(group: ProcessGroup, dir: string, fresh: boolean): Promise<Backing> {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (fresh) {
    await removeData(dir);
    for (const file of readdirSync(dir).filter(isDatasetState)) rmSync(join(dir, file));
  }
  rmSync(join(dir, 'log'), { recursive: true, force: true });
  const starting = group.track(findOrStartPostgres({ dir, given: DATABASE_URL }));
  const log = group.track(findOrStartKafka({ dir, given: KAFKA_BROKERS, postgres: starting }));
  const [postgres, databases, kafka] = await Promise.all([
    timed(starting, ({ about }) => about),
    starting.then((server) => createDatabases(server, fresh, log)),
    timed(log, ({ about, brokers }) => [about, ...brokers].join(', ')),
  ]);
  if (postgres.process) group.watch('Postgres', postgres.process);
  if (kafka.process) group.watch('Kafka', kafka.process);
  if (fresh && kafka.kind === 'given') print('  KAFKA_BROKERS is set: its topics keep their records.');
  return { postgres, kafka, databases };
}

/** Creates the databases one after the other in the background: this is limited by the disk, while other steps need the processor. */
async function createDatabases(postgres: DevPostgres, fresh: boolean, log: Promise<unknown>): Promise<ReadonlyMap<string, Promise<void>>> {
  if (fresh && postgres.kind === 'given') {
    // Nothing is dropped on a given server before the rest of the start is known to succeed.
    await log;
    await dropDatabases(postgres.url, [...databaseNames, logDatabase]);
  }
  const databases = new Map<string, Promise<void>>();
  let last = Promise.resolve();
  for (const name of databaseNames) {
    last = last.then(() => createOne(postgres, name));
    // The rejection reaches those who await the promise.
    last.catch(() => undefined);
    databases.set(name, last);
  }
  return databases;
}

async function createOne(postgres: DevPostgres, name: string): Promise<void> {
  await createDatabase(postgres.url, name).catch((error: Error) => {
    throw new Unavailable(
      `Postgres could not create database ${name} (${error.message}): check the permissions of the user in DATABASE_URL.`,
    );
  });
}
