import { DateTime } from 'luxon';
import type { Calendar } from './calendar.js';
import { type Instant, instant, millis } from '../instant.js';

/** A span of the calendar; its parts add up. Negative parts go back. */
export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
  readonly workingDays?: number;
}

const dayMillis = 24 * 3_600_000;

/**
 * `base` plus `span`: a day and a working day keep the local time of day, daylight saving included.
 * Throws `UnknownCalendarDay` where working days lead out of the years of the calendar; the other parts need no year.
 */
export function addDuration(base: Instant, span: Duration, calendar: Calendar): Instant {
  const { zone } = calendar;
  // luxon reads text several times slower than the runtime does
  const since = base.endsWith('Z') ? millis(base) : DateTime.fromISO(base, { zone }).toMillis();
  if (Number.isNaN(since)) throw new RangeError(`not an instant: ${base}`);
  const exact = (((span.hours ?? 0) * 60 + (span.minutes ?? 0)) * 60 + (span.seconds ?? 0)) * 1000;
  // in one sum: a day on which the time of day does not exist must not move the days after
  const days = calendar.daysTo(since, span.workingDays ?? 0) + (span.days ?? 0);
  const straight = since + days * dayMillis;
  // where the offset is the same a day has 24 hours
  if (zone.offset(since) === zone.offset(straight)) return instant(new Date(straight + exact));
  const at = DateTime.fromMillis(since, { zone }).plus({ days });
  return instant(new Date(at.toMillis() + exact));
}
