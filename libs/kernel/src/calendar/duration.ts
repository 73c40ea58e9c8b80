import { DateTime } from 'luxon';
import type { Calendar } from './calendar.js';
import { type Instant, instant, millis } from '../instant.js';

/** A duration in calendar units; its parts are added up. Negative parts subtract. */
export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
  readonly workingDays?: number;
}

const dayMillis = 24 * 3_600_000;

/**
 * Adds `span` to `base`. Days and working days keep the local time of day across daylight-saving changes. Throws `UnknownCalendarDay` if
 * working days lead outside the years of the calendar; the other parts need no calendar year.
 */
export function addDuration(base: Instant, span: Duration, calendar: Calendar): Instant {
  const { zone } = calendar;
  // Luxon parses text several times slower than the runtime.
  const since = base.endsWith('Z') ? millis(base) : DateTime.fromISO(base, { zone }).toMillis();
  if (Number.isNaN(since)) throw new RangeError(`invalid instant "${base}": expected ISO 8601`);
  const exact = (((span.hours ?? 0) * 60 + (span.minutes ?? 0)) * 60 + (span.seconds ?? 0)) * 1000;
  // Added in one step: a day without this time of day must not shift the days after it.
  const days = calendar.daysTo(since, span.workingDays ?? 0) + (span.days ?? 0);
  const straight = since + days * dayMillis;
  // Between instants with the same offset, a day has 24 hours.
  if (zone.offset(since) === zone.offset(straight)) return instant(new Date(straight + exact));
  const at = DateTime.fromMillis(since, { zone }).plus({ days });
  return instant(new Date(at.toMillis() + exact));
}
