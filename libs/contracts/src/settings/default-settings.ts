import type { Duration } from '@orderloom/kernel';
import { defaultDeadlines } from './default-deadlines.js';
import type { CalendarInput } from './settings-document.js';

/** A postal address of the merchant. */
export type MerchantAddress = Readonly<
  Record<'recipient' | 'street' | 'city' | 'country', string> &
    Partial<Record<'company' | 'houseNumber' | 'street2' | 'state' | 'postcode' | 'phone', string>>
>;

/** REF-04: what becomes of a refund to a payment method. */
export interface PaymentMethod {
  readonly mailByItself: boolean;
  readonly postingTime: string;
}

/** Settings of a storefront, each value said. */
export interface StorefrontDocument {
  readonly country: string;
  readonly currency: string;
  readonly languages: readonly string[];
  readonly calendar: string;
  readonly dispatch: { readonly domestic: Duration; readonly crossBorder: Duration; readonly reship: Duration };
  readonly processing: Duration;
  /** ORD-02; absent in versions from before it was a setting. */
  readonly confirmation?: boolean;
  readonly undeliverable: readonly string[];
  /** By name; `other` for methods that are not listed. */
  readonly paymentMethods: Readonly<Record<string, PaymentMethod>>;
  readonly returns: { readonly window: Duration; readonly address: MerchantAddress };
}

/** A deadline as settings say it. */
export interface DeadlineDocument extends Duration {
  readonly rule: string;
  readonly from?: string;
  readonly reminders?: number;
}

export type GoodwillKind = 'gift' | 'coupon' | 'points';

/** CS-05: whether a rule grants goodwill, and of which kinds. `required` grants the first kind that fits. */
export interface GoodwillPolicy {
  readonly policy: 'none' | 'optional' | 'required';
  readonly kinds: readonly GoodwillKind[];
}

/** An amount by currency, in units of the currency; `other` for any other currency. */
export type AmountPerCurrency = Readonly<Record<string, number>> & { readonly other: number };

/** The settings of an installation, each value said: plain JSON. */
export interface SettingsDocument {
  readonly storefronts: Readonly<Record<string, StorefrontDocument>>;
  readonly deadlines: Readonly<Record<string, Readonly<Record<string, DeadlineDocument>>>>;
  readonly calendars: Readonly<Record<string, CalendarInput>>;
  readonly goodwill: {
    readonly gift: { readonly sku: string; readonly description: string; readonly quantity: number; readonly unitPrice: number };
    /** By rule; absent in versions from before it was a setting. */
    readonly rules?: { readonly 'LOG-06': GoodwillPolicy };
  };
  /** LOG-11; absent in versions from before it was a setting. */
  readonly tracking?: { readonly watch: boolean };
  readonly authority: {
    readonly twoApprovalsAbove: AmountPerCurrency;
    readonly returnFreightCap: AmountPerCurrency;
    readonly offersAtMost: number;
  };
}

/** A storefront that nobody has set up. */
export const defaultStorefront = {
  country: 'GB',
  currency: 'GBP',
  languages: ['en'],
  calendar: 'GB-england',
  dispatch: {
    domestic: { hours: 24 },
    crossBorder: { workingDays: 5 },
    reship: { days: 3 },
  },
  processing: { workingDays: 5 },
  confirmation: true,
  undeliverable: ['AQ', 'KP'],
  paymentMethods: {
    paypal: { mailByItself: true, postingTime: 'at once' },
    card: { mailByItself: false, postingTime: '20-30 working days' },
    other: { mailByItself: false, postingTime: '20-30 working days' },
  },
  returns: {
    window: { days: 7 },
    address: { recipient: 'Returns', street: '7 Dock Road', city: 'Coventry', postcode: 'CV1 2NT', country: 'GB' },
  },
} as const satisfies StorefrontDocument;

/** The settings of an installation to which none were applied. */
export const defaultSettings = {
  storefronts: { main: defaultStorefront },
  deadlines: defaultDeadlines,
  calendars: {},
  goodwill: {
    gift: { sku: 'GIFT', description: 'a small gift with our apologies', quantity: 1, unitPrice: 0 },
    rules: { 'LOG-06': { policy: 'optional', kinds: ['gift', 'points', 'coupon'] } },
  },
  tracking: { watch: true },
  authority: { twoApprovalsAbove: { other: 200 }, returnFreightCap: { other: 10 }, offersAtMost: 3 },
} as const satisfies SettingsDocument;
