import { Calendar, type CalendarData } from './calendar.js';
import { chineseCalendar, englishCalendar } from './calendars.js';

const none = { source: 'none', licence: 'none', published: '2025-01-01' };
const data: CalendarData = {
  ...{ name: 'test', version: '1', timeZone: 'Asia/Shanghai', workingDays: [1, 2, 3, 4, 5], ...none },
  years: { 2025: { holidays: { 'National Day': '2025-10-01/2025-10-08', Monday: '2025-06-02' }, makeUpDays: ['2025-10-11'] } },
};
const calendar = new Calendar(data);
const days = (from: Calendar, dates: readonly string[]): Record<string, boolean> =>
  Object.fromEntries(dates.map((date) => [date, from.isWorkingDay(date)]));

describe('a calendar', () => {
  it('working days, holidays and make-up days are known', () => {
    expect(days(calendar, ['2025-09-30', '2025-10-01', '2025-10-08', '2025-10-09', '2025-10-11', '2025-10-12', '2025-06-02'])).toEqual({
      '2025-09-30': true,
      '2025-10-01': false,
      '2025-10-08': false,
      '2025-10-09': true,
      '2025-10-11': true,
      '2025-10-12': false,
      '2025-06-02': false,
    });
  });

  it('a day outside of its years and an invalid date are errors', () => {
    for (const date of ['2024-12-31', '2026-01-01', '2025-02-30', 'today'])
      expect(() => calendar.isWorkingDay(date)).toThrow(`calendar test does not know ${date}, only 2025-01-01 to 2025-12-31`);
  });

  it('the number of days left is counted in the time zone of the merchant', () => {
    expect([calendar.knownFrom, calendar.knownUntil]).toEqual(['2025-01-01', '2025-12-31']);
    expect(calendar.daysLeft('2025-12-30T15:59:59.000000Z')).toBe(1);
    expect(calendar.daysLeft('2025-12-30T16:00:00.000000Z')).toBe(0);
    expect(calendar.daysLeft('2026-01-02T00:00:00.000000Z')).toBe(-2);
  });

  it('an approaching end is reported', () => {
    expect(calendar.endsWithin(60, '2025-11-01T12:00:00.000000Z')).toBe(false);
    expect(calendar.endsWithin(60, '2025-11-02T12:00:00.000000Z')).toBe(true);
    expect(calendar.endsWithin(60, '2027-01-01T12:00:00.000000Z')).toBe(true);
  });

  const year = { holidays: {} };
  it.each<[string, string, Partial<CalendarData>]>([
    ['a time zone that does not exist', 'Europe/Nowhere is not a time zone', { timeZone: 'Europe/Nowhere' }],
    ['a week without a working day', 'no weekday is a working day', { workingDays: [] }],
    ['no year', 'the years must follow each other', { years: {} }],
    ['a gap between the years', 'the years must follow each other', { years: { 2023: year, 2025: year } }],
    ['a day that does not exist', '2025-02-29 is no date', { years: { 2025: { holidays: { Leap: '2025-02-29' } } } }],
    ['an interval in the wrong order', 'ends before it begins', { years: { 2025: { holidays: { Off: '2025-05-05/2025-05-01' } } } }],
    ['a holiday of another year', '2026-01-01 lies outside its years', { years: { 2025: { holidays: { New: '2026-01-01' } } } }],
    [
      'a make-up day that is a holiday',
      '2025-10-11 is listed twice',
      { years: { 2025: { holidays: { Off: '2025-10-10/2025-10-12' }, makeUpDays: ['2025-10-11'] } } },
    ],
    [
      'a make-up day that is worked anyway',
      'the make-up day 2025-10-10 is a working day already',
      { years: { 2025: { ...year, makeUpDays: ['2025-10-10'] } } },
    ],
  ])('refuses data with %s', (_what, why, wrong) => {
    expect(() => new Calendar({ ...data, ...wrong })).toThrow(new RegExp(`^calendar test: .*${why}`));
  });
});

describe('the calendar of England', () => {
  it('it covers the officially published years', () => {
    expect([englishCalendar.knownFrom, englishCalendar.knownUntil]).toEqual(['2009-01-01', '2028-12-31']);
  });

  it('Christmas Day 2026 (a Friday) and the Monday in lieu of Boxing Day are holidays', () => {
    expect(days(englishCalendar, ['2026-12-24', '2026-12-25', '2026-12-28', '2026-12-29'])).toEqual({
      '2026-12-24': true,
      '2026-12-25': false,
      '2026-12-28': false,
      '2026-12-29': true,
    });
  });

  it('single declared holidays are days off, and the days that they replaced are working days', () => {
    const once = ['2011-04-29', '2012-06-04', '2012-06-05', '2020-05-08', '2022-06-02', '2022-06-03', '2022-09-19', '2023-05-08'];
    expect(Object.values(days(englishCalendar, once))).toEqual(once.map(() => false));
    const moved = ['2012-05-28', '2020-05-04', '2022-05-30'];
    expect(Object.values(days(englishCalendar, moved))).toEqual(moved.map(() => true));
  });

  // eight bank holidays a year, one more for each that was declared once
  it.each(Array.from({ length: 19 }, (_, n) => 2010 + n))('all bank holidays of %i are listed', (year) => {
    const extra: Record<number, number> = { 2011: 1, 2012: 1, 2022: 2, 2023: 1 };
    expect(off(englishCalendar, year)).toBe(8 + (extra[year] ?? 0));
  });
});

describe('the calendar of China', () => {
  it('it ends with the last notice of the State Council', () => {
    expect([chineseCalendar.knownFrom, chineseCalendar.knownUntil]).toEqual(['2010-01-01', '2026-12-31']);
  });

  it('1 to 8 October 2025 are days off, 28 September and 11 October are working days', () => {
    const week = Array.from({ length: 8 }, (_, n) => `2025-10-0${n + 1}`);
    expect(Object.values(days(chineseCalendar, week))).toEqual(week.map(() => false));
    expect(days(chineseCalendar, ['2025-09-27', '2025-09-28', '2025-10-11', '2025-10-12'])).toEqual({
      '2025-09-27': false,
      '2025-09-28': true,
      '2025-10-11': true,
      '2025-10-12': false,
    });
  });

  it('15 to 23 February 2026 are days off, and the Saturdays before and after are working days', () => {
    const festival = Array.from({ length: 9 }, (_, n) => `2026-02-${15 + n}`);
    expect(Object.values(days(chineseCalendar, festival))).toEqual(festival.map(() => false));
    expect(days(chineseCalendar, ['2026-02-14', '2026-02-28'])).toEqual({ '2026-02-14': true, '2026-02-28': true });
  });

  it('later changes are included: Spring Festival 2020 was extended to 2 February', () => {
    expect(days(chineseCalendar, ['2020-01-31', '2020-02-01', '2020-02-03'])).toEqual({
      '2020-01-31': false,
      '2020-02-01': false,
      '2020-02-03': true,
    });
  });

  // 11 days off by statute, 13 since 2025, and a day off at the weekend is given again: what is moved within a year makes no difference
  it.each(Array.from({ length: 17 }, (_, n) => 2010 + n))('the statutory holidays of %i are complete, however they are moved', (year) => {
    // Saturday 31 December 2011 was worked for January 2012; a memorial day in 2015; two days more in 2020
    const extra: Record<number, number> = { 2011: -1, 2012: 1, 2015: 1, 2020: 2 };
    expect(off(chineseCalendar, year)).toBe((year < 2025 ? 11 : 13) + (extra[year] ?? 0));
  });
});

/** Days of the week that are off in `year`, less weekend days that are worked. */
function off(of: Calendar, year: number): number {
  let count = 0;
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
    const weekend = [0, 6].includes(new Date(at).getUTCDay());
    const worked = of.isWorkingDay(new Date(at).toISOString().slice(0, 10));
    count += Number(!weekend && !worked) - Number(weekend && worked);
  }
  return count;
}
