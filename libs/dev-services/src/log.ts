import { mkdirSync } from 'node:fs';
import { chosen, remember, remembered } from './choice.js';
import { createDatabase } from './databases.js';
import { type DevKafka, givenKafka, startJavaKafka } from './kafka.js';
import type { DevPostgres, DevServiceOptions } from './postgres.js';
import { Unavailable } from './unavailable.js';

/** The database of the embedded log. */
export const logDatabase = 'orderloom_log';

const kinds = ['docker', 'java', 'embedded'] as const;
type Kind = (typeof kinds)[number];

export interface LogOptions extends DevServiceOptions {
  /** Where the embedded log is, if it has to stand in. */
  readonly postgres: Promise<Pick<DevPostgres, 'url'>>;
}

/**
 * Kafka: the given one, else in Docker, else by Java, else the log embedded in `postgres` stands in. `ORDERLOOM_LOG` chooses; what an
 * earlier start took is taken again, since its messages are there. Throws `Unavailable`.
 */
export async function findOrStartKafka(options: LogOptions): Promise<DevKafka> {
  const { dir, given } = options;
  if (given) return givenKafka(given);
  mkdirSync(dir, { recursive: true });
  const choice = chosen('ORDERLOOM_LOG', kinds);
  const before = kinds.find((kind) => kind === remembered(dir, 'log.kind'));
  if (choice && before && choice !== before) {
    throw new Unavailable(
      `ORDERLOOM_LOG is ${choice}, but the messages of earlier starts are in the one that was ${before}: unset it, or start with --fresh.`,
    );
  }
  const only = choice ?? before;
  const found = only ? await start(only, options, only === choice ? 'ORDERLOOM_LOG chooses it' : 'it was so before') : await first(options);
  remember(dir, 'log.kind', found.kind);
  return found;
}

/** The first that can be had; the embedded log always can. */
async function first(options: LogOptions): Promise<DevKafka> {
  const reasons: string[] = [];
  for (const kind of ['docker', 'java'] as const) {
    try {
      return await start(kind, options, '');
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      reasons.push(error.why);
    }
  }
  return start('embedded', options, reasons.join(', '));
}

async function start(kind: Kind, { dir, postgres }: LogOptions, why: string): Promise<DevKafka> {
  if (kind === 'docker') throw new Unavailable('no Docker yet');
  if (kind === 'java') return startJavaKafka(dir);
  const url = await createDatabase((await postgres).url, logDatabase);
  return { kind, brokers: [], url, about: `The log embedded in Postgres stands in for Kafka (${why})`, stop: async () => undefined };
}

/** What tells a process where the log is. */
export const logEnvironment = ({ brokers, url = '' }: Pick<DevKafka, 'brokers' | 'url'>) => ({
  KAFKA_BROKERS: brokers.join(','),
  LOG_URL: url,
});
