import { mkdirSync } from 'node:fs';
import { startChosen } from './choice.js';
import { createDatabase } from './postgres/databases.js';
import { startDockerKafka } from './kafka/docker-kafka.js';
import { type DevKafka, givenKafka, startJavaKafka } from './kafka/kafka.js';
import type { DevServiceOptions } from './postgres/postgres.js';
import type { DevPostgres } from './postgres/dev-postgres.js';

/** Name of the embedded log's database. */
export const logDatabase = 'orderloom_log';

export interface LogOptions extends DevServiceOptions {
  /** The Postgres server for the embedded log. */
  readonly postgres: Promise<Pick<DevPostgres, 'url'>>;
}

/**
 * Finds or starts Kafka: the given one, else in Docker, else with Java; otherwise uses the log embedded in `postgres`. `ORDERLOOM_LOG`
 * selects one. The kind of an earlier start is used again, because it holds the data. Throws `Unavailable`.
 */
export async function findOrStartKafka({ dir, given, postgres }: LogOptions): Promise<DevKafka> {
  if (given) return givenKafka(given);
  mkdirSync(dir, { recursive: true });
  return startChosen({
    variable: 'ORDERLOOM_LOG',
    dir,
    note: 'log.kind',
    kinds: {
      docker: () => startDockerKafka(dir),
      java: () => startJavaKafka(dir),
      embedded: async (why) => embeddedLog((await postgres).url, why),
    },
  });
}

async function embeddedLog(server: string, why: string): Promise<DevKafka> {
  const url = await createDatabase(server, logDatabase);
  const about = `The log embedded in Postgres, instead of Kafka (${why})`;
  return { kind: 'embedded', brokers: [], url, about, stop: async () => undefined };
}

/** Environment variables with the address of the log. */
export const logEnvironment = ({ brokers, url = '' }: Pick<DevKafka, 'brokers' | 'url'>) => ({
  KAFKA_BROKERS: brokers.join(','),
  LOG_URL: url,
});
