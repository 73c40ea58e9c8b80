import { addDuration, type Duration } from './calendar.js';
import { englishCalendar } from './english-calendar.js';

const add = (base: string, span: Duration): string => addDuration(base, span, englishCalendar);

describe('adding working days', () => {
  it('skips the weekend', () => {
    expect(add('2010-12-03T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('skips holidays: Christmas Day of 2010 was a Saturday, so Monday and Tuesday were free', () => {
    expect(add('2010-12-24T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-29T09:00:00.000000Z');
  });

  it('counts from a day off as from the last working day', () => {
    expect(add('2010-12-04T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('keeps the time of day of the merchant when clocks go forward, and back', () => {
    expect(add('2011-03-25T17:00:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T16:00:00.000000Z');
    expect(add('2011-10-28T16:00:00.000000Z', { workingDays: 1 })).toBe('2011-10-31T17:00:00.000000Z');
  });

  it('keeps it past a day on which there is no such time', () => {
    // 01:30 on Sunday, 27 March 2011, did not exist in London.
    expect(add('2011-03-25T01:30:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T00:30:00.000000Z');
  });

  it('sees the day as the merchant does, not as UTC does', () => {
    // 00:30 on Monday in London is still Sunday in UTC.
    expect(add('2011-06-05T23:30:00.000000Z', { workingDays: 1 })).toBe('2011-06-06T23:30:00.000000Z');
  });

  it('goes back where negative', () => {
    expect(add('2010-12-06T09:00:00.000000Z', { workingDays: -1 })).toBe('2010-12-03T09:00:00.000000Z');
    expect(add('2010-12-06T09:00:00.000000Z', { hours: -4 })).toBe('2010-12-06T05:00:00.000000Z');
  });
});

describe('adding a span', () => {
  it('adds its parts up, working days first', () => {
    expect(add('2010-12-03T09:00:00.000000Z', { workingDays: 1, days: 1, hours: 1, minutes: 1, seconds: 1 })).toBe(
      '2010-12-07T10:01:01.000000Z',
    );
  });

  it('counts hours as they pass, whatever the clocks do', () => {
    expect(add('2011-03-26T12:00:00.000000Z', { hours: 24 })).toBe('2011-03-27T12:00:00.000000Z');
  });

  it('counts days by the calendar: the time of day stays, whatever the clocks do', () => {
    expect(add('2011-03-26T12:00:00.000000Z', { days: 1 })).toBe('2011-03-27T11:00:00.000000Z');
    expect(add('2011-10-29T11:00:00.000000Z', { days: 1, hours: 1 })).toBe('2011-10-30T13:00:00.000000Z');
  });

  it('takes an instant with an offset', () => {
    expect(add('2010-12-03T10:00:00+01:00', { hours: 1 })).toBe('2010-12-03T10:00:00.000000Z');
  });

  it('changes nothing where it is empty', () => {
    expect(add('2010-12-04T09:00:00.000000Z', {})).toBe('2010-12-04T09:00:00.000000Z');
  });

  it('refuses what is no instant, no time zone, or a calendar that never works', () => {
    expect(() => add('tomorrow', { days: 1 })).toThrow(RangeError);
    const from = '2010-12-03T09:00:00.000000Z';
    expect(() => addDuration(from, { days: 1 }, { ...englishCalendar, timeZone: 'Europe/Nowhere' })).toThrow(RangeError);
    expect(() => addDuration(from, { hours: 1 }, { ...englishCalendar, timeZone: 'Europe/Nowhere' })).toThrow(RangeError);
    expect(() => add(from, { days: Number.NaN, hours: 1 })).toThrow();
    expect(() => addDuration(from, { workingDays: 1 }, { ...englishCalendar, workingDays: [] })).toThrow(RangeError);
  });
});
