import { afterMicros, fromMicros, instant, micros, millis } from './instant.js';

describe('an instant', () => {
  it('it is in UTC with six decimals, whatever the input format', () => {
    const same = ['2010-12-01T08:26:00Z', '2010-12-01T09:26:00+01:00', '2010-12-01T08:26:00.000Z', '2010-12-01T08:26:00.000000Z'];
    for (const text of same) expect(instant(text)).toBe('2010-12-01T08:26:00.000000Z');
    expect(instant(new Date(Date.UTC(2010, 11, 1, 8, 26)))).toBe('2010-12-01T08:26:00.000000Z');
  });

  it('microseconds are kept, and finer digits are cut', () => {
    expect(instant('2010-12-01T08:26:00.1234Z')).toBe('2010-12-01T08:26:00.123400Z');
    expect(instant('2010-12-01T08:26:00.123456789Z')).toBe('2010-12-01T08:26:00.123456Z');
  });

  it('its text sorts in the order of time', () => {
    const sorted = ['2009-12-31T23:59:59.999999Z', '2010-01-01T00:00:00.000000Z', '2010-01-01T00:00:00.000001Z'];
    expect([...sorted].reverse().sort()).toEqual(sorted);
    expect(sorted.map(micros)).toEqual([...sorted.map(micros)].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('the conversion to microseconds and back is lossless', () => {
    const at = '2010-12-01T08:26:00.123456Z';
    expect(fromMicros(micros(at))).toBe(at);
    expect(millis(at)).toBe(Date.UTC(2010, 11, 1, 8, 26, 0, 123));
    expect(fromMicros(micros(at) + 1n)).toBe('2010-12-01T08:26:00.123457Z');
  });

  it('adding microseconds is exact in both directions, at any distance', () => {
    const at = '9998-12-31T23:59:59.999999Z';
    for (const by of [0, 1, 1_000, 999_999, 90_000_000_001, -1, -999_999, -1_000_000])
      expect(micros(afterMicros(at, by))).toBe(micros(at) + BigInt(by));
    expect(afterMicros(at, 1)).toBe('9999-01-01T00:00:00.000000Z');
    expect(afterMicros('2010-12-01T08:26:00.000009Z', 1)).toBe('2010-12-01T08:26:00.000010Z');
    expect(afterMicros('2010-12-01T08:26:00.000009Z', -10)).toBe('2010-12-01T08:25:59.999999Z');
  });

  it('invalid text is refused', () => {
    expect(() => instant('soon')).toThrow(RangeError);
    expect(() => instant('2010-13-01T00:00:00Z')).toThrow(RangeError);
  });
});
