import { type DevKafka, isOurs, Unavailable } from '@orderloom/dev-services';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything is while it runs, for scripts and other people's clients: `.orderloom/run.json`. */
export interface Run {
  readonly kafka: Pick<DevKafka, 'kind' | 'brokers' | 'url'>;
  readonly postgres: string;
  readonly keyRing: { readonly url: string; readonly masterKeyFile: string };
  readonly services: Readonly<Record<string, string>>;
  /** File with a token of each role. */
  readonly tokens: string;
  readonly pids: Readonly<Record<string, number>>;
}

/** What runs now in `dir`; undefined where nothing does. */
export function readRun(dir: string): Run | undefined {
  const file = join(dir, 'run.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : undefined;
}

/** Writes it whole: who sees the file sees all of it. */
export function writeRun(dir: string, run: Run): void {
  const part = join(dir, 'run.json.part');
  writeFileSync(part, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(part, join(dir, 'run.json'));
}

/** Makes sure that one `start` at a time uses `dir`; what it returns gives `dir` free and removes `run.json`. */
export function occupy(dir: string): { stop(): Promise<void> } {
  mkdirSync(dir, { recursive: true });
  const note = join(dir, 'start.pid');
  const pid = existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0;
  if (pid !== process.pid && isOurs(pid, 'apps/cli/src/main.js')) {
    throw new Unavailable(
      `Orderloom already runs in this folder as process ${pid}: stop that first (Ctrl-C where it runs, or kill ${pid}).`,
    );
  }
  writeFileSync(note, String(process.pid));
  rmSync(join(dir, 'run.json'), { force: true });
  const stop = async () => [note, join(dir, 'run.json')].forEach((file) => rmSync(file, { force: true }));
  return { stop };
}
