import { englishCalendar, minorDigits, type Policies } from '@orderloom/kernel';

/** The policy values of the refund service. */
export const policies = {
  version: 'refund-4',
  calendar: englishCalendar,
  deadlines: {
    /** Met when finance executes, not when the bank posts. The inner deadline is before the outer. */
    refundPromise: { rule: 'REF-01', workingDays: 3 },
    refundAlert: { rule: 'REF-01', workingDays: 2 },
    financeAnswer: { rule: 'REF-02', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-05', workingDays: 1, reminders: 2 },
    serviceAnswer: { rule: 'REF-02', workingDays: 1, reminders: 2 },
    providerAnswer: { rule: 'REF-05', hours: 1 },
    /** Unknown: asked again under the same key, for a day and more; then somebody looks. */
    providerReminder: { rule: 'REF-05', hours: 1, reminders: 30 },
    mailSent: { rule: 'REF-04', workingDays: 1, reminders: 2 },
  },
} as const satisfies Policies;

/** REF-02: above this two different people approve; 200.00 of the order's currency, in minor units. */
export const twoApprovalsAbove = (currency: string): number => 200 * 10 ** minorDigits(currency);

/** REF-04: by method, whether the success mail goes out by itself, and how long posting takes. */
const methods: Readonly<Record<string, { readonly mailByItself: boolean; readonly postingTime: string }>> = {
  paypal: { mailByItself: true, postingTime: 'at once' },
  card: { mailByItself: false, postingTime: '20-30 working days' },
};

export const methodOf = (method: string): { readonly mailByItself: boolean; readonly postingTime: string } =>
  methods[method] ?? { mailByItself: false, postingTime: '20-30 working days' };
