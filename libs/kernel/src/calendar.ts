import { DateTime, IANAZone } from 'luxon';
import { type Instant, instant, millis } from './instant.js';

/** A merchant's calendar. `workingDays` are ISO weekdays (1 = Monday); `holidays` are dates (`2010-12-25`) in `timeZone`. */
export interface Calendar {
  readonly version: string;
  readonly timeZone: string;
  readonly workingDays: readonly number[];
  readonly holidays: readonly string[];
}

/** A duration as the sum of its parts. Negative parts go back in time. */
export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
  readonly workingDays?: number;
}

const dayMillis = 24 * 3_600_000;
const quarterHourMillis = 15 * 60_000;
const maxCachedOffsets = 10_000;

/** A time zone that caches its offset per quarter of an hour, since lookups are slow. Offsets change on quarter hours only. */
class CachingZone extends IANAZone {
  private static readonly known = new Map<string, CachingZone>();
  private readonly offsets = new Map<number, number>();

  static of(name: string): CachingZone {
    const zone = this.known.get(name) ?? new CachingZone(name);
    if (zone.isValid) this.known.set(name, zone);
    return zone;
  }

  override offset(ts: number): number {
    const quarter = Math.floor(ts / quarterHourMillis);
    const cached = this.offsets.get(quarter);
    if (cached !== undefined) return cached;
    if (this.offsets.size === maxCachedOffsets) this.offsets.clear();
    const offset = super.offset(ts);
    this.offsets.set(quarter, offset);
    return offset;
  }
}

/**
 * Returns `base` plus `span`. Working days keep the local time of day across daylight saving and skip other days. Throws `RangeError` for
 * an invalid instant or time zone, and for a calendar without working days.
 */
export function addDuration(base: Instant, span: Duration, calendar: Calendar): Instant {
  const zone = CachingZone.of(calendar.timeZone);
  // luxon parses text several times slower than the runtime.
  const baseMillis = base.endsWith('Z') ? millis(base) : DateTime.fromISO(base, { zone }).toMillis();
  if (Number.isNaN(baseMillis) || !zone.isValid) throw new RangeError(`invalid instant "${base}" or time zone "${calendar.timeZone}"`);
  if (calendar.workingDays.length === 0) throw new RangeError(`calendar ${calendar.version} has no working day: add at least one`);
  const exactMillis = (((span.hours ?? 0) * 60 + (span.minutes ?? 0)) * 60 + (span.seconds ?? 0)) * 1000;
  const plainDays = baseMillis + (span.days ?? 0) * dayMillis;
  // Without a change of the offset, days have 24 hours and the calendar is not needed.
  if ((span.workingDays ?? 0) === 0 && zone.offset(baseMillis) === zone.offset(plainDays))
    return instant(new Date(plainDays + exactMillis));
  const from = DateTime.fromMillis(baseMillis, { zone });
  const direction = Math.sign(span.workingDays ?? 0);
  let days = 0;
  for (let remaining = Math.abs(span.workingDays ?? 0); remaining > 0;) {
    days += direction;
    if (isWorkingDay(from.plus({ days }), calendar)) remaining -= 1;
  }
  // Added in one step from the base: a day on which the time of day does not exist must not shift later days.
  const shifted = from.plus({ days }).plus({ days: span.days ?? 0 });
  return instant(new Date(shifted.toMillis() + exactMillis));
}

const isWorkingDay = (at: DateTime, calendar: Calendar): boolean =>
  calendar.workingDays.includes(at.weekday) && !calendar.holidays.includes(at.toISODate() ?? '');
