import {
  type DeadlineService,
  defaultSettings,
  defaultStorefront,
  type PaymentMethod,
  type SettingsDocument,
  type StorefrontDocument,
} from '@orderloom/contracts';
import { type Calendar, type Instant, minorDigits, type Policies } from '@orderloom/kernel';
import { calendarNamed } from './calendars.js';
import { minorUnitsOf } from './read-settings.js';

/** One version of the settings of an installation, as recorded. */
export interface SettingsVersion {
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly document: SettingsDocument;
  readonly by: string;
  readonly reason?: string;
}

/** Name of the settings that hold before the first version. */
export const defaultsVersion = 'defaults';

/** The version in force at `at`: of those that have taken effect the latest, of the same instant the highest; undefined before the first. */
export const inForceAt = (versions: readonly SettingsVersion[], at: Instant): SettingsVersion | undefined =>
  versions
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .reduce<SettingsVersion | undefined>((latest, one) => (latest && isBefore(one, latest) ? latest : one), undefined);

const isBefore = (a: SettingsVersion, b: SettingsVersion): boolean =>
  a.effectiveFrom < b.effectiveFrom || (a.effectiveFrom === b.effectiveFrom && a.version < b.version);

/** Settings of one storefront in one version, as decisions get them. Amounts are minor units. */
export class StorefrontSettings {
  private readonly perService = new Map<DeadlineService, Policies>();

  private constructor(
    /** Name of the version: `settings-3`, or `defaults`. */
    readonly version: string,
    readonly storefront: StorefrontDocument,
    readonly calendar: Calendar,
    private readonly document: SettingsDocument,
  ) {}

  /** Of storefront `id` in `version`; a storefront that the document does not name has the defaults of the release. */
  static of(version: SettingsVersion | undefined, id: string): StorefrontSettings {
    const document: SettingsDocument = version?.document ?? defaultSettings;
    const known = cache.get(document) ?? new Map<string, StorefrontSettings>();
    cache.set(document, known);
    const storefront = Object.hasOwn(document.storefronts, id) ? document.storefronts[id] : undefined;
    const key = storefront ? id : '';
    const made = known.get(key) ?? StorefrontSettings.make(version, document, storefront ?? defaultStorefront);
    known.set(key, made);
    return made;
  }

  private static make(
    version: SettingsVersion | undefined,
    document: SettingsDocument,
    storefront: StorefrontDocument,
  ): StorefrontSettings {
    const name = version ? `settings-${version.version}` : defaultsVersion;
    return new StorefrontSettings(name, storefront, calendarNamed(storefront.calendar, document.calendars), document);
  }

  /** Deadlines of a service; a name that the document lacks has the default of the release. */
  policies(service: DeadlineService): Policies {
    const known = this.perService.get(service);
    if (known) return known;
    const deadlines = { ...defaultSettings.deadlines[service], ...this.document.deadlines[service] };
    const made = { version: this.version, calendar: this.calendar, deadlines };
    this.perService.set(service, made);
    return made;
  }

  /** REF-04. */
  paymentMethod(method: string): PaymentMethod {
    const { paymentMethods } = this.storefront;
    const own = Object.hasOwn(paymentMethods, method) ? paymentMethods[method] : paymentMethods.other;
    return own ?? defaultStorefront.paymentMethods.other;
  }

  /** REF-02: a refund above it needs two people. */
  twoApprovalsAbove = (currency: string): number => amountOf(this.document.authority.twoApprovalsAbove, currency);

  /** AFT-30: freight of a return that is refunded at most. */
  returnFreightCap = (currency: string): number => amountOf(this.document.authority.returnFreightCap, currency);

  /** ORD-12. */
  get offersAtMost(): number {
    return this.document.authority.offersAtMost;
  }

  /** AFT-15. */
  get gift(): SettingsDocument['goodwill']['gift'] {
    return this.document.goodwill.gift;
  }
}

/** Building a calendar takes a millisecond. */
const cache = new WeakMap<SettingsDocument, Map<string, StorefrontSettings>>();

/** Settings of an installation to which none were applied. */
export const defaultStorefrontSettings = StorefrontSettings.of(undefined, 'main');

function amountOf(perCurrency: SettingsDocument['authority']['twoApprovalsAbove'], currency: string): number {
  const own = Object.hasOwn(perCurrency, currency) ? perCurrency[currency] : undefined;
  return minorUnitsOf(own ?? perCurrency.other, minorDigits(currency));
}
