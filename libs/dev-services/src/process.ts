import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** File that its output is appended to. */
  readonly log: string;
  /** What it understands as "end in good order". */
  readonly signal?: NodeJS.Signals;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: User;
  /** Gets its standard output line by line, instead of the log; `reply` writes a line to its standard input. */
  readonly onLine?: (line: string, reply: (line: string) => void) => void;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Running {
  readonly pid: number;
  readonly log: string;
  /** Resolves when it has ended, with how: `exit code 1`, `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** Asks it to end, kills it after `grace` milliseconds, resolves when it is gone. */
  stop(grace?: number): Promise<void>;
}

// Lives beside a process and sees our end, however we end, by its standard input: then it stops that process.
const guardian = `read -r _; kill -s "$1" "$0"; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$0" || exit 0; done; kill -9 "$0"`;

/** Starts a process in a session of its own: Ctrl-C does not reach it, and it does not outlive us. */
export function launch({ command, args, log, signal = 'SIGTERM', cwd, env, user, onLine }: Launch): Running {
  const out = openSync(log, 'a');
  const child = spawn(command, args, {
    cwd,
    env,
    ...user,
    detached: true,
    stdio: [onLine ? 'pipe' : 'ignore', onLine ? 'pipe' : out, out],
  });
  closeSync(out);
  const guard = child.pid === undefined ? undefined : watchOver(child.pid, signal);
  if (onLine && child.stdout) {
    // one that has ended reads no more, and says so by its end
    child.stdin?.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => onLine(line, (answer) => child.stdin?.write(`${answer}\n`)));
  }
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    const end = (how: string) => {
      ended = true;
      guard?.kill('SIGKILL');
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, by) => end(by === null ? `exit code ${code}` : `signal ${by}`));
  });
  const pid = child.pid ?? 0;
  const stop = async (grace = 10_000): Promise<void> => {
    if (ended) return;
    child.kill(signal);
    const force = setTimeout(() => signalTo(-pid, 'SIGKILL'), grace);
    await exited;
    clearTimeout(force);
  };
  return { pid, log, exited, stop };
}

function watchOver(pid: number, signal: NodeJS.Signals) {
  const guard = spawn('sh', ['-c', guardian, String(pid), signal.slice(3)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  return guard;
}

/** Waits until `ready` says so; what happened instead: how it ended, or that two minutes went by. */
export async function whyNotReady(running: Running, ready: () => Promise<boolean>): Promise<string | undefined> {
  for (const until = Date.now() + 120_000; Date.now() < until;) {
    if (await ready()) return undefined;
    const how = await Promise.race([running.exited, pause(50, undefined)]);
    if (how !== undefined) return how;
  }
  return 'no answer within two minutes';
}

/** Where process `name` of folder `dir` (`.orderloom`) writes its log. */
export function logFile(dir: string, name: string): string {
  mkdirSync(join(dir, 'log'), { recursive: true });
  return join(dir, 'log', `${name}.log`);
}

/** The last `lines` lines of a log. */
export const tail = (log: string, lines = 15): string =>
  existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';

/** Whether process `pid` runs and its command line holds `mark`; a number that another program has now is not ours. */
export const isOurs = (pid: number, mark: string): boolean => mark !== '' && commandLine(pid).includes(mark);

/** Ends what an earlier start left running, if it is still that: asks, then kills after `grace` milliseconds. */
export async function endLeftOver(pid: number, mark: string, signal: NodeJS.Signals, grace = 5_000): Promise<void> {
  if (!isOurs(pid, mark)) return;
  signalTo(pid, signal);
  for (const until = Date.now() + grace; isOurs(pid, mark); await pause(20)) if (Date.now() > until) signalTo(pid, 'SIGKILL');
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone in the meantime: what was wanted
  }
}

function commandLine(pid: number): string {
  if (!Number.isSafeInteger(pid) || pid <= 1) return '';
  try {
    if (existsSync('/proc/self')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
