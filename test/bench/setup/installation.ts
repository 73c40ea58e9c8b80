import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `npm start -- --bare` of its own data, in a folder of its own. */
export interface Installation {
  readonly dir: string;
  /** From the start of the command until it said where everything is. */
  readonly readySeconds: number;
  readonly brokers: readonly string[];
  readonly postgres: string;
  stop(): Promise<void>;
}

/** A folder that has what was built, as a checkout has. */
export function checkout(): string {
  const dir = mkdtempSync(join(tmpdir(), 'orderloom-bench-'));
  chmodSync(dir, 0o755); // the database's user must reach it
  symlinkSync(resolve('dist'), join(dir, 'dist'));
  return dir;
}

export const discard = (dir: string): void => rmSync(dir, { recursive: true, force: true });

/** Starts what is in `dir`, with its data where it has run before; throws with its last words where it does not get ready. */
export async function started(dir: string, env: NodeJS.ProcessEnv = {}): Promise<Installation> {
  const since = performance.now();
  const ports = Object.fromEntries(['ORDER', 'LOGISTICS', 'REFUND', 'AFTER_SALES', 'CONSOLE'].map((name) => [`${name}_PORT`, '0']));
  const { DATABASE_URL: _, KAFKA_BROKERS: __, ...own } = process.env;
  const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', 'start', '--bare'], {
    cwd: dir,
    env: { ...own, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (words = `${words}${data.toString()}`.slice(-4000)));
  const ended = once(child, 'exit');
  const file = join(dir, '.orderloom', 'run.json');
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error(`start ended:\n${words}`);
    await delay(10);
  }
  const readySeconds = (performance.now() - since) / 1000;
  const run = JSON.parse(readFileSync(file, 'utf8')) as { kafka: { brokers: string[] }; postgres: string };
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
  };
  return { dir, readySeconds, brokers: run.kafka.brokers, postgres: run.postgres, stop };
}
