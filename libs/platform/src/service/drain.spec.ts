import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { drainOnSignals } from './drain.js';
import { createLog } from '../observability/logger.js';

class FakeProcess extends EventEmitter {
  readonly exited: Promise<number>;
  exit!: (code: number) => void;

  constructor() {
    super();
    this.exited = new Promise((resolve) => (this.exit = resolve));
  }
}

const log = createLog('order', 'silent');

describe('a shutdown signal', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s closes once, however often it comes, then exits with 0', async (signal) => {
    const host = new FakeProcess();
    const close = jest.fn(() => Promise.resolve());
    drainOnSignals(close, log, 1_000, host);
    host.emit(signal);
    host.emit(signal);
    expect(await host.exited).toBe(0);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('a failing close exits with 1', async () => {
    const host = new FakeProcess();
    drainOnSignals(() => Promise.reject(new Error('stuck')), log, 1_000, host);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(1);
  });

  it('a close longer than the grace period exits with 1', async () => {
    jest.useFakeTimers();
    const host = new FakeProcess();
    drainOnSignals(() => new Promise(() => {}), log, 1_000, host);
    host.emit('SIGTERM');
    jest.advanceTimersByTime(1_000);
    jest.useRealTimers();
    expect(await host.exited).toBe(1);
  });
});
