import { isCurrency } from '@orderloom/kernel';
import { z } from 'zod';
import { isCountry } from '../messages/countries.js';

const name = z.string().trim().min(1).max(60);
const sentence = z.string().trim().min(1).max(300);
const country = z
  .string()
  .refine(isCountry, 'must be an ISO 3166-1 alpha-2 country code, such as GB')
  .describe('ISO 3166-1 alpha-2 country code');
const currency = z
  .string()
  .refine(isCurrency, 'must be the ISO 4217 code of a currency in use, such as EUR')
  .describe('ISO 4217 currency code');
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag, such as en or zh-CN')
  .describe('BCP 47 language tag');
const date = z.iso.date();
const units = z.number().nonnegative().describe('in units of the currency (pounds, yuan), not in minor units');

const durationFields = {
  seconds: z.int().optional(),
  minutes: z.int().optional(),
  hours: z.int().optional(),
  days: z.int().optional(),
  workingDays: z.int().optional().describe('working days of the calendar of the storefront'),
};
/** A span of time; its parts add up. */
export const durationSetting = z.strictObject(durationFields);

/** A deadline or a reminder, without what its name fixes. */
export const deadlineInput = z.strictObject({
  rule: z.string().optional().describe('fixed by the name; may be repeated here'),
  from: z.string().optional().describe('fixed by the name: the field that holds the base, now where absent; may be repeated here'),
  ...durationFields,
  reminders: z.int().min(0).max(100).optional(),
});
export type DeadlineInput = z.infer<typeof deadlineInput>;

const addressSetting = z.strictObject({
  recipient: sentence,
  company: sentence.optional(),
  street: sentence,
  houseNumber: sentence.optional(),
  street2: sentence.optional(),
  city: sentence,
  state: sentence.optional(),
  postcode: sentence.optional(),
  country,
  phone: sentence.optional(),
});

const paymentMethod = z.strictObject({
  mailByItself: z.boolean().describe('whether the payment provider mails the customer that a refund was paid (REF-04)'),
  postingTime: sentence.describe('how long a refund takes to arrive, for the customer (REF-04)'),
});

/** A storefront as it is set up. What may be left out has the default of every storefront. */
export const storefrontInput = z.strictObject({
  country: country.describe('where it ships from: decides what is domestic (ORD-05)'),
  currency,
  languages: z.array(language).min(1).describe('the first one is that of messages to customers (CS-01)'),
  calendar: name.describe('a calendar of `calendars`, or one that is shipped: GB-england, CN (CS-02)'),
  dispatch: z
    .strictObject({ domestic: durationSetting, crossBorder: durationSetting, reship: durationSetting })
    .partial()
    .default({})
    .describe('promise of dispatch from acceptance (ORD-05); reship: AFT-15, LOG-06'),
  processing: durationSetting.optional().describe('what arrives until then is waited for (LOG-02, ORD-04)'),
  confirmation: z.boolean().optional().describe('whether the customer is asked to confirm a placed order (ORD-02)'),
  undeliverable: z.array(country).optional().describe('countries that are not delivered to (ORD-03, ORD-31)'),
  paymentMethods: z.record(name, paymentMethod).default({}).describe('by name; `other` is for methods that are not listed'),
  returns: z.strictObject({
    window: durationSetting.optional().describe('after delivery goods may come back without a reason (AFT-30)'),
    address: addressSetting.describe('given with the instructions (AFT-30)'),
  }),
});
export type StorefrontInput = z.infer<typeof storefrontInput>;

const calendarYear = z.strictObject({
  notice: sentence.optional(),
  published: date.optional(),
  holidays: z.record(z.string(), z.string()).describe('by name, a date or an interval of dates: 2027-10-01/2027-10-07'),
  makeUpDays: z.array(date).optional().describe('days off by their weekday that are worked instead'),
});
const yearNumber = z.string().regex(/^\d{4}$/, 'must be a year, such as 2027');

/** A calendar that is not shipped, or the years that a shipped one lacks (`extends`). */
export const calendarInput = z.strictObject({
  extends: name.optional().describe('a shipped calendar whose years these are added to, or take the place of'),
  timeZone: z.string().optional().describe('of the IANA database; needed without `extends`'),
  workingDays: z.array(z.int().min(1).max(7)).optional().describe('ISO weekdays, 1 = Monday; needed without `extends`'),
  source: sentence.describe('the official publication'),
  published: date.optional(),
  years: z.record(yearNumber, calendarYear),
});
export type CalendarInput = z.infer<typeof calendarInput>;

const gift = z.strictObject({ sku: name, description: sentence, quantity: z.int().positive(), unitPrice: z.literal(0) });
const goodwillPolicy = z.strictObject({
  policy: z.enum(['none', 'optional', 'required']).describe('optional: service decides; required: the first kind that fits'),
  kinds: z
    .array(z.enum(['gift', 'coupon', 'points']))
    .min(1)
    .describe('a gift goes only with goods'),
});
const perCurrency = z
  .record(
    z.string().refine((code) => code === 'other' || isCurrency(code), 'must be the ISO 4217 code of a currency in use, or other'),
    units,
  )
  .describe('by currency; `other` for every currency that is not listed');

/** The whole settings as they are given: what is left out has its default. */
export const settingsInput = z.strictObject({
  storefronts: z.record(z.string(), storefrontInput).default({}),
  deadlines: z.record(z.string(), z.record(z.string(), deadlineInput)).default({}).describe('by service and name'),
  calendars: z.record(name, calendarInput).default({}),
  goodwill: z
    .strictObject({
      gift: gift.optional().describe('AFT-15, LOG-06'),
      rules: z
        .strictObject({ 'LOG-06': goodwillPolicy.optional().describe('lost parcels') })
        .optional()
        .describe('by rule'),
    })
    .default({})
    .describe('CS-05'),
  tracking: z
    .strictObject({
      watch: z.boolean().optional().describe('LOG-11: shipped parcels are looked at on a schedule, though nobody has asked'),
    })
    .default({}),
  authority: z
    .strictObject({
      twoApprovalsAbove: perCurrency.optional().describe('REF-02: a refund above it needs two people'),
      returnFreightCap: perCurrency.optional().describe('AFT-30: freight of a return that is refunded at most'),
      offersAtMost: z.int().min(1).max(20).optional().describe('ORD-12: the first offer included'),
    })
    .default({}),
});
export type SettingsInput = z.input<typeof settingsInput>;
