import { logFile, type Running } from '@orderloom/dev-services';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessGroup } from './process-group.js';

const dir = mkdtempSync(join(tmpdir(), 'orderloom-group-'));
afterAll(() => rmSync(dir, { recursive: true }));

const script = (text: string) => ({ command: process.execPath, args: ['-e', text], log: logFile(dir, 'child') });
const stays = script('setInterval(() => {}, 1e6)');
const stoppable = (name: string, stopped: string[]) => ({ stop: async () => void stopped.push(name) });

describe('a process group', () => {
  it('a signal stops everything that was opened, last first', async () => {
    const stopped: string[] = [];
    await ProcessGroup.runUntilSignal(async (group) => {
      await group.track(Promise.resolve(stoppable('first', stopped)));
      await group.track(Promise.resolve(stoppable('second', stopped)));
      process.emit('SIGTERM', 'SIGTERM');
    });
    expect(stopped).toEqual(['second', 'first']);
  });

  it('a signal waits for what is still starting and stops it', async () => {
    const stopped: string[] = [];
    let started: (what: { stop(): Promise<void> }) => void = () => undefined;
    const living = ProcessGroup.runUntilSignal(async (group) => {
      const starting = group.track(new Promise<{ stop(): Promise<void> }>((resolve) => (started = resolve)));
      process.emit('SIGTERM', 'SIGTERM');
      await starting;
    });
    started(stoppable('late', stopped));
    await living;
    expect(stopped).toEqual(['late']);
  });

  it('a process that dies is reported with the end of its log, and the others are stopped', async () => {
    let other: Running | undefined;
    const living = ProcessGroup.runUntilSignal(async (group) => {
      other = group.launch('refund', stays);
      group.launch('order', script('console.log("no such table"); process.exit(2)'));
    });
    await expect(living).rejects.toThrow(/^order ended unexpectedly \(exit code 2\)\. Last lines of .+:\nno such table$/);
    expect(await other?.exited).toBe('signal SIGTERM');
  });

  it('a process that may end is accepted only with exit code 0', async () => {
    const living = ProcessGroup.runUntilSignal(async (group) => {
      await group.launch('partners', script('process.exit(0)'), () => true).exited;
      group.launch('partners', script('process.exit(1)'), () => true);
    });
    await expect(living).rejects.toThrow('partners ended unexpectedly (exit code 1)');
  });

  it('an error of the work is thrown after everything opened was stopped', async () => {
    const stopped: string[] = [];
    const living = ProcessGroup.runUntilSignal(async (group) => {
      await group.track(Promise.resolve(stoppable('first', stopped)));
      throw new Error('no room');
    });
    await expect(living).rejects.toThrow('no room');
    expect(stopped).toEqual(['first']);
  });
});
