import type { z } from 'zod';
import { defaultSettings, defaultStorefront, type SettingsDocument, type StorefrontDocument } from './default-settings.js';
import { type DeadlineInput, type SettingsInput, settingsInput, type StorefrontInput } from './settings-document.js';

/** The whole document that `given` stands for: what it leaves out has its default. Throws `ZodError`; rules are for `readSettings`. */
export const completeSettings = (given: SettingsInput): SettingsDocument => complete(settingsInput.parse(given));

/** The same of settings whose fields are read. */
export function complete({
  storefronts,
  deadlines,
  calendars,
  goodwill,
  tracking,
  authority,
}: z.output<typeof settingsInput>): SettingsDocument {
  const { authority: limits } = defaultSettings;
  return {
    storefronts: mapValues(storefronts, completeStorefront),
    deadlines: mapValues(defaultSettings.deadlines, (defaults, service) => ({
      ...defaults,
      ...mapValues(deadlines[service] ?? {}, (deadline, name) => completeDeadline(deadline, (defaults as Deadlines)[name])),
    })),
    calendars,
    goodwill: {
      gift: goodwill.gift ?? defaultSettings.goodwill.gift,
      rules: { 'LOG-06': goodwill.rules?.['LOG-06'] ?? defaultSettings.goodwill.rules['LOG-06'] },
    },
    tracking: { watch: tracking.watch ?? defaultSettings.tracking.watch },
    authority: {
      twoApprovalsAbove: { ...limits.twoApprovalsAbove, ...authority.twoApprovalsAbove },
      returnFreightCap: { ...limits.returnFreightCap, ...authority.returnFreightCap },
      offersAtMost: authority.offersAtMost ?? limits.offersAtMost,
    },
  };
}

/** A storefront that lists its payment methods has no others; `other` says what holds for the rest (REF-04). */
const listed = (methods: StorefrontInput['paymentMethods'] = {}): StorefrontDocument['paymentMethods'] =>
  Object.keys(methods).length === 0 ? defaultStorefront.paymentMethods : { other: defaultStorefront.paymentMethods.other, ...methods };

type Deadlines = SettingsDocument['deadlines'][string];

const completeStorefront = ({
  dispatch,
  processing,
  confirmation,
  undeliverable,
  paymentMethods,
  returns,
  ...shop
}: StorefrontInput): StorefrontDocument => ({
  ...shop,
  dispatch: { ...defaultStorefront.dispatch, ...dispatch },
  processing: processing ?? defaultStorefront.processing,
  confirmation: confirmation ?? defaultStorefront.confirmation,
  undeliverable: undeliverable ?? defaultStorefront.undeliverable,
  paymentMethods: listed(paymentMethods),
  returns: { window: returns.window ?? defaultStorefront.returns.window, address: returns.address },
});

/** A deadline of a name that nobody knows keeps what is said of it: `readSettings` refuses it. */
function completeDeadline({ rule, from, reminders, ...span }: DeadlineInput, known: Deadlines[string] = { rule: rule ?? 'CS-02', from }) {
  const { rule: fixedRule, from: base, reminders: defaultReminders, ...defaultSpan } = known;
  const atMost = reminders ?? defaultReminders;
  return {
    rule: fixedRule,
    ...(base !== undefined && { from: base }),
    ...(Object.keys(span).length > 0 ? span : defaultSpan),
    ...(atMost !== undefined && { reminders: atMost }),
  };
}

const mapValues = <T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
