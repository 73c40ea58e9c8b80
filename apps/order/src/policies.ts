import { defaultDeadlines, defaultSettings } from '@orderloom/contracts';
import { englishCalendar, type Policies } from '@orderloom/kernel';

export { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';

/** Policy values of the order service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines.order,
} as const satisfies Policies;

/** ORD-12: offers at most, the first included. */
export const maxOffers = defaultSettings.authority.offersAtMost;
