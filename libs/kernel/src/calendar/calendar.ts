import { IANAZone } from 'luxon';
import { type Instant, millis } from '../instant.js';

/** Exceptions of one year from the working weekdays. A holiday is a date or an interval of dates (`2025-10-01/2025-10-08`). */
export interface CalendarYear {
  /** Number or title of the official publication. */
  readonly notice?: string;
  /** Date of that publication. */
  readonly published?: string;
  readonly holidays: Readonly<Record<string, string>>;
  /** Working days on weekdays that are otherwise off, such as the Sunday before China's National Day. */
  readonly makeUpDays?: readonly string[];
}

/** Content of a calendar's data file. Dates are days in `timeZone`, `workingDays` are ISO weekdays (1 = Monday). Half days are not supported. */
export interface CalendarData {
  readonly name: string;
  readonly version: string;
  readonly timeZone: string;
  readonly workingDays: readonly number[];
  readonly source: string;
  readonly licence: string;
  readonly published: string;
  readonly notes?: readonly string[];
  /** Officially published years, without a gap. A notice may also name days of the preceding December. */
  readonly years: Readonly<Record<number, CalendarYear>>;
}

/** A calendar that ends within this number of days causes a warning. */
export const calendarAlarmDays = 60;

const dayMillis = 24 * 3_600_000;
const quarterMillis = 15 * 60_000;
const mostQuarters = 10_000;

/** Caches offsets by quarter of an hour, within which no zone changes, because the runtime's lookup is slow. */
class CachedOffsetZone extends IANAZone {
  private static readonly known = new Map<string, CachedOffsetZone>();
  private readonly offsets = new Map<number, number>();

  static of(name: string): CachedOffsetZone {
    const zone = this.known.get(name) ?? new CachedOffsetZone(name);
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

/** Working days were counted from, or into, a year that the calendar lacks. */
export class UnknownCalendarDay extends Error {
  constructor({ name, knownFrom, knownUntil, source }: Calendar, date: string) {
    super(
      `calendar ${name} does not know ${date}, only ${knownFrom} to ${knownUntil}: ` +
        `add the year to the calendar in the settings as soon as it is published (source: ${source})`,
    );
    this.name = 'UnknownCalendarDay';
  }
}

const dateOf = (day: number): string => new Date(day * dayMillis).toISOString().slice(0, 10);

/** Days since 1970; NaN for text that is not a date. */
function dayOf(date: string): number {
  const at = Date.parse(date);
  return Number.isNaN(at) || dateOf(at / dayMillis) !== date ? Number.NaN : at / dayMillis;
}

const isoWeekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** The working days of the officially published years. */
export class Calendar {
  readonly name: string;
  readonly version: string;
  readonly timeZone: string;
  readonly source: string;
  readonly zone: IANAZone;
  /** First and last day that the calendar covers, as dates. */
  readonly knownFrom: string;
  readonly knownUntil: string;
  private readonly first: number;
  /** Working days as offsets from `first`, and for each covered day the number of working days before it. */
  private readonly worked: number[] = [];
  private readonly before: number[] = [];

  /** Throws `RangeError` for invalid data. */
  constructor(data: CalendarData) {
    this.name = data.name;
    this.version = data.version;
    this.timeZone = data.timeZone;
    this.source = data.source;
    this.zone = CachedOffsetZone.of(data.timeZone);
    if (!this.zone.isValid) this.refuse(`${data.timeZone} is not a time zone of the IANA database`);
    if (data.workingDays.length === 0) this.refuse('no weekday is a working day');
    const years = Object.keys(data.years).map(Number);
    const [firstYear = Number.NaN, lastYear] = [years[0], years.at(-1)];
    if (years.length === 0 || years.some((year, n) => year !== firstYear + n)) this.refuse('the years must follow each other');
    this.knownFrom = `${firstYear}-01-01`;
    this.knownUntil = `${lastYear}-12-31`;
    this.first = dayOf(this.knownFrom);
    const weekdays = new Set(data.workingDays);
    const changed = this.changedDays(data, weekdays);
    const known = dayOf(this.knownUntil) - this.first + 1;
    for (let day = 0; day < known; day += 1) {
      this.before.push(this.worked.length);
      if (changed.get(this.first + day) ?? weekdays.has(isoWeekday(this.first + day))) this.worked.push(day);
    }
  }

  private changedDays({ years }: CalendarData, weekdays: ReadonlySet<number>): Map<number, boolean> {
    const changed = new Map<number, boolean>();
    for (const { holidays } of Object.values(years))
      for (const interval of Object.values(holidays)) {
        const [from = '', to = from] = interval.split('/');
        const last = this.knownDay(to);
        if (from > to) this.refuse(`${interval} ends before it begins`);
        for (let day = this.knownDay(from); day <= last; day += 1) changed.set(day, false);
      }
    for (const { makeUpDays = [] } of Object.values(years))
      for (const date of makeUpDays) {
        const day = this.knownDay(date);
        if (changed.has(day)) this.refuse(`${date} is listed twice: as a holiday and a make-up day, or as two make-up days`);
        if (weekdays.has(isoWeekday(day))) this.refuse(`the make-up day ${date} is a working day already`);
        changed.set(day, true);
      }
    return changed;
  }

  private knownDay(date: string): number {
    const day = dayOf(date);
    if (Number.isNaN(day)) this.refuse(`${date} is no date`);
    if (date < this.knownFrom || date > this.knownUntil) this.refuse(`${date} lies outside its years`);
    return day;
  }

  private refuse(why: string): never {
    throw new RangeError(`calendar ${this.name}: ${why}`);
  }

  private localDay(ms: number): number {
    return Math.floor((ms + this.zone.offset(ms) * 60_000) / dayMillis);
  }

  /** Returns whether `date` (`2025-10-11`) is a working day. Throws `UnknownCalendarDay`. */
  isWorkingDay(date: string): boolean {
    const day = dayOf(date) - this.first;
    const before = this.before[day];
    if (before === undefined) throw new UnknownCalendarDay(this, date);
    return this.worked[before] === day;
  }

  /** Number of days from the day of `ms` (milliseconds since 1970) to the working day `count` later, or earlier if negative. Throws `UnknownCalendarDay`. */
  daysTo(ms: number, count: number): number {
    if (!Number.isInteger(count)) this.refuse(`${count} is no whole number of working days`);
    if (count === 0) return 0;
    const day = this.localDay(ms) - this.first;
    const before = this.before[day];
    if (before === undefined) throw new UnknownCalendarDay(this, dateOf(day + this.first));
    const upTo = this.worked[before] === day ? before + 1 : before;
    const target = this.worked[count > 0 ? upTo + count - 1 : before + count];
    if (target === undefined) throw new UnknownCalendarDay(this, dateOf(this.first + (count > 0 ? this.before.length : -1)));
    return target - day;
  }

  /** Number of covered days after the day of `at`; negative if the calendar has ended. */
  daysLeft(at: Instant): number {
    return dayOf(this.knownUntil) - this.localDay(millis(at));
  }

  /** Returns whether the calendar covers fewer than `days` days after the day of `at`. */
  endsWithin(days: number, at: Instant): boolean {
    return this.daysLeft(at) < days;
  }
}
