import { defaultDeadlines } from '@orderloom/contracts';
import { englishCalendar, minorDigits, type Policies } from '@orderloom/kernel';

/** Policy values of the after-sales service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines['after-sales'],
} as const satisfies Policies;

/** AFT-30: maximum refund for return shipping that the customer paid: 10.00 of the order's currency, in minor units. */
export const returnFreightCap = (currency: string): number => 10 * 10 ** minorDigits(currency);

/** AFT-30: address in the return instructions. */
export const returnAddress = {
  recipient: 'Returns',
  street: '7 Dock Road',
  city: 'Coventry',
  postcode: 'CV1 2NT',
  country: 'GB',
} as const;

/** CS-05: AFT-15 requires a gift; it goes in the parcel as a line of its own. */
export const gift = { sku: 'GIFT', description: 'a small gift with our apologies', quantity: 1, unitPrice: 0 } as const;
