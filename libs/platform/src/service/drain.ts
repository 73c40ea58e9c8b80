import type { EventEmitter } from 'node:events';
import type { ProcessLogger } from '../observability/logger.js';

/** An uncaught error ends the process with a log line without secrets, instead of the runtime's own output. */
export function exitOnUncaughtError(log: ProcessLogger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'nobody caught this');
      process.exit(1);
    });
}

/**
 * On SIGTERM or SIGINT: `close` once, then exit with 0; with 1 when it fails or takes longer than `graceMs`.
 * Open requests are answered before `app.close()` resolves.
 */
export function drainOnSignals(
  close: () => Promise<void>,
  log: ProcessLogger,
  graceMs = 20_000,
  host: Pick<EventEmitter, 'on'> & { exit(code: number): void } = process,
): void {
  let draining = false;
  const drain = (signal: string): void => {
    if (draining) return;
    draining = true;
    log.info({ signal }, 'draining');
    setTimeout(() => {
      log.error({ graceMs }, 'not drained in time');
      host.exit(1);
    }, graceMs).unref();
    close().then(
      () => host.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'draining failed');
        host.exit(1);
      },
    );
  };
  host.on('SIGTERM', () => drain('SIGTERM'));
  host.on('SIGINT', () => drain('SIGINT'));
}
