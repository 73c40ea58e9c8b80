import { addDuration, type Calendar, type Duration } from './calendar.js';
import type { Instant } from './instant.js';

/** A deadline by name. `from` names the field of the case that holds its base instant; without it the base is now. */
export interface DeadlinePolicy extends Duration {
  readonly rule: string;
  readonly from?: string;
  /** How often an open task is reminded before it escalates. */
  readonly reminders?: number;
}

/** A set of policy values: versioned, and stamped on what was decided under it. */
export interface Policies {
  readonly version: string;
  readonly calendar: Calendar;
  readonly deadlines: Readonly<Record<string, DeadlinePolicy>>;
}

/** When the deadline `name` falls due. Pure: the same base, policies and calendar always give the same instant. */
export function dueAt(policies: Policies, name: string, now: Instant, about: Readonly<Record<string, unknown>>): Instant {
  const policy = policies.deadlines[name];
  if (!policy) throw new RangeError(`no policy value named ${name}`);
  const base = policy.from === undefined ? now : about[policy.from];
  if (typeof base !== 'string') throw new RangeError(`policy value ${name} counts from ${policy.from}, which the case does not hold`);
  return addDuration(base, policy, policies.calendar);
}
