import {
  type AmountPerCurrency,
  type DeadlineService,
  defaultSettings,
  defaultStorefront,
  type GoodwillPolicy,
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
  /** Open deadlines are counted anew when this version takes effect. */
  readonly recompute?: boolean;
  readonly by: string;
  readonly reason?: string;
}

/** Name of the settings that hold before the first version. */
export const defaultsVersion = 'defaults';

const versionName = (version: number): string => `settings-${version}`;

/** The version in force at `at`: of those that have taken effect the latest, of the same instant the highest; undefined before the first. */
export const inForceAt = (versions: readonly SettingsVersion[], at: Instant): SettingsVersion | undefined =>
  versions
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .reduce<SettingsVersion | undefined>((latest, one) => (latest && isBefore(one, latest) ? latest : one), undefined);

/** A version by which open deadlines are counted anew, and the names of it and of all that take effect after it. */
export interface Recomputing {
  readonly settings: SettingsVersion;
  readonly itAndLater: readonly string[];
}

/** The last version with `recompute` that has taken effect at `at`: it counts anew what an earlier one would have. */
export function recomputingAt(versions: readonly SettingsVersion[], at: Instant): Recomputing | undefined {
  const wasInForce = (one: SettingsVersion): boolean => one.effectiveFrom <= at && inForceAt(versions, one.effectiveFrom) === one;
  const [settings] = versions.filter((one) => one.recompute === true && wasInForce(one)).sort((a, b) => (isBefore(a, b) ? 1 : -1));
  return (
    settings && { settings, itAndLater: versions.filter((one) => !isBefore(one, settings)).map(({ version }) => versionName(version)) }
  );
}

const isBefore = (a: SettingsVersion, b: SettingsVersion): boolean =>
  a.effectiveFrom < b.effectiveFrom || (a.effectiveFrom === b.effectiveFrom && a.version < b.version);

/** Settings of one storefront in one version, as decisions get them. Amounts are minor units. */
export class StorefrontSettings {
  private readonly perService = new Map<DeadlineService, Policies>();

  private constructor(
    /** Name of the version: `settings-3`, or `defaults`. */
    readonly version: string,
    readonly storefront: StorefrontDocument,
    /** False for a storefront that nobody has set up: it has the defaults of the release. */
    readonly isSetUp: boolean,
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
    const made = known.get(key) ?? StorefrontSettings.make(version, document, storefront);
    known.set(key, made);
    return made;
  }

  private static make(
    version: SettingsVersion | undefined,
    document: SettingsDocument,
    known: StorefrontDocument | undefined,
  ): StorefrontSettings {
    const name = version ? versionName(version.version) : defaultsVersion;
    const storefront = known ?? defaultStorefront;
    const isSetUp = version !== undefined && known !== undefined;
    return new StorefrontSettings(name, storefront, isSetUp, calendarNamed(storefront.calendar, document.calendars), document);
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

  /** Language of messages to its customers (CS-01), a BCP 47 tag. */
  get language(): string {
    return this.storefront.languages[0] ?? defaultStorefront.languages[0];
  }

  /** ORD-03: whether the storefront lists this method of payment. */
  hasPaymentMethod = (method: string): boolean => Object.hasOwn(this.storefront.paymentMethods, method);

  /** ORD-02: whether the customer is asked to confirm a placed order. */
  get confirmsOrders(): boolean {
    return this.storefront.confirmation ?? defaultStorefront.confirmation;
  }

  /** REF-04. */
  paymentMethod = (method: string): PaymentMethod => paymentMethodSettings(this.storefront.paymentMethods, method);

  /** REF-02: a refund above it needs two people. */
  twoApprovalsAbove = (currency: string): number => amountIn(currency, this.document.authority.twoApprovalsAbove);

  /** AFT-30: freight of a return that is refunded at most, in units by currency (`amountIn`). */
  get returnFreightCaps(): AmountPerCurrency {
    return this.document.authority.returnFreightCap;
  }

  /** ORD-12. */
  get offersAtMost(): number {
    return this.document.authority.offersAtMost;
  }

  /** AFT-15. */
  get gift(): SettingsDocument['goodwill']['gift'] {
    return this.document.goodwill.gift;
  }

  /** LOG-11: whether shipped parcels are looked at on a schedule. */
  get watchesParcels(): boolean {
    return this.document.tracking?.watch ?? defaultSettings.tracking.watch;
  }

  /** CS-05: goodwill of lost parcels. */
  get goodwillOfLoss(): GoodwillPolicy {
    return this.document.goodwill.rules?.['LOG-06'] ?? defaultSettings.goodwill.rules['LOG-06'];
  }
}

/** Building a calendar takes a millisecond. */
const cache = new WeakMap<SettingsDocument, Map<string, StorefrontSettings>>();

/** Settings of an installation to which none were applied. */
export const defaultStorefrontSettings = StorefrontSettings.of(undefined, 'main');

/** REF-04: what holds for a refund to `method`; of a method that is not listed, what holds for `other`. */
export const paymentMethodSettings = (methods: StorefrontDocument['paymentMethods'], method: string): PaymentMethod =>
  (Object.hasOwn(methods, method) ? methods[method] : methods.other) ?? defaultStorefront.paymentMethods.other;

/** The amount for a currency, in its minor units. */
export function amountIn(currency: string, perCurrency: AmountPerCurrency): number {
  const own = Object.hasOwn(perCurrency, currency) ? perCurrency[currency] : undefined;
  return minorUnitsOf(own ?? perCurrency.other, minorDigits(currency));
}
