import { englishCalendar, minorDigits, type Policies } from '@orderloom/kernel';

/** The policy values of the after-sales service. */
export const policies = {
  version: 'after-sales-4',
  calendar: englishCalendar,
  deadlines: {
    evidence: { rule: 'AFT-01', days: 7 },
    evidenceReminder: { rule: 'AFT-01', days: 2, hours: 12, reminders: 2 },
    /** What is claimed of an order that nobody here has heard of, or that has not left, waits so long for that. */
    orderKnown: { rule: 'AFT-30', days: 3 },
    returnOnItsWay: { rule: 'AFT-31', days: 14 },
    /** A tracking number that comes so long after that still counts. */
    lateParcel: { rule: 'AFT-31', days: 14 },
    returnReminder: { rule: 'AFT-31', days: 5, reminders: 2 },
    /** The way back included. */
    inspection: { rule: 'AFT-31', workingDays: 5, reminders: 2 },
    /** Not answered: it goes back to the customer, whose it is. */
    takeBack: { rule: 'AFT-32', days: 7 },
    takeBackReminder: { rule: 'AFT-32', days: 4, reminders: 1 },
    /** A case of a kind that has no flow of its own. */
    workCase: { rule: 'AFT-01', workingDays: 2, reminders: 2 },
    warehouseAnswer: { rule: 'AFT-15', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'AFT-15', workingDays: 1, reminders: 2 },
    reshipPromise: { rule: 'AFT-15', days: 3 },
    /** An untracked parcel is never signed for; it may be that long on its way, and the doubt is the customer's. */
    presumedDelivery: { rule: 'LOG-03', days: 50 },
    followUp: { rule: 'AFT-15', days: 10, reminders: 2 },
    satisfaction: { rule: 'LOG-08', days: 3 },
    serviceAnswer: { rule: 'LOG-08', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-03', workingDays: 1, reminders: 2 },
  },
} as const satisfies Policies;

/** AFT-30: so long after delivery goods may come back without a reason. */
export const returnWindow = { days: 7 } as const;

/** AFT-30: what the customer bore of the way back is refunded up to this: 10.00 of the order's currency, in minor units. */
export const returnFreightCap = (currency: string): number => 10 * 10 ** minorDigits(currency);

/** AFT-30: given with the instructions. */
export const returnAddress = {
  recipient: 'Returns',
  street: '7 Dock Road',
  city: 'Coventry',
  postcode: 'CV1 2NT',
  country: 'GB',
} as const;

/** CS-05: AFT-15 requires a gift; it goes in the parcel as a line of its own. */
export const gift = { sku: 'GIFT', description: 'a small gift with our apologies', quantity: 1, unitPrice: 0 } as const;
