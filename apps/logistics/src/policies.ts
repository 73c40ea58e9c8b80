import { defaultDeadlines, defaultStorefront } from '@orderloom/contracts';
import { englishCalendar, type Policies } from '@orderloom/kernel';

export { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';

/** Policy values of the logistics service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines.logistics,
} as const satisfies Policies;

/** LOG-02: goods that arrive within this window are waited for (ORD-04). */
export const processingWindow = defaultStorefront.processing;
