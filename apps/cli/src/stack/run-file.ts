import { type DevKafka, isOurs, Unavailable } from '@orderloom/dev-services';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Addresses of the running processes, for scripts and other clients: `.orderloom/run.json`. */
export interface Run {
  readonly kafka: Pick<DevKafka, 'kind' | 'brokers' | 'url'>;
  readonly postgres: string;
  readonly keyRing: { readonly url: string; readonly masterKeyFile: string };
  readonly services: Readonly<Record<string, string>>;
  /** File with a token of each role. */
  readonly tokens: string;
  readonly pids: Readonly<Record<string, number>>;
}

/** The running installation of `dir`; undefined if nothing runs. */
export function readRun(dir: string): Run | undefined {
  const file = join(dir, 'run.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : undefined;
}

/** Writes the file atomically. */
export function writeRun(dir: string, run: Run): void {
  const part = join(dir, 'run.json.part');
  writeFileSync(part, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(part, join(dir, 'run.json'));
}

/**
 * Acquires the lock of `dir`, so that one command at a time uses it. `stop` releases the lock and removes `run.json`. Throws `Unavailable`.
 */
export function acquireRunLock(dir: string): { stop(): Promise<void> } {
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, 'start.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (pid !== process.pid && isOurs(pid, 'apps/cli/src/main.js')) {
    throw new Unavailable(
      `Orderloom already runs in this folder as process ${pid}: stop it first (Ctrl-C in its terminal, or kill ${pid}).`,
    );
  }
  writeFileSync(pidFile, String(process.pid));
  rmSync(join(dir, 'run.json'), { force: true });
  const stop = async () => [pidFile, join(dir, 'run.json')].forEach((file) => rmSync(file, { force: true }));
  return { stop };
}
