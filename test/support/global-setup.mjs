import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One Postgres and one log for the whole run; those of TEST_DATABASE_URL and TEST_KAFKA_BROKERS (or TEST_LOG_URL) where they are set. */
export default async () => {
  // the processes that tests of faults start
  const ours = ['libs', 'test/faults'];
  execFileSync('node_modules/.bin/swc', [...ours, '-d', 'dist', '--ignore', '**/*.spec.ts', '--quiet']);
  if (process.env.TEST_DATABASE_URL && (process.env.TEST_KAFKA_BROKERS || process.env.TEST_LOG_URL)) return;
  const { findOrStartKafka, findOrStartPostgres, removeData } = await import('../../dist/libs/dev-services/src/index.js');
  const dir = mkdtempSync(join(tmpdir(), 'orderloom-test-'));
  chmodSync(dir, 0o755); // the database's user must reach it
  const starting = findOrStartPostgres({ dir, given: process.env.TEST_DATABASE_URL, durable: false });
  const finding = findOrStartKafka({ dir, given: process.env.TEST_KAFKA_BROKERS, postgres: starting });
  const [postgres, kafka] = await Promise.all([starting, finding]);
  const skipped = kafka.url ? ' What only Kafka can do is skipped.' : '';
  console.log(`\nTests run on: ${postgres.about}; ${kafka.about}.${skipped}`);
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.TEST_KAFKA_BROKERS = kafka.brokers.join(',');
  if (kafka.url) {
    process.env.TEST_LOG_URL = kafka.url;
    const { EmbeddedLog } = await import('../../dist/libs/messaging/src/index.js');
    const log = new EmbeddedLog({ url: kafka.url, clientId: 'test' });
    await log.ensureTopics([]);
    await log.close();
  }
  globalThis.stopDevServices = async () => {
    await Promise.all([postgres.stop(), kafka.stop()]);
    await removeData(dir);
    rmSync(dir, { recursive: true, force: true });
  };
};
