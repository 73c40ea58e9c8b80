import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asksForHelp, findOrStartKafka, findOrStartPostgres, readArguments, removeData } from '@orderloom/dev-services';
import { EmbeddedLog, KafkaLog } from '@orderloom/messaging';
import { soak } from './soak.js';

/** `npm run soak -- SECONDS`: 60 by default; exits with 1 and prints the first violations if an invariant is violated. */
const args = process.argv.slice(2);
if (asksForHelp(args)) {
  console.log(
    'npm run soak -- [SECONDS]\n\nConcurrent writers and readers with faults for SECONDS (60 by default), then an audit. The exit code is 1 if an invariant is violated.',
  );
  process.exit(0);
}
const [given = '60'] = readArguments(args, { usage: 'npm run soak -- [SECONDS]', positionals: 1 }).positionals;
const seconds = Number(given);
if (!(seconds > 0)) throw new RangeError(`invalid SECONDS "${given}": expected a positive number`);
const dir = mkdtempSync(join(tmpdir(), 'orderloom-soak-'));
chmodSync(dir, 0o755); // the database's user must reach it
const starting = findOrStartPostgres({ dir, given: process.env['DATABASE_URL'] });
const [postgres, kafka] = await Promise.all([starting, findOrStartKafka({ dir, given: process.env['KAFKA_BROKERS'], postgres: starting })]);
console.log(`Soaking for ${seconds} s on ${postgres.about}; ${kafka.about}.`);
const { url } = kafka;
const log =
  url === undefined ? new KafkaLog({ brokers: [...kafka.brokers], clientId: 'soak' }) : new EmbeddedLog({ url, clientId: 'soak' });
const { broken, lostByPosition, invertedUnguarded, ...figures } = await soak({ server: postgres.url, log, seconds, say: console.log });
await log.close();
await Promise.all([postgres.stop(), kafka.stop()]);
await removeData(dir);
rmSync(dir, { recursive: true, force: true });

for (const [what, count] of Object.entries(figures)) console.log(`${what.padEnd(12)} ${count}`);
console.log(
  `A reader by position alone lost ${lostByPosition} of ${figures.committed}; without the guard ${invertedUnguarded} came inverted.`,
);
for (const violation of broken.slice(0, 10)) console.log(`  ${violation}`);
console.log(broken.length === 0 ? 'All invariants hold.' : `Invariants are violated: ${broken.length} violations.`);
process.exitCode = broken.length === 0 ? 0 : 1;
