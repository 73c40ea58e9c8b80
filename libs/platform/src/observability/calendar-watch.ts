import type { Calendar, Instant } from '@orderloom/kernel';
import { calendarWarnings } from './service-metrics.js';

interface Watched {
  readonly now: () => Promise<Instant>;
  /** Those by which deadlines are counted at an instant, or will be. */
  readonly calendars: (now: Instant) => Promise<readonly Calendar[]>;
  readonly warn: (calendar: { readonly [field: string]: string | number }) => void;
}

/**
 * CS-02: a health check that names each calendar that ends within 60 days, and warns of it once a day. A service stays ready: only deadlines
 * that lead past the end are refused.
 */
export function calendarWatch({ now, calendars, warn }: Watched): () => Promise<{ ok: true; detail?: string }> {
  const warnedOn = new Map<string, string>();
  return async () => {
    const at = await now();
    const warnings = calendarWarnings(await calendars(at), at);
    for (const warning of warnings) {
      const [name, day] = [String(warning.calendar), at.slice(0, 10)];
      if (warnedOn.get(name) !== day) warn(warning);
      warnedOn.set(name, day);
    }
    if (warnings.length === 0) return { ok: true };
    const ends = warnings.map(({ calendar, knownUntil, daysLeft }) => `${calendar} ends on ${knownUntil}, in ${daysLeft} days`);
    return { ok: true, detail: `${ends.join('; ')}: add the next year to the settings (calendars)` };
  };
}
