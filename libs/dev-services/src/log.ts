import { mkdirSync } from 'node:fs';
import { takeUp } from './choice.js';
import { createDatabase } from './databases.js';
import { startDockerKafka } from './docker-kafka.js';
import { type DevKafka, givenKafka, startJavaKafka } from './kafka.js';
import type { DevPostgres, DevServiceOptions } from './postgres.js';

/** The database of the embedded log. */
export const logDatabase = 'orderloom_log';

export interface LogOptions extends DevServiceOptions {
  /** Where the embedded log is, if it has to stand in. */
  readonly postgres: Promise<Pick<DevPostgres, 'url'>>;
}

/**
 * Kafka: the given one, else in Docker, else by Java, else the log embedded in `postgres` stands in. `ORDERLOOM_LOG` chooses; what an
 * earlier start took is taken again, since its messages are there. Throws `Unavailable`.
 */
export async function findOrStartKafka({ dir, given, postgres }: LogOptions): Promise<DevKafka> {
  if (given) return givenKafka(given);
  mkdirSync(dir, { recursive: true });
  return takeUp({
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
  const about = `The log embedded in Postgres stands in for Kafka (${why})`;
  return { kind: 'embedded', brokers: [], url, about, stop: async () => undefined };
}

/** What tells a process where the log is. */
export const logEnvironment = ({ brokers, url = '' }: Pick<DevKafka, 'brokers' | 'url'>) => ({
  KAFKA_BROKERS: brokers.join(','),
  LOG_URL: url,
});
