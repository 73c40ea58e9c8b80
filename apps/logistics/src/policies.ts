import { englishCalendar, type Policies } from '@orderloom/kernel';

/** The policy values of the logistics service. */
export const policies = {
  version: 'logistics-3',
  calendar: englishCalendar,
  deadlines: {
    warehouseAnswer: { rule: 'LOG-09', workingDays: 1, reminders: 2 },
    /** The warehouse's report of a parcel may come later than the courier's first scans. */
    reportLag: { rule: 'LOG-01', days: 1 },
    serviceAnswer: { rule: 'LOG-10', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'ORD-04', workingDays: 1, reminders: 2 },
    expectedArrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1, reminders: 2 },
    customerDecision: { rule: 'ORD-04', days: 3 },
    customerReminder: { rule: 'CS-02', days: 2, reminders: 1 },
    shipping: { rule: 'LOG-02', workingDays: 5, reminders: 2 },
  },
} as const satisfies Policies;

/** LOG-02: what arrives until then is waited for (ORD-04). */
export const processingWindow = { workingDays: 5 } as const;
