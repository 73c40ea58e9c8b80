import { englishCalendar, type Policies } from '@orderloom/kernel';

/** The policy values of the order service; a change gets a new version, and touches new deadlines only. */
export const policies = {
  version: 'order-4',
  calendar: englishCalendar,
  deadlines: {
    /** Counted from the promise that was made to this order (ORD-05). */
    dispatchAlert: { rule: 'ORD-05', from: 'promisedDispatchBy', hours: -4 },
    dispatchPromise: { rule: 'ORD-05', from: 'promisedDispatchBy' },
    expectedArrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'ORD-12', workingDays: 1, reminders: 2 },
    reviewerAnswer: { rule: 'ORD-07', minutes: 30, reminders: 2 },
    serviceAnswer: { rule: 'ORD-12', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-03', workingDays: 1, reminders: 2 },
    /** A payment may be said to be captured before its order is known here; later than this somebody looks whose it is. */
    orderOfCapture: { rule: 'ORD-01', days: 1 },
    financeAnswer: { rule: 'ORD-01', workingDays: 1, reminders: 2 },
    customerDecision: { rule: 'ORD-12', days: 3 },
    /** Before time decides (CS-02). */
    customerReminder: { rule: 'CS-02', days: 2, reminders: 1 },
  },
} as const satisfies Policies;

/** ORD-12: offers at most, the first included. */
export const mostOffers = 3;

/** ORD-05: dispatch is promised per storefront, from acceptance. */
export const dispatchPromises = {
  domestic: { hours: 24 },
  crossBorder: { workingDays: 5 },
  /** AFT-15, LOG-06: what goes out again, wherever it goes. */
  reship: { days: 3 },
} as const;

/** LOG-02: what arrives until then is waited for (ORD-04). */
export const processingWindow = { workingDays: 5 } as const;

/** Where a storefront ships from, and where it can't deliver (ORD-03, ORD-31). */
export const storefront = { country: 'GB', undeliverable: ['AQ', 'KP'] } as const;
