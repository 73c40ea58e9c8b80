import { defaultDeadlines, defaultSettings, defaultStorefront } from '@orderloom/contracts';
import { englishCalendar, type Policies } from '@orderloom/kernel';
import { amountIn, defaultStorefrontSettings } from '@orderloom/settings';

export { amountIn, defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';

/** Policy values of the after-sales service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines['after-sales'],
} as const satisfies Policies;

/** AFT-30: maximum refund for return shipping that the customer paid, in minor units. */
export const returnFreightCap = (currency: string): number => amountIn(currency, defaultStorefrontSettings.returnFreightCaps);

/** AFT-30: address in the return instructions. */
export const returnAddress = defaultStorefront.returns.address;

/** CS-05: AFT-15 requires a gift; it goes in the parcel as a line of its own. */
export const gift = defaultSettings.goodwill.gift;
