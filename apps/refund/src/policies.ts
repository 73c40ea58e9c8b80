import { defaultDeadlines } from '@orderloom/contracts';
import { englishCalendar, type Policies } from '@orderloom/kernel';

/** Policy values of the refund service until settings are applied: names and defaults. */
export const policies = {
  version: 'defaults',
  calendar: englishCalendar,
  deadlines: defaultDeadlines.refund,
} as const satisfies Policies;

/** REF-04: by payment method, whether the success mail is sent automatically, and the posting time. */
const methods: Readonly<Record<string, { readonly mailByItself: boolean; readonly postingTime: string }>> = {
  paypal: { mailByItself: true, postingTime: 'at once' },
  card: { mailByItself: false, postingTime: '20-30 working days' },
};

export const methodOf = (method: string): { readonly mailByItself: boolean; readonly postingTime: string } =>
  methods[method] ?? { mailByItself: false, postingTime: '20-30 working days' };
