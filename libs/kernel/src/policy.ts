import type { Calendar } from './calendar/calendar.js';
import { addDuration, type Duration } from './calendar/duration.js';
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

/** Due time of the deadline `name`, a pure function of its arguments. Throws `RangeError` for an unknown name or a missing base. */
export function dueAt(policies: Policies, name: string, now: Instant, about: Readonly<Record<string, unknown>>): Instant {
  const policy = policies.deadlines[name];
  if (!policy) throw new RangeError(`no policy value named ${name}`);
  const base = policy.from === undefined ? now : about[policy.from];
  if (typeof base !== 'string') throw new RangeError(`policy value ${name} needs the base ${policy.from}, which the flow's context lacks`);
  return addDuration(base, policy, policies.calendar);
}
