import { defaultDeadlines } from '@orderloom/contracts';
import { englishCalendar, type Policies } from '@orderloom/kernel';
import { defaultStorefrontSettings } from '@orderloom/settings';

export { defaultStorefrontSettings, paymentMethodSettings, type StorefrontSettings } from '@orderloom/settings';

/** Policy values of the refund service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines.refund,
} as const satisfies Policies;

/** REF-04: by payment method, whether the success mail is sent automatically, and the posting time. */
export const methodOf = defaultStorefrontSettings.paymentMethod;
