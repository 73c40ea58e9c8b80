import { DateTime, IANAZone } from 'luxon';
import { type Instant, instant, millis } from './instant.js';

/** A merchant's calendar. `workingDays` are ISO weekdays (1 = Monday); `holidays` are dates (`2010-12-25`) in `timeZone`. */
export interface Calendar {
  readonly version: string;
  readonly timeZone: string;
  readonly workingDays: readonly number[];
  readonly holidays: readonly string[];
}

/** A span of the calendar; its parts add up. Negative parts go back. */
export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
  readonly workingDays?: number;
}

const dayMillis = 24 * 3_600_000;
const quarterMillis = 15 * 60_000;
const mostQuarters = 10_000;

/** A zone that remembers its offset for each quarter of an hour, within which zones do not change: asking the runtime is dear. */
class RememberingZone extends IANAZone {
  private static readonly known = new Map<string, RememberingZone>();
  private readonly offsets = new Map<number, number>();

  static of(name: string): RememberingZone {
    const zone = this.known.get(name) ?? new RememberingZone(name);
    if (zone.isValid) this.known.set(name, zone);
    return zone;
  }

  override offset(ts: number): number {
    const quarter = Math.floor(ts / quarterMillis);
    const known = this.offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.offsets.size === mostQuarters) this.offsets.clear();
    const offset = super.offset(ts);
    this.offsets.set(quarter, offset);
    return offset;
  }
}

/** `base` plus `span`: a working day keeps the local time of day (daylight saving included) and skips what is none. */
export function addDuration(base: Instant, span: Duration, calendar: Calendar): Instant {
  const zone = RememberingZone.of(calendar.timeZone);
  // luxon reads text several times slower than the runtime does
  const since = base.endsWith('Z') ? millis(base) : DateTime.fromISO(base, { zone }).toMillis();
  if (Number.isNaN(since) || !zone.isValid) throw new RangeError(`not an instant or time zone: ${base}, ${calendar.timeZone}`);
  if (calendar.workingDays.length === 0) throw new RangeError('a calendar needs at least one working day');
  const exact = (((span.hours ?? 0) * 60 + (span.minutes ?? 0)) * 60 + (span.seconds ?? 0)) * 1000;
  const straight = since + (span.days ?? 0) * dayMillis;
  // where the clocks are not changed a day has 24 hours, and hours are as long everywhere: no calendar is asked
  if ((span.workingDays ?? 0) === 0 && zone.offset(since) === zone.offset(straight)) return instant(new Date(straight + exact));
  const from = DateTime.fromMillis(since, { zone });
  const step = Math.sign(span.workingDays ?? 0);
  let days = 0;
  for (let left = Math.abs(span.workingDays ?? 0); left > 0;) {
    days += step;
    if (isWorkingDay(from.plus({ days }), calendar)) left -= 1;
  }
  // from the base at once: a day on which its time of day does not exist must not move the days after
  const at = from.plus({ days }).plus({ days: span.days ?? 0 });
  return instant(new Date(at.toMillis() + exact));
}

const isWorkingDay = (at: DateTime, calendar: Calendar): boolean =>
  calendar.workingDays.includes(at.weekday) && !calendar.holidays.includes(at.toISODate() ?? '');
