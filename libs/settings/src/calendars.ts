import type { CalendarInput } from '@orderloom/contracts';
import { Calendar, type CalendarData, chinaCalendarData, chineseCalendar, englandCalendarData, englishCalendar } from '@orderloom/kernel';

/** Calendars that are shipped, by name. */
const shipped: ReadonlyMap<string, { readonly data: CalendarData; readonly calendar: Calendar }> = new Map([
  [englandCalendarData.name, { data: englandCalendarData, calendar: englishCalendar }],
  [chinaCalendarData.name, { data: chinaCalendarData, calendar: chineseCalendar }],
]);

type Inline = Readonly<Record<string, CalendarInput>>;

/** Names that a storefront may give as its calendar. */
export const calendarNames = (inline: Inline): readonly string[] => [...new Set([...shipped.keys(), ...Object.keys(inline)])].sort();

/** The calendar `name`; one of the document takes the place of a shipped one. Throws `RangeError` that states what is wrong with it. */
export function calendarNamed(name: string, inline: Inline): Calendar {
  const given = inline[name];
  if (given) return new Calendar(dataOf(name, given));
  const found = shipped.get(name)?.calendar;
  if (!found) throw new RangeError(`unknown calendar ${name}: expected one of ${calendarNames(inline).join(', ')}`);
  return found;
}

function dataOf(name: string, { extends: base, years, ...own }: CalendarInput): CalendarData {
  const before = base === undefined ? undefined : shipped.get(base)?.data;
  if (base !== undefined && !before)
    throw new RangeError(`calendar ${name}: extends ${base}, which is not shipped: expected one of ${[...shipped.keys()].join(', ')}`);
  const timeZone = own.timeZone ?? before?.timeZone;
  const workingDays = own.workingDays ?? before?.workingDays;
  if (timeZone === undefined || workingDays === undefined)
    throw new RangeError(`calendar ${name}: needs timeZone and workingDays, or the shipped calendar that it extends`);
  return {
    ...{ name, version: name, timeZone, workingDays, source: own.source, licence: 'of the merchant' },
    published: own.published ?? '',
    years: { ...before?.years, ...years },
  };
}
