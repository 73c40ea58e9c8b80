import { englishCalendar, type Policies } from '@orderloom/kernel';

/** The policy values of the logistics service. */
export const policies = {
  version: 'logistics-1',
  calendar: englishCalendar,
  deadlines: {
    warehouseAnswer: { rule: 'LOG-09', workingDays: 1, reminders: 2 },
    shipping: { rule: 'LOG-02', workingDays: 5, reminders: 2 },
  },
} as const satisfies Policies;
