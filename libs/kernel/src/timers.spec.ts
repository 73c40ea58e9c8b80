import { realTimers } from './timers.js';

describe('real timers', () => {
  it('a delay ends after its time or when it is aborted', async () => {
    const began = realTimers.now();
    await realTimers.delay(20);
    expect(realTimers.now() - began).toBeGreaterThanOrEqual(19);
    await realTimers.delay(60_000, AbortSignal.abort());
    const calledOff = new AbortController();
    const waiting = realTimers.delay(60_000, calledOff.signal);
    calledOff.abort();
    await waiting;
  });

  it('an interval repeats until it is stopped', async () => {
    let calls = 0;
    await new Promise<void>((resolve) => {
      const stop = realTimers.every(1, () => {
        calls += 1;
        if (calls < 3) return;
        stop();
        resolve();
      });
    });
    expect(calls).toBe(3);
  });

  it('random numbers are at least 0 and less than 1', () => {
    for (let i = 0; i < 100; i += 1) expect(Math.floor(realTimers.random())).toBe(0);
  });
});
