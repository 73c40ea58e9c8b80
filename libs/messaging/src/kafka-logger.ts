import kafkajs, { type LogEntry } from 'kafkajs';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFunction = (level: LogLevel, message: string, extra: Readonly<Record<string, unknown>>) => void;

/**
 * What kafkajs calls errors and is none: the group coordinator of a young broker, a member that came or went, a
 * consumer that begins anew, and a producer whose retries end, which `KafkaPublisher` answers with a new producer.
 */
const everyday =
  /coordinator is (loading|not available)|group is rebalancing|^Restarting the consumer|^Limiting retries for the idempotent producer/i;

const levels: Readonly<Record<number, LogLevel>> = {
  [kafkajs.logLevel.ERROR]: 'error',
  [kafkajs.logLevel.WARN]: 'warn',
  [kafkajs.logLevel.INFO]: 'info',
};

/** kafkajs' log entries for `log`; what belongs to its everyday life comes as `debug`. */
export const kafkaLogger =
  (log: LogFunction) =>
  () =>
  ({ namespace, level, log: { message, ...extra } }: LogEntry): void => {
    const isEveryday = everyday.test(`${message} ${String(extra['error'] ?? '')}`);
    log(isEveryday ? 'debug' : (levels[level] ?? 'debug'), message, { namespace, ...extra });
  };
