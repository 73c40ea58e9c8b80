import { realTimers } from '@orderloom/kernel';
import { Retries } from './retries.js';

describe('the retries of a consumer', () => {
  let now = 0;
  const of = (id: string) => ({ what: 'message' as const, id, type: 'OrderPlaced', key: '536365' });
  const open = () => new Retries({ timers: { ...realTimers, now: () => now } });
  beforeEach(() => (now = 0));

  it('the delay doubles after each failure, up to a minute', () => {
    const retries = open();
    const rests = Array.from({ length: 12 }, () => {
      retries.recordFailure(of('a'), new Error('no'));
      const rest = retries.remainingMs('a');
      now += rest;
      expect(retries.remainingMs('a')).toBe(0);
      return rest;
    });
    expect(rests).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
  });

  it('a retry is listed with its attempts, error and next attempt until it succeeds', () => {
    const retries = open();
    retries.recordFailure(of('a'), new Error('no'));
    expect(retries.recordFailure(of('a'), new TypeError('still no'))).toBe(2);
    now += 50;
    expect(retries.list()).toEqual([{ ...of('a'), tries: 2, error: 'TypeError: still no', nextTryInMs: 150 }]);
    retries.forget('a');
    expect([retries.list(), retries.remainingMs('a'), retries.recordFailure(of('a'), new Error('anew'))]).toEqual([[], 0, 1]);
  });
});
