import { realTimers } from './timers.js';

describe('real timers', () => {
  it('wait as long as they say, or until they are called off', async () => {
    const began = realTimers.now();
    await realTimers.delay(20);
    expect(realTimers.now() - began).toBeGreaterThanOrEqual(19);
    await realTimers.delay(60_000, AbortSignal.abort());
    const calledOff = new AbortController();
    const waiting = realTimers.delay(60_000, calledOff.signal);
    calledOff.abort();
    await waiting;
  });

  it('call again and again until they are stopped', async () => {
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

  it('draw at least 0, less than 1', () => {
    for (let i = 0; i < 100; i += 1) expect(Math.floor(realTimers.random())).toBe(0);
  });
});
