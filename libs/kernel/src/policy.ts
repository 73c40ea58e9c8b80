import { type Calendar, UnknownCalendarDay } from './calendar/calendar.js';
import { addDuration, type Duration } from './calendar/duration.js';
import type { FieldError } from './errors.js';
import type { Instant } from './instant.js';

/** A deadline. `from` is the field of the flow's context with the base instant; without it the base is now. */
export interface DeadlinePolicy extends Duration {
  readonly rule: string;
  readonly from?: string;
  /** Number of reminders of an open task before it escalates. */
  readonly reminders?: number;
}

/** A versioned set of policy values. Each decision records the version under which it was made. */
export interface Policies {
  readonly version: string;
  readonly calendar: Calendar;
  readonly deadlines: Readonly<Record<string, DeadlinePolicy>>;
}

/** Base and due time of the deadline `name`, a pure function of its arguments. Throws `RangeError` for an unknown name or a missing base. */
export function countDeadline(
  policies: Policies,
  name: string,
  now: Instant,
  about: Readonly<Record<string, unknown>>,
): { readonly base: Instant; readonly dueAt: Instant } {
  const policy = policies.deadlines[name];
  if (!policy) throw new RangeError(`unknown policy value "${name}": expected one of the configured deadlines`);
  const base = policy.from === undefined ? now : about[policy.from];
  if (typeof base !== 'string') throw new RangeError(`policy value ${name} needs the base ${policy.from}, which the flow's context lacks`);
  return { base, dueAt: addDuration(base, policy, policies.calendar) };
}

/** Errors of the `fields` from which a deadline would be counted to a day that the calendar does not cover. */
export function unknownBases({ deadlines, calendar }: Policies, fields: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const errors = Object.values(deadlines).flatMap((policy) => {
    const base = policy.from === undefined ? undefined : fields[policy.from];
    if (policy.from === undefined || typeof base !== 'string') return [];
    const fault = unknownDay(base, policy, calendar);
    return fault === undefined ? [] : [{ field: policy.from, message: `is ${base}, from which the deadline cannot be computed: ${fault}` }];
  });
  return errors.filter(({ field }, i) => errors.findIndex((one) => one.field === field) === i);
}

function unknownDay(base: string, span: Duration, calendar: Calendar): string | undefined {
  try {
    addDuration(base, span, calendar);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnknownCalendarDay)) throw error;
    return `${calendar.name} covers ${calendar.knownFrom} to ${calendar.knownUntil} only`;
  }
}
