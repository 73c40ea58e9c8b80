import { Calendar } from './calendar.js';
import { chineseCalendar, englishCalendar } from './calendars.js';
import { addDuration, type Duration } from './duration.js';

const add = (base: string, span: Duration): string => addDuration(base, span, englishCalendar);
const inChina = (base: string, span: Duration): string => addDuration(base, span, chineseCalendar);

describe('adding working days', () => {
  it('skips the weekend', () => {
    expect(add('2010-12-03T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('skips holidays: Christmas Day of 2010 was a Saturday, so Monday and Tuesday were free', () => {
    expect(add('2010-12-24T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-29T09:00:00.000000Z');
  });

  it('knows the Christmas of 2009, into which books of 2009 and 2010 lead', () => {
    expect(add('2009-12-23T09:00:00.000000Z', { workingDays: 2 })).toBe('2009-12-29T09:00:00.000000Z');
  });

  it('counts from a day off as from the last working day', () => {
    expect(add('2010-12-04T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('keeps the time of day of the merchant when clocks go forward, and back', () => {
    expect(add('2011-03-25T17:00:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T16:00:00.000000Z');
    expect(add('2011-10-28T16:00:00.000000Z', { workingDays: 1 })).toBe('2011-10-31T17:00:00.000000Z');
  });

  it('keeps it past a day on which there is no such time', () => {
    // half past one of Sunday, 27 March 2011, was not in London
    expect(add('2011-03-25T01:30:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T00:30:00.000000Z');
  });

  it('sees the day as the merchant does, not as UTC does', () => {
    // half past midnight on Monday in London is still Sunday in UTC
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

  it('refuses what is no instant, and what is no whole number of working days', () => {
    expect(() => add('tomorrow', { days: 1 })).toThrow(RangeError);
    const from = '2010-12-03T09:00:00.000000Z';
    expect(() => add(from, { days: Number.NaN, hours: 1 })).toThrow();
    expect(() => add(from, { workingDays: Number.NaN })).toThrow(RangeError);
    expect(() => add(from, { workingDays: 0.5 })).toThrow('0.5 is no whole number of working days');
  });
});

describe('make-up days', () => {
  it('are counted forward: the Sunday before National Day 2025, and the Saturday after the week off', () => {
    // Friday 26 September, 09:00 in Shanghai
    const friday = '2025-09-26T01:00:00.000000Z';
    expect([1, 2, 3, 4, 5].map((workingDays) => inChina(friday, { workingDays }).slice(0, 10))).toEqual([
      '2025-09-28',
      '2025-09-29',
      '2025-09-30',
      '2025-10-09',
      '2025-10-10',
    ]);
    expect(inChina(friday, { workingDays: 6 })).toBe('2025-10-11T01:00:00.000000Z');
    expect(inChina(friday, { workingDays: 7 })).toBe('2025-10-13T01:00:00.000000Z');
  });

  it('are counted back', () => {
    expect(inChina('2025-10-13T01:00:00.000000Z', { workingDays: -1 })).toBe('2025-10-11T01:00:00.000000Z');
    expect(inChina('2025-09-29T01:00:00.000000Z', { workingDays: -1 })).toBe('2025-09-28T01:00:00.000000Z');
    expect(inChina('2025-10-05T01:00:00.000000Z', { workingDays: -2 })).toBe('2025-09-29T01:00:00.000000Z');
  });

  it('are the days of the merchant, not of UTC', () => {
    // half past seven on Saturday 11 October in Shanghai is Friday in UTC
    expect(inChina('2025-10-10T23:30:00.000000Z', { workingDays: 1 })).toBe('2025-10-12T23:30:00.000000Z');
  });
});

describe('a working day after a calendar has ended', () => {
  const last = '2028-12-29T09:00:00.000000Z';

  it('is an error that says what is known and what to do, never a guess by the weekday', () => {
    expect(() => add(last, { workingDays: 1 })).toThrow(
      'calendar GB-england does not know 2029-01-01, only 2009-01-01 to 2028-12-31: ' +
        'add the year to its data file as soon as it is published (source: https://www.gov.uk/bank-holidays, England and Wales)',
    );
    expect(() => add('2029-05-02T09:00:00.000000Z', { workingDays: -1 })).toThrow('does not know 2029-05-02');
    expect(() => add('2009-01-02T09:00:00.000000Z', { workingDays: -1 })).toThrow('does not know 2008-12-31');
  });

  it('is of a class of its own', () => {
    expect(() => add(last, { workingDays: 1 })).toThrow(expect.objectContaining({ name: 'UnknownCalendarDay' }));
  });

  it('does not touch days and hours, which need no year', () => {
    expect(add(last, { days: 4, hours: 1 })).toBe('2029-01-02T10:00:00.000000Z');
    expect(add('2009-06-01T09:00:00.000000Z', { days: 1 })).toBe('2009-06-02T09:00:00.000000Z');
    expect(add('2029-05-02T09:00:00.000000Z', { workingDays: 0, days: 1 })).toBe('2029-05-03T09:00:00.000000Z');
  });

  it('is the day as the merchant has it', () => {
    // already New Year's Day of 2027 in Shanghai
    expect(() => inChina('2026-12-31T16:00:00.000000Z', { workingDays: -1 })).toThrow('does not know 2027-01-01');
    expect(inChina('2026-12-31T15:59:00.000000Z', { workingDays: -1 })).toBe('2026-12-30T15:59:00.000000Z');
  });
});

/** Numbers that are always the same. */
function* numbers(seed: number): Generator<number, never> {
  for (let at = seed; ;) {
    at = (at * 1_103_515_245 + 12_345) % 2 ** 31;
    yield at;
  }
}

describe.each([englishCalendar, chineseCalendar])('for every working day of $name', (calendar) => {
  const random = numbers(20_261_129);
  const below = (most: number): number => random.next().value % most;
  const working: string[] = [];
  const end = Date.parse(calendar.knownUntil);
  for (let at = Date.parse(calendar.knownFrom); at <= end; at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    if (calendar.isWorkingDay(date)) working.push(date);
  }
  // noon of neither zone is another day in UTC
  const noon = (n: number): string => addDuration(`${working[n]}T04:30:00.000000Z`, {}, calendar);

  it('adding and then subtracting as many returns', () => {
    for (let n = 0; n < 2_000; n += 1) {
      const from = below(working.length);
      const workingDays = below(working.length - from);
      const there = addDuration(noon(from), { workingDays }, calendar);
      expect([there.slice(0, 10), addDuration(there, { workingDays: -workingDays }, calendar)]).toEqual([
        working[from + workingDays],
        noon(from),
      ]);
    }
  });

  it('adding at once and one by one is the same', () => {
    for (let n = 0; n < 200; n += 1) {
      const from = below(working.length - 40);
      const workingDays = below(40);
      let step = noon(from);
      for (let done = 0; done < workingDays; done += 1) step = addDuration(step, { workingDays: 1 }, calendar);
      expect(addDuration(noon(from), { workingDays }, calendar)).toBe(step);
    }
  });
});

describe('a calendar that works on the day on which clocks go forward', () => {
  const sundays = new Calendar({
    ...{ name: 'sundays', version: '1', timeZone: 'Europe/London', source: 'none', licence: 'none', published: '2011-01-01' },
    ...{ workingDays: [7], years: { 2011: { holidays: {} } } },
  });

  it('does not let the time that does not exist there move the days after', () => {
    expect(addDuration('2011-03-20T01:30:00.000000Z', { workingDays: 1, days: 1 }, sundays)).toBe('2011-03-28T00:30:00.000000Z');
  });
});
