import kafkajs, { type LogEntry } from 'kafkajs';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFunction = (level: LogLevel, message: string, extra: Readonly<Record<string, unknown>>) => void;

/**
 * Messages that kafkajs logs as errors and that need no action: the coordinator of a new broker, a rebalance, a restarted consumer, and an
 * exhausted producer, which `KafkaPublisher` replaces.
 */
const expectedErrors =
  /coordinator is (loading|not available)|group is rebalancing|^Restarting the consumer|^Limiting retries for the idempotent producer/i;

const levels: Readonly<Record<number, LogLevel>> = {
  [kafkajs.logLevel.ERROR]: 'error',
  [kafkajs.logLevel.WARN]: 'warn',
  [kafkajs.logLevel.INFO]: 'info',
};

/** Forwards kafkajs's log entries to `log`; messages that need no action have level `debug`. */
export const kafkaLogger =
  (log: LogFunction) =>
  () =>
  ({ namespace, level, log: { message, ...extra } }: LogEntry): void => {
    const isExpected = expectedErrors.test(`${message} ${String(extra['error'] ?? '')}`);
    log(isExpected ? 'debug' : (levels[level] ?? 'debug'), message, { namespace, ...extra });
  };
