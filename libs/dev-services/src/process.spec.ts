import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endLeftOver, isOurs, launch, logFile, tail, whyNotReady } from './process.js';

const dir = mkdtempSync(join(tmpdir(), 'orderloom-process-'));
afterAll(() => rmSync(dir, { recursive: true }));

const run = (script: string) => launch({ command: process.execPath, args: ['-e', script], log: logFile(dir, 'child') });
const stays = 'console.log("up"); setInterval(() => {}, 1e6);';
const heard = async (log: string) => {
  while (!tail(log).includes('up')) await pause(10);
};
const gone = async (pid: number) => {
  for (const until = Date.now() + 10_000; isOurs(pid, process.execPath); await pause(10))
    if (Date.now() > until) throw new Error(`${pid} still runs`);
};

beforeEach(() => writeFileSync(logFile(dir, 'child'), ''));

describe('a launched process', () => {
  it('its exit is reported, and its output is in its log', async () => {
    const child = run('console.log("out"); console.error("err"); process.exit(3)');
    expect(await child.exited).toBe('exit code 3');
    expect(tail(child.log).split('\n').sort()).toEqual(['err', 'out']);
  });

  it('it is asked to end and may finish its work', async () => {
    const child = run(`process.on('SIGTERM', () => { console.log('drained'); process.exit(0); }); ${stays}`);
    await heard(child.log);
    await child.stop();
    expect(await child.exited).toBe('exit code 0');
    expect(tail(child.log)).toContain('drained');
  });

  it('it is killed if it does not end in time', async () => {
    const child = run(`process.on('SIGTERM', () => {}); ${stays}`);
    await heard(child.log);
    await child.stop(50);
    expect(await child.exited).toBe('signal SIGKILL');
  });

  it('a program that cannot be run has ended, with the reason', async () => {
    const child = launch({ command: join(dir, 'no-such-program'), args: [], log: logFile(dir, 'child') });
    expect(await child.exited).toContain('ENOENT');
    await child.stop();
  });

  it('it does not outlive its launcher, even a killed one', async () => {
    const library = new URL('../../../dist/libs/dev-services/src/index.js', import.meta.url).href;
    const launcher = `const { launch } = await import(${JSON.stringify(library)});
      const child = launch({ command: process.execPath, args: ['-e', ${JSON.stringify(stays)}], log: ${JSON.stringify(logFile(dir, 'child'))} });
      process.stdout.write(String(child.pid)); setInterval(() => {}, 1e6);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(data))));
    await heard(logFile(dir, 'child'));
    parent.kill('SIGKILL');
    try {
      await gone(pid);
    } finally {
      await endLeftOver(pid, process.execPath, 'SIGKILL');
    }
  });
});

describe('the wait for a process', () => {
  it('the wait ends when the process is ready or has died', async () => {
    const child = run(stays);
    expect(await whyNotReady(child, () => Promise.resolve(tail(child.log).includes('up')))).toBeUndefined();
    await child.stop();
    expect(await whyNotReady(child, () => Promise.resolve(false))).toBe('signal SIGTERM');
  });
});

describe('the end of a process that an earlier start left', () => {
  it('the process is ended, by force if it ignores the signal', async () => {
    const left = run(`process.on('SIGTERM', () => {}); /* mark-of-ours */ ${stays}`);
    await heard(left.log);
    await endLeftOver(left.pid, 'mark-of-ours', 'SIGTERM', 50);
    expect(await left.exited).toBe('signal SIGKILL');
  });

  it('another program with the same process id is left alone', async () => {
    const other = run(stays);
    await heard(other.log);
    await endLeftOver(other.pid, 'mark-of-ours', 'SIGKILL', 50);
    expect(isOurs(other.pid, process.execPath)).toBe(true);
    await other.stop();
  });

  it('an unused or invalid process id counts as ended', async () => {
    for (const pid of [Number.NaN, 0, 1, -1, 4_194_305]) await endLeftOver(pid, '', 'SIGKILL');
    expect(readFileSync(logFile(dir, 'child'), 'utf8')).toBe('');
  });
});
