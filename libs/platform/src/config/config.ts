import { storefrontName } from '@orderloom/contracts';
import { z } from 'zod';
import { authConfig, authFaults } from '../auth/config-auth.js';
import { kafkaConfig, kafkaFaults } from './config-kafka.js';

/** The environment is invalid. The message has one sentence per invalid variable, without values. */
export class WrongConfiguration extends Error {
  override readonly name = 'WrongConfiguration';
}

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().max(65535));
const host = z.string().regex(/^[A-Za-z0-9.:-]+$/);
const broker = z.string().regex(/^[^\s:,]+:\d{1,5}$/);
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));
const level = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

/** Environment of every service. `baseConfig.extend({ … })` adds variables. A description completes the sentence "NAME must be …". */
export const baseConfig = z.object({
  DATABASE_URL: postgresUrl.describe('a Postgres address (postgres://user@host:port/database)'),
  KAFKA_BROKERS: list.pipe(z.array(broker)).optional().describe('one or more addresses (host:port), separated by commas'),
  LOG_URL: postgresUrl.optional().describe('a Postgres address (postgres://user@host:port/database)'),
  PORT: port.default(0).describe('a port from 0 (any free one) to 65535'),
  HOST: host.default('127.0.0.1').describe('an address or host name to listen on'),
  MAIN_STOREFRONT: storefrontName.default('main').describe('a storefront: 1 to 59 letters, digits, dots, hyphens or underscores'),
  LOG_LEVEL: level.default('info').describe(`one of ${level.options.join(', ')}`),
  ...kafkaConfig,
  ...authConfig,
});
export type BaseConfig = z.output<typeof baseConfig>;

/** Parses the environment by `schema`. An empty variable counts as missing. Throws `WrongConfiguration`. */
export function readConfig<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv = process.env): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const result = schema.safeParse(given);
  const wrong = new Set(result.error?.issues.map((issue) => String(issue.path[0])));
  const sentences = [...wrong].map((name) => sentence(name, given[name], schema.shape[name])).concat(logFaults(schema, given));
  // rules over several variables are checked after each variable is valid
  const together = result.success ? [...kafkaFaults(result.data), ...('AUTH_JWKS' in schema.shape ? authFaults(result.data) : [])] : [];
  const faults = [...sentences, ...together];
  if (!result.success || faults.length > 0) throw new WrongConfiguration(faults.join('\n'));
  return result.data;
}

/** A process with a log needs exactly one of the two. */
function logFaults(schema: z.ZodObject, { KAFKA_BROKERS, LOG_URL }: NodeJS.ProcessEnv): string[] {
  if (!('KAFKA_BROKERS' in schema.shape)) return [];
  const either = 'one of KAFKA_BROKERS (Kafka) and LOG_URL (the log embedded in Postgres)';
  if (KAFKA_BROKERS !== undefined && LOG_URL !== undefined) return [`KAFKA_BROKERS and LOG_URL are both set: set ${either}.`];
  return KAFKA_BROKERS === undefined && LOG_URL === undefined ? [`KAFKA_BROKERS is missing: set ${either}.`] : [];
}

function sentence(name: string, value: string | undefined, schema: unknown): string {
  const rule = schema instanceof z.ZodType ? schema.description : undefined;
  return `${name} ${value === undefined ? 'is missing: it ' : ''}must be ${rule ?? 'something else'}.`;
}
