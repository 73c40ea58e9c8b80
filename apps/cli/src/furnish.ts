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
import type { House } from './house.js';
import { masterKeyFile } from './master-key.js';
import { isBooksState } from './partners.js';
import { occupy, writeRun } from './run-file.js';
import { say, seconds, step } from './screen.js';
import {
  choosePorts,
  databaseNames,
  keyRingDatabase,
  main,
  planServices,
  type Service,
  startService,
  type Surroundings,
} from './services.js';
import { tokensFile, writeTokens } from './token.js';

/** A house with all its services, ready. */
export interface Furnished {
  readonly services: readonly Service[];
  readonly around: Surroundings;
  readonly urls: Readonly<Record<Service['name'], string>>;
  readonly keys: TokenKeys;
}

/** Finds or starts Postgres and Kafka, migrates and starts every service, and says where everything is; `fresh` begins without data. */
export async function furnish(house: House, fresh: boolean): Promise<Furnished> {
  if (!existsSync(main('order'))) throw new Unavailable('Nothing is built yet: run npm run build first (npm start does).');
  const dir = resolve('.orderloom');
  const began = Date.now();
  await house.own(Promise.resolve(occupy(dir)));
  const ports = await choosePorts();
  say('Orderloom');
  const { postgres, kafka } = await backing(house, dir, fresh);
  const keys = await TokenKeys.findOrMake(dir);
  const keyRing = { url: databaseUrl(postgres.url, keyRingDatabase), masterKeyFile: masterKeyFile(dir) };
  const beginsHere = fresh && kafka.kind === 'given';
  const around = { dir, log: logEnvironment(kafka), beginsHere, tokenKeys: TokenKeys.file(dir), keyRing };
  const services = planServices(postgres.url, ports);
  await createDatabases(postgres, kafka.url ? [...databaseNames, logDatabase] : databaseNames);
  const starting = Promise.all(services.map((service) => startService(house, service, around)));
  const running = await step(starting, () => `Migrated and started ${services.map(({ name, url }) => `${name} ${url}`).join(', ')}`);
  const urls = Object.fromEntries(services.map(({ name, url }) => [name, url])) as Record<Service['name'], string>;
  writeRun(dir, {
    kafka: { kind: kafka.kind, brokers: kafka.brokers, url: kafka.url },
    postgres: postgres.url,
    keyRing,
    services: urls,
    tokens: tokensFile(dir),
    pids: Object.fromEntries(services.map(({ name }, i) => [name, running[i]?.pid ?? 0])),
  });
  say(`Ready in ${seconds(Date.now() - began)}; where everything is: .orderloom/run.json`);
  (await writeTokens(dir, keys)).forEach(say);
  return { services, around, urls, keys };
}

/** Postgres and Kafka, side by side; `fresh` begins with neither data nor logs. */
async function backing(house: House, dir: string, fresh: boolean): Promise<{ postgres: DevPostgres; kafka: DevKafka }> {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (fresh) {
    await removeData(dir);
    for (const file of readdirSync(dir).filter(isBooksState)) rmSync(join(dir, file));
  }
  rmSync(join(dir, 'log'), { recursive: true, force: true });
  const starting = house.own(findOrStartPostgres({ dir, given: DATABASE_URL }));
  const [postgres, kafka] = await Promise.all([
    step(starting, ({ about }) => about),
    step(house.own(findOrStartKafka({ dir, given: KAFKA_BROKERS, postgres: starting })), ({ about, brokers }) =>
      [about, ...brokers].join(', '),
    ),
  ]);
  if (postgres.process) house.watch('Postgres', postgres.process);
  if (kafka.process) house.watch('Kafka', kafka.process);
  if (fresh && kafka.kind === 'given') say('  Kafka was given: its topics keep what they hold.');
  if (fresh && postgres.kind === 'given') await dropDatabases(postgres.url, [...databaseNames, logDatabase]);
  return { postgres, kafka };
}

async function createDatabases(postgres: DevPostgres, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await createDatabase(postgres.url, name).catch((error: Error) => {
      throw new Unavailable(`Postgres refuses to create database ${name}: ${error.message}.`);
    });
  }
}
