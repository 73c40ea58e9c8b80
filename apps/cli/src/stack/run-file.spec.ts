import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireRunLock, writeRun } from './run-file.js';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'orderloom-run-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const run = {
  kafka: { kind: 'java', brokers: ['127.0.0.1:9'] },
  postgres: 'postgres://p',
  keyRing: { url: 'postgres://k', masterKeyFile: '/k' },
  services: { order: 'http://o' },
  tokens: '/t',
  pids: { order: 7 },
} as const;

describe('the run lock of a folder', () => {
  it('a second start is refused and names the running process', async () => {
    const other = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)', 'apps/cli/src/main.js']);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    writeFileSync(join(dir, 'start.pid'), String(other.pid));
    expect(() => acquireRunLock(dir)).toThrow(`Orderloom already runs in this folder as process ${other.pid}: stop it first`);
    other.kill();
    await new Promise((resolve) => other.once('exit', resolve));
    expect(() => acquireRunLock(dir)).not.toThrow();
  });

  it('the lock of a killed process is taken over, and its run file is removed', () => {
    writeFileSync(join(dir, 'start.pid'), '4194305');
    writeRun(dir, run);
    acquireRunLock(dir);
    expect(existsSync(join(dir, 'run.json'))).toBe(false);
  });

  it('a released lock leaves no files behind', async () => {
    const place = acquireRunLock(dir);
    writeRun(dir, run);
    expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))).toEqual(run);
    await place.stop();
    expect(existsSync(join(dir, 'run.json'))).toBe(false);
    expect(existsSync(join(dir, 'start.pid'))).toBe(false);
  });
});
