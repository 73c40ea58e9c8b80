import { logFile, type Running } from '@orderloom/dev-services';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessGroup } from './process-group.js';

const dir = mkdtempSync(join(tmpdir(), 'orderloom-house-'));
afterAll(() => rmSync(dir, { recursive: true }));

const script = (text: string) => ({ command: process.execPath, args: ['-e', text], log: logFile(dir, 'child') });
const stays = script('setInterval(() => {}, 1e6)');
const stoppable = (name: string, stopped: string[]) => ({ stop: async () => void stopped.push(name) });

describe('a house', () => {
  it('stops what it has opened on a signal, the last first', async () => {
    const stopped: string[] = [];
    await ProcessGroup.runUntilSignal(async (house) => {
      await house.track(Promise.resolve(stoppable('first', stopped)));
      await house.track(Promise.resolve(stoppable('second', stopped)));
      process.emit('SIGTERM', 'SIGTERM');
    });
    expect(stopped).toEqual(['second', 'first']);
  });

  it('waits for what is still starting, and stops that too', async () => {
    const stopped: string[] = [];
    let started: (what: { stop(): Promise<void> }) => void = () => undefined;
    const living = ProcessGroup.runUntilSignal(async (house) => {
      const starting = house.track(new Promise<{ stop(): Promise<void> }>((resolve) => (started = resolve)));
      process.emit('SIGTERM', 'SIGTERM');
      await starting;
    });
    started(stoppable('late', stopped));
    await living;
    expect(stopped).toEqual(['late']);
  });

  it('whose process dies says which, shows the end of its log, and stops the others', async () => {
    let other: Running | undefined;
    const living = ProcessGroup.runUntilSignal(async (house) => {
      other = house.launch('refund', stays);
      house.launch('order', script('console.log("no such table"); process.exit(2)'));
    });
    await expect(living).rejects.toThrow(/^order ended unexpectedly \(exit code 2\)\. Last lines of .+:\nno such table$/);
    expect(await other?.exited).toBe('signal SIGTERM');
  });

  it('lets a process end that may, but only well', async () => {
    const living = ProcessGroup.runUntilSignal(async (house) => {
      await house.launch('partners', script('process.exit(0)'), () => true).exited;
      house.launch('partners', script('process.exit(1)'), () => true);
    });
    await expect(living).rejects.toThrow('partners ended unexpectedly (exit code 1)');
  });

  it('fails with what its work throws, and stops what it had opened', async () => {
    const stopped: string[] = [];
    const living = ProcessGroup.runUntilSignal(async (house) => {
      await house.track(Promise.resolve(stoppable('first', stopped)));
      throw new Error('no room');
    });
    await expect(living).rejects.toThrow('no room');
    expect(stopped).toEqual(['first']);
  });
});
