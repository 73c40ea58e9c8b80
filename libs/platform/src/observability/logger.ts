import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { redactSecrets } from './secrets.js';

export type ProcessLogger = Logger;

/**
 * The log of one process: a JSON line each on standard output, with its service's name. What looks like a secret is
 * removed from the finished line, whatever it came in: a field, a message, an error's properties; and so are `known` ones.
 */
export function createLog(
  service: string,
  level: string = 'info',
  { destination, known = [] }: { destination?: DestinationStream; known?: readonly string[] } = {},
): ProcessLogger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => redactSecrets(line, known) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The same logger as a Nest `LoggerService`: the last text of a call is its context. */
export function nestLog(log: ProcessLogger): LoggerService {
  const at =
    (level: Level) =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
      const extra = rest.length > 0 ? { context, extra: rest } : { context };
      if (message instanceof Error) log[level]({ ...extra, err: message }, message.message);
      else log[level](extra, typeof message === 'string' ? message : JSON.stringify(message));
    };
  // Nest's own start messages are of level debug
  return { log: at('debug'), error: at('error'), warn: at('warn'), debug: at('debug'), verbose: at('trace'), fatal: at('fatal') };
}

/** The same logger as a function, for libraries without a logger; `extra` has plain fields. */
export const logFunction =
  (log: ProcessLogger) =>
  (level: 'error' | 'warn' | 'info' | 'debug', message: string, extra: object = {}): void =>
    log[level](extra, message);
