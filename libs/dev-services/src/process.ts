import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** File to which the output is appended. */
  readonly log: string;
  /** Signal for an orderly shutdown. */
  readonly signal?: NodeJS.Signals;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: User;
  /** Receives standard output line by line instead of the log; `reply` writes a line to standard input. */
  readonly onLine?: (line: string, reply: (line: string) => void) => void;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Running {
  readonly pid: number;
  readonly log: string;
  /** Resolves when the process has ended, with the cause: `exit code 1`, `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** Sends the shutdown signal, kills the process after `grace` milliseconds, and resolves when it has ended. */
  stop(grace?: number): Promise<void>;
}

// Runs beside the process and stops it when its own standard input closes, however this process ends.
const guardian = `read -r _; kill -s "$1" "$0"; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$0" || exit 0; done; kill -9 "$0"`;

/** Starts a process in its own session: Ctrl-C does not reach it, and it ends with this process. */
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
  const guard = child.pid === undefined ? undefined : startGuardian(child.pid, signal);
  if (onLine && child.stdout) {
    // Ignored: a process that has ended reports that through its exit.
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

function startGuardian(pid: number, signal: NodeJS.Signals) {
  const guard = spawn('sh', ['-c', guardian, String(pid), signal.slice(3)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  return guard;
}

/** Waits until `ready` resolves to true. Resolves to undefined, or to the reason: the cause of the exit, or a timeout of two minutes. */
export async function whyNotReady(running: Running, ready: () => Promise<boolean>): Promise<string | undefined> {
  for (const until = Date.now() + 120_000; Date.now() < until;) {
    if (await ready()) return undefined;
    const how = await Promise.race([running.exited, pause(50, undefined)]);
    if (how !== undefined) return how;
  }
  return 'not ready within two minutes';
}

/** Log file of process `name` in folder `dir` (`.orderloom`). */
export function logFile(dir: string, name: string): string {
  mkdirSync(join(dir, 'log'), { recursive: true });
  return join(dir, 'log', `${name}.log`);
}

/** The last `lines` lines of a log. */
export const tail = (log: string, lines = 15): string =>
  existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';

/** Returns whether process `pid` runs with `mark` in its command line, since another program may have reused the id. */
export const isOurs = (pid: number, mark: string): boolean => mark !== '' && commandLine(pid).includes(mark);

/** Ends a process that an earlier start left running: sends `signal`, then kills it after `grace` milliseconds. */
export async function endLeftOver(pid: number, mark: string, signal: NodeJS.Signals, grace = 5_000): Promise<void> {
  if (!isOurs(pid, mark)) return;
  signalTo(pid, signal);
  for (const until = Date.now() + grace; isOurs(pid, mark); await pause(20)) if (Date.now() > until) signalTo(pid, 'SIGKILL');
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended already.
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
