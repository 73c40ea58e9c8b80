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
  setClock,
  TokenKeys,
  Unavailable,
} from '@orderloom/dev-services';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { House } from './house.js';
import { masterKeyFile } from './master-key.js';
import { playBooks, week as weekOf } from './partners.js';
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
import { showSummary } from './summary.js';
import { tokensFile, writeTokens } from './token.js';
import { tryNext } from './try-next.js';

/** `start [--bare] [--fresh]`: the whole house on this machine, until a signal. */
export async function start(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (!existsSync(main('order'))) throw new Unavailable('Nothing is built yet: run npm run build first (npm start does).');
  const dir = resolve('.orderloom');
  const began = Date.now();
  await House.live(async (house) => {
    await house.own(Promise.resolve(occupy(dir)));
    const ports = await choosePorts();
    say('Orderloom');
    const { postgres, kafka } = await backing(house, dir, options.fresh);
    const keys = await TokenKeys.findOrMake(dir);
    const keyRing = { url: databaseUrl(postgres.url, keyRingDatabase), masterKeyFile: masterKeyFile(dir) };
    const around = { dir, log: logEnvironment(kafka), tokenKeys: TokenKeys.file(dir), keyRing };
    const services = planServices(postgres.url, ports);
    await createDatabases(postgres, kafka.url ? [...databaseNames, logDatabase] : databaseNames);
    const starting = Promise.all(services.map((service) => startService(house, service, around)));
    const running = await step(starting, () => `Migrated and started ${services.map(({ name, url }) => `${name} ${url}`).join(', ')}`);
    if (options.bare)
      await setClock(
        services.map((service) => service.database),
        'real',
      );
    const urls = Object.fromEntries(services.map(({ name, url }) => [name, url])) as Record<Service['name'], string>;
    const pids = Object.fromEntries(services.map(({ name }, i) => [name, running[i]?.pid ?? 0]));
    writeRun(dir, {
      kafka: { kind: kafka.kind, brokers: kafka.brokers, url: kafka.url },
      postgres: postgres.url,
      keyRing,
      services: urls,
      tokens: tokensFile(dir),
      pids,
    });
    say(`Ready in ${seconds(Date.now() - began)}; where everything is: .orderloom/run.json`);
    (await writeTokens(dir, keys)).forEach(say);
    const example = options.bare ? undefined : await week(house, services, around, urls.console, keys);
    tryNext(urls, example).forEach(say);
  });
  say('Stopped.');
}

function readOptions(args: readonly string[]): { bare: boolean; fresh: boolean } {
  try {
    const options = { bare: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Unavailable(`${(error as Error).message.split('.')[0]}: start knows --bare and --fresh.`);
  }
}

/** Postgres and Kafka, side by side; `fresh` begins with neither data nor logs. */
async function backing(house: House, dir: string, fresh: boolean): Promise<{ postgres: DevPostgres; kafka: DevKafka }> {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (fresh) {
    await removeData(dir);
    rmSync(weekOf(dir).state, { force: true });
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

async function week(house: House, services: readonly Service[], around: Surroundings, consoleUrl: string, keys: TokenKeys) {
  const began = Date.now();
  say("\nThe shop's week, played by the partners:");
  await playBooks(house, services, around, weekOf(around.dir));
  say(`  done in ${seconds(Date.now() - began)}`);
  return (await showSummary(consoleUrl, await keys.sign('analyst', 'start')))?.example;
}
