import { chineseCalendar, englishCalendar } from '@orderloom/kernel';
import { calendarWatch } from './calendar-watch.js';

describe('the end of a calendar (CS-02)', () => {
  let now = '2026-10-31T12:00:00.000000Z';
  const warned: unknown[] = [];
  const check = calendarWatch({
    now: async () => now,
    calendars: async () => [englishCalendar, chineseCalendar],
    warn: ({ calendar, daysLeft }) => warned.push([calendar, daysLeft]),
  });

  it('health shows it from 60 days before, while the service stays ready', async () => {
    expect(await check()).toEqual({ ok: true });
    now = '2026-11-02T12:00:00.000000Z';
    expect(await check()).toEqual({
      ok: true,
      detail: 'CN ends on 2026-12-31, in 59 days: add the next year to the settings (calendars)',
    });
  });

  it('a warning is logged once a day', async () => {
    await check();
    now = '2026-11-03T12:00:00.000000Z';
    await check();
    expect(warned).toEqual([
      ['CN', 59],
      ['CN', 58],
    ]);
  });
});
