import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import {
  asksForHelp,
  createDatabase,
  dropDatabases,
  findOrStartKafka,
  findOrStartPostgres,
  readArguments,
  withClient,
} from '@orderloom/dev-services';
import { appends } from './measures/append.js';
import { consuming } from './measures/consume.js';
import { flowInputs } from './measures/flow-input.js';
import { growth } from './measures/growth.js';
import { latencies } from './measures/latency.js';
import { wholeOrders } from './setup/orders.js';
import { readiness } from './measures/ready.js';
import { rebuilding } from './measures/rebuild.js';
import { relaying } from './measures/relay.js';
import type { Figure } from './setup/rounds.js';
import type { Surroundings } from './setup/surroundings.js';
import { lines } from './setup/table.js';

const dir = '.orderloom/bench';
const all: Readonly<Record<string, (around: Surroundings) => Promise<Figure[]>>> = {
  P1: appends,
  P1b: flowInputs,
  P2: rebuilding,
  P3: relaying,
  P4: consuming,
  P5: wholeOrders,
  P6: latencies,
  P7: readiness,
  P9: growth,
};

const args = process.argv.slice(2);
if (asksForHelp(args)) {
  console.log(
    `npm run bench -- [--quick] [NAME...]\n\nMeasures ratios in one run; NAME is of ${Object.keys(all).join(', ')}, all by default.\n  --quick   smaller counts`,
  );
  process.exit(0);
}
const { values, positionals } = readArguments(args, {
  usage: 'npm run bench -- [--quick] [NAME...]',
  positionals: Infinity,
  options: { quick: { type: 'boolean', default: false } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(all);

mkdirSync(dir, { recursive: true });
const starting = findOrStartPostgres({ dir, given: process.env.DATABASE_URL });
const finding = findOrStartKafka({ dir, given: process.env.KAFKA_BROKERS, postgres: starting });
const [postgres, log] = await Promise.all([starting, finding]);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => void Promise.all([postgres.stop(), log.stop()]).finally(() => process.exit(code)));
const around: Surroundings = {
  database: async (name) => {
    await dropDatabases(postgres.url, [`bench_${name}`]);
    return createDatabase(postgres.url, `bench_${name}`);
  },
  brokers: log.brokers,
  rounds: 5,
  share: values.quick ? 0.12 : 1,
  starts: [],
};
const settings = await withClient(postgres.url, async (client) => {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections'];
  const shown = await client.query<{ name: string; setting: string }>('select name, setting from pg_settings where name = any($1)', [
    names,
  ]);
  return shown.rows.map(({ name, setting }) => `${name}=${setting}`).join(' ');
});
const about = [
  `${postgres.about} (${settings})`,
  log.about,
  `Node ${process.version} ${process.execArgv.join(' ')}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
];
for (const line of about) console.log(line);
console.log(
  `Each ratio: median of ${around.rounds} interleaved rounds [least – greatest]; one more round before them is left out as warm-up.\n`,
);

const figures: Figure[] = [];
try {
  for (const name of wanted) {
    const measure = all[name];
    if (!measure) throw new Error(`unknown measurement "${name}": expected one of ${Object.keys(all).join(', ')}`);
    const found = await measure(around);
    for (const line of lines(found)) console.log(line);
    figures.push(...found);
  }
  writeFileSync(`${dir}/bench.json`, `${JSON.stringify({ at: new Date().toISOString(), about, figures }, null, 2)}\n`);
  const missed = figures.filter(({ met }) => !met).length;
  console.log(`\n${figures.length - missed} of ${figures.length} goals met; the figures as JSON: ${dir}/bench.json`);
} finally {
  await Promise.all([postgres.stop(), log.stop()]);
}
