import { Calendar } from './calendar.js';
import { chineseCalendar, englishCalendar } from './calendars.js';
import { addDuration, type Duration } from './duration.js';

const add = (base: string, span: Duration): string => addDuration(base, span, englishCalendar);
const inChina = (base: string, span: Duration): string => addDuration(base, span, chineseCalendar);

describe('the addition of working days', () => {
  it('weekends are skipped', () => {
    expect(add('2010-12-03T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('holidays are skipped: after Christmas Day 2010, a Saturday, Monday and Tuesday were days off', () => {
    expect(add('2010-12-24T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-29T09:00:00.000000Z');
  });

  it('Christmas 2009 is known, since the data set begins in December 2009', () => {
    expect(add('2009-12-23T09:00:00.000000Z', { workingDays: 2 })).toBe('2009-12-29T09:00:00.000000Z');
  });

  it('a day off counts like the last working day before it', () => {
    expect(add('2010-12-04T09:00:00.000000Z', { workingDays: 1 })).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('the local time of day is kept when clocks go forward or back', () => {
    expect(add('2011-03-25T17:00:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T16:00:00.000000Z');
    expect(add('2011-10-28T16:00:00.000000Z', { workingDays: 1 })).toBe('2011-10-31T17:00:00.000000Z');
  });

  it('the local time of day is kept across a day on which it does not exist', () => {
    // half past one of Sunday, 27 March 2011, was not in London
    expect(add('2011-03-25T01:30:00.000000Z', { workingDays: 1 })).toBe('2011-03-28T00:30:00.000000Z');
  });

  it("the day is that of the merchant's time zone, not of UTC", () => {
    // half past midnight on Monday in London is still Sunday in UTC
    expect(add('2011-06-05T23:30:00.000000Z', { workingDays: 1 })).toBe('2011-06-06T23:30:00.000000Z');
  });

  it('a negative number counts back', () => {
    expect(add('2010-12-06T09:00:00.000000Z', { workingDays: -1 })).toBe('2010-12-03T09:00:00.000000Z');
    expect(add('2010-12-06T09:00:00.000000Z', { hours: -4 })).toBe('2010-12-06T05:00:00.000000Z');
  });
});

describe('the addition of a duration', () => {
  it('the parts are added, working days first', () => {
    expect(add('2010-12-03T09:00:00.000000Z', { workingDays: 1, days: 1, hours: 1, minutes: 1, seconds: 1 })).toBe(
      '2010-12-07T10:01:01.000000Z',
    );
  });

  it('hours are elapsed hours, whatever the clocks do', () => {
    expect(add('2011-03-26T12:00:00.000000Z', { hours: 24 })).toBe('2011-03-27T12:00:00.000000Z');
  });

  it('days are calendar days: the local time of day stays', () => {
    expect(add('2011-03-26T12:00:00.000000Z', { days: 1 })).toBe('2011-03-27T11:00:00.000000Z');
    expect(add('2011-10-29T11:00:00.000000Z', { days: 1, hours: 1 })).toBe('2011-10-30T13:00:00.000000Z');
  });

  it('an instant with an offset is accepted', () => {
    expect(add('2010-12-03T10:00:00+01:00', { hours: 1 })).toBe('2010-12-03T10:00:00.000000Z');
  });

  it('an empty duration changes nothing', () => {
    expect(add('2010-12-04T09:00:00.000000Z', {})).toBe('2010-12-04T09:00:00.000000Z');
  });

  it('an invalid instant or a fractional number of working days is refused', () => {
    expect(() => add('tomorrow', { days: 1 })).toThrow(RangeError);
    const from = '2010-12-03T09:00:00.000000Z';
    expect(() => add(from, { days: Number.NaN, hours: 1 })).toThrow();
    expect(() => add(from, { workingDays: Number.NaN })).toThrow(RangeError);
    expect(() => add(from, { workingDays: 0.5 })).toThrow('0.5 is no whole number of working days');
  });
});

describe('make-up days', () => {
  it('they count as working days: the Sunday before National Day 2025 and the Saturday after the week off', () => {
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

  it('they count backward as well', () => {
    expect(inChina('2025-10-13T01:00:00.000000Z', { workingDays: -1 })).toBe('2025-10-11T01:00:00.000000Z');
    expect(inChina('2025-09-29T01:00:00.000000Z', { workingDays: -1 })).toBe('2025-09-28T01:00:00.000000Z');
    expect(inChina('2025-10-05T01:00:00.000000Z', { workingDays: -2 })).toBe('2025-09-29T01:00:00.000000Z');
  });

  it("they are days of the merchant's time zone, not of UTC", () => {
    // half past seven on Saturday 11 October in Shanghai is Friday in UTC
    expect(inChina('2025-10-10T23:30:00.000000Z', { workingDays: 1 })).toBe('2025-10-12T23:30:00.000000Z');
  });
});

describe('a working day after the end of a calendar', () => {
  const last = '2028-12-29T09:00:00.000000Z';

  it('the error names the known years and what to do', () => {
    expect(() => add(last, { workingDays: 1 })).toThrow(
      'calendar GB-england does not know 2029-01-01, only 2009-01-01 to 2028-12-31: ' +
        'add the year to the calendar in the settings as soon as it is published (source: https://www.gov.uk/bank-holidays, England and Wales)',
    );
    expect(() => add('2029-05-02T09:00:00.000000Z', { workingDays: -1 })).toThrow('does not know 2029-05-02');
    expect(() => add('2009-01-02T09:00:00.000000Z', { workingDays: -1 })).toThrow('does not know 2008-12-31');
  });

  it('the error has a class of its own', () => {
    expect(() => add(last, { workingDays: 1 })).toThrow(expect.objectContaining({ name: 'UnknownCalendarDay' }));
  });

  it('days and hours need no calendar', () => {
    expect(add(last, { days: 4, hours: 1 })).toBe('2029-01-02T10:00:00.000000Z');
    expect(add('2009-06-01T09:00:00.000000Z', { days: 1 })).toBe('2009-06-02T09:00:00.000000Z');
    expect(add('2029-05-02T09:00:00.000000Z', { workingDays: 0, days: 1 })).toBe('2029-05-03T09:00:00.000000Z');
  });

  it("the day is that of the merchant's time zone", () => {
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

describe.each([englishCalendar, chineseCalendar])('any working day of $name', (calendar) => {
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

  it('adding and subtracting the same number returns to it', () => {
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

  it('adding at once equals adding one by one', () => {
    for (let n = 0; n < 200; n += 1) {
      const from = below(working.length - 40);
      const workingDays = below(40);
      let step = noon(from);
      for (let done = 0; done < workingDays; done += 1) step = addDuration(step, { workingDays: 1 }, calendar);
      expect(addDuration(noon(from), { workingDays }, calendar)).toBe(step);
    }
  });
});

describe('a calendar with a working day on which clocks go forward', () => {
  const sundays = new Calendar({
    ...{ name: 'sundays', version: '1', timeZone: 'Europe/London', source: 'none', licence: 'none', published: '2011-01-01' },
    ...{ workingDays: [7], years: { 2011: { holidays: {} } } },
  });

  it('a local time that does not exist on that day does not move later days', () => {
    expect(addDuration('2011-03-20T01:30:00.000000Z', { workingDays: 1, days: 1 }, sundays)).toBe('2011-03-28T00:30:00.000000Z');
  });
});
