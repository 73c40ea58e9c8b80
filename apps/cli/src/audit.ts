import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOrStartKafka, findOrStartPostgres, logEnvironment, Unavailable } from '@orderloom/dev-services';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { House } from './house.js';
import { readRun } from './run-file.js';
import { say, table } from './screen.js';
import { audited, databaseOf, main } from './services.js';

const witnessesShown = 5;
const run = promisify(execFile);

interface Finding {
  readonly invariant: string;
  readonly says: string;
  readonly witnesses: readonly string[];
}

/** `audit`: reads committed facts only, of what runs in this folder or was stopped here, and says what holds; 1 where something does not. */
export async function audit(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new Unavailable('audit takes no arguments: it looks at the data of this folder.');
  if (!existsSync(main('order'))) throw new Unavailable('Nothing is built yet: run npm run build first.');
  const running = readRun('.orderloom');
  if (running) return report(await auditAll(running.postgres, logEnvironment(running.kafka)));
  let broken = 0;
  await House.visit(async (house) => {
    const dir = resolve('.orderloom');
    if (!existsSync(dir)) throw new Unavailable('There is nothing to audit in this folder: npm start first.');
    const { DATABASE_URL, KAFKA_BROKERS } = process.env;
    const starting = house.own(findOrStartPostgres({ dir, given: DATABASE_URL }));
    const [postgres, kafka] = await Promise.all([starting, house.own(findOrStartKafka({ dir, given: KAFKA_BROKERS, postgres: starting }))]);
    broken = report(await auditAll(postgres.url, logEnvironment(kafka)));
  });
  return broken;
}

const auditAll = (server: string, log: object): Promise<[string, readonly Finding[]][]> =>
  Promise.all(
    audited.map(async (service): Promise<[string, readonly Finding[]]> => {
      const env = { ...process.env, DATABASE_URL: databaseOf(server, service), ...log };
      const { stdout } = await run(process.execPath, [main(service), 'audit'], { env, maxBuffer: 256 * 1024 * 1024 }).catch(
        ({ stderr, message }: { stderr?: string; message: string }) => {
          throw new Unavailable(`${service} can't be audited: ${stderr?.trim() || message}`);
        },
      );
      return [service, JSON.parse(stdout) as Finding[]];
    }),
  );

/** Says in one line each what holds; 1 where something does not. */
export function report(found: readonly (readonly [string, readonly Finding[]])[]): number {
  const all = found.flatMap(([service, findings]) => findings.map((finding) => ({ service, ...finding })));
  const byNumber = all.sort((a, b) => a.invariant.localeCompare(b.invariant) || a.service.localeCompare(b.service));
  table(
    byNumber.map(({ invariant, service, witnesses, says }) => [invariant, witnesses.length > 0 ? 'BROKEN' : 'holds', service, says]),
  ).forEach(say);
  const broken = byNumber.filter(({ witnesses }) => witnesses.length > 0);
  for (const { invariant, service, witnesses } of broken) {
    say(`\n${invariant} does not hold in ${service}: ${witnesses.length} witness${witnesses.length === 1 ? '' : 'es'}`);
    witnesses.slice(0, witnessesShown).forEach((witness) => say(`  ${witness}`));
  }
  say(broken.length === 0 ? '\nEverything holds.' : '\nSomething does not hold.');
  return broken.length === 0 ? 0 : 1;
}
