import { InvalidInput } from '@orderloom/kernel';
import { HybridLogicalClock } from './hybrid-logical-clock.js';

const before = '2010-12-01T08:26:00.123455Z';
const now = '2010-12-01T08:26:00.123456Z';
const next = '2010-12-01T08:26:00.123457Z';
const afterNext = '2010-12-01T08:26:00.123458Z';

describe('the hybrid logical clock', () => {
  it('it returns now, and a microsecond more for each further event', () => {
    const clock = new HybridLogicalClock(now, undefined);
    expect([clock.next(), clock.next(), clock.next()]).toEqual([now, next, afterNext]);
  });

  it('it is later than the cause, also within the same microsecond', () => {
    expect(new HybridLogicalClock(now, before).next()).toBe(now);
    expect(new HybridLogicalClock(now, now).next()).toBe(next);
    expect(new HybridLogicalClock(now, next).next()).toBe(afterNext);
  });

  it('it is later than the last event of the stream, also within the same microsecond', () => {
    expect(new HybridLogicalClock(now, undefined).next(before)).toBe(now);
    expect(new HybridLogicalClock(now, undefined).next(now)).toBe(next);
    expect(new HybridLogicalClock(now, undefined).next(next)).toBe(afterNext);
  });

  it('it follows no cause more than 25 hours ahead, which is reported', () => {
    const jumps: unknown[] = [];
    const told = (jump: unknown): void => void jumps.push(jump);
    expect(new HybridLogicalClock(now, '2010-12-02T09:26:00.123456Z', told).next()).toBe('2010-12-02T09:26:00.123457Z');
    expect(jumps).toEqual([]);
    const causedAt = '2010-12-02T09:26:00.123457Z';
    expect(new HybridLogicalClock(now, causedAt, told).next()).toBe(now);
    expect(jumps).toEqual([{ causedAt, now }]);
  });

  it('an invalid time of the cause is refused', () => {
    for (const none of ['soon', '2010-12-01T24:00:00.000000Z']) expect(() => new HybridLogicalClock(now, none)).toThrow(InvalidInput);
  });
});
