import type { Calendar } from './calendar.js';

/** Monday to Friday in London, without the bank holidays of England in the years of the sample and of the present. */
export const englishCalendar: Calendar = {
  version: 'england-2027',
  timeZone: 'Europe/London',
  workingDays: [1, 2, 3, 4, 5],
  holidays: [
    ...[
      '2010-12-27',
      '2010-12-28',
      '2011-01-03',
      '2011-04-22',
      '2011-04-25',
      '2011-04-29',
      '2011-05-02',
      '2011-05-30',
      '2011-08-29',
      '2011-12-26',
      '2011-12-27',
    ],
    ...[
      '2026-12-25',
      '2026-12-28',
      '2027-01-01',
      '2027-03-26',
      '2027-03-29',
      '2027-05-03',
      '2027-05-31',
      '2027-08-30',
      '2027-12-27',
      '2027-12-28',
    ],
  ],
};
