import { complete, defaultDeadlines, parseWith, type SettingsDocument, settingsInput } from '@orderloom/contracts';
import {
  addDuration,
  type Calendar,
  calendarAlarmDays,
  type DeadlinePolicy,
  type Duration,
  englishCalendar,
  type FieldError,
  type Instant,
  InvalidInput,
  minorDigits,
} from '@orderloom/kernel';
import type { z } from 'zod';
import { calendarNamed, calendarNames } from './calendars.js';

type Given = z.output<typeof settingsInput>;

/** The whole document that `input` (a file) stands for. Throws `InvalidInput` with each wrong field and its rule. */
export function readSettings(input: unknown): SettingsDocument {
  const given = parseWith(settingsInput, 'document')(input ?? {});
  const faults = [...deadlineFaults(given), ...calendarFaults(given), ...storefrontFaults(given), ...authorityFaults(given)];
  if (faults.length > 0) throw new InvalidInput(faults);
  const document = complete(given);
  const wrong = orderFaults(document);
  if (wrong.length > 0) throw new InvalidInput(wrong);
  return document;
}

const listed = (names: Iterable<string>): string => [...names].join(', ');

function deadlineFaults({ deadlines }: Given): FieldError[] {
  const known: Readonly<Record<string, Readonly<Record<string, DeadlinePolicy>>>> = defaultDeadlines;
  return Object.entries(deadlines).flatMap(([service, named]) => {
    const ofService = known[service];
    if (!ofService)
      return [{ field: `deadlines.${service}`, message: `is not a service with deadlines: expected ${listed(Object.keys(known))}` }];
    return Object.entries(named).flatMap(([name, given]) => {
      const field = `deadlines.${service}.${name}`;
      const fixed = ofService[name];
      if (!fixed) return [{ field, message: `is not a deadline of ${service}: expected one of ${listed(Object.keys(ofService))}` }];
      return deadlineFault(given, fixed).map(({ field: part, message }) => ({ field: part ? `${field}.${part}` : field, message }));
    });
  });
}

function deadlineFault({ rule, from, reminders, ...span }: Partial<DeadlinePolicy>, fixed: DeadlinePolicy): FieldError[] {
  const parts = Object.values(span);
  return [
    ...(rule !== undefined && rule !== fixed.rule
      ? [{ field: 'rule', message: `is ${rule}, but this deadline follows ${fixed.rule}` }]
      : []),
    ...(from !== undefined && from !== fixed.from
      ? [{ field: 'from', message: `is ${from}, but the base is ${fixed.from ?? 'now'}` }]
      : []),
    ...(reminders !== undefined && fixed.reminders === undefined
      ? [{ field: 'reminders', message: `is ${reminders}, but this deadline has no reminders (${fixed.rule}): leave it out` }]
      : []),
    ...(fixed.from === undefined && parts.length > 0 && !isPositive(span)
      ? [{ field: '', message: `must be a span of time above 0, counted from now (${fixed.rule})` }]
      : []),
  ];
}

const isPositive = (span: Duration): boolean => {
  const parts = Object.values(span) as number[];
  return parts.every((part) => part >= 0) && parts.some((part) => part > 0);
};

const calendarFaults = ({ calendars }: Given): FieldError[] =>
  Object.keys(calendars).flatMap((name) => {
    try {
      calendarNamed(name, calendars);
      return [];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ field: `calendars.${name}`, message: error.message }];
    }
  });

const storefrontId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,58}$/;

function storefrontFaults({ storefronts, calendars }: Given): FieldError[] {
  const names = calendarNames(calendars);
  return Object.entries(storefronts).flatMap(([id, { calendar, dispatch, processing, returns }]) => {
    const field = `storefronts.${id}`;
    const spans = Object.entries({
      'dispatch.domestic': dispatch.domestic,
      'dispatch.crossBorder': dispatch.crossBorder,
      'dispatch.reship': dispatch.reship,
      processing,
      'returns.window': returns.window,
    });
    return [
      ...(storefrontId.test(id) ? [] : [{ field, message: 'must be a storefront: 1 to 59 letters, digits, dots, hyphens or underscores' }]),
      ...(names.includes(calendar)
        ? []
        : [{ field: `${field}.calendar`, message: `is ${calendar}, expected one of ${listed(names)} (CS-02)` }]),
      ...spans.flatMap(([part, span]) =>
        span === undefined || isPositive(span)
          ? []
          : [{ field: `${field}.${part}`, message: 'must be a span of time above 0 (ORD-05, LOG-02, AFT-30)' }],
      ),
    ];
  });
}

function authorityFaults({ authority: { twoApprovalsAbove = {}, returnFreightCap = {} } }: Given): FieldError[] {
  const amounts = [
    ['twoApprovalsAbove', 'REF-02', twoApprovalsAbove],
    ['returnFreightCap', 'AFT-30', returnFreightCap],
  ] as const;
  return amounts.flatMap(([name, rule, perCurrency]) =>
    Object.entries(perCurrency).flatMap(([currency, amount]) => {
      const digits = currency === 'other' ? 0 : minorDigits(currency);
      if (Number.isSafeInteger(minorUnitsOf(amount, digits)) && isWhole(amount, digits)) return [];
      const most =
        currency === 'other'
          ? 'a whole number, since currencies differ in decimals'
          : `an amount of ${currency} with ${digits} decimals at most`;
      return [{ field: `authority.${name}.${currency}`, message: `is ${amount}, expected ${most} (${rule})` }];
    }),
  );
}

/** One amount `other` that serves several currencies of the storefronts: 200 is little in JPY and much in GBP. */
export function sharedAmounts({ storefronts, authority: { twoApprovalsAbove, returnFreightCap } }: SettingsDocument): FieldError[] {
  const used = [...new Set(Object.values(storefronts).map(({ currency }) => currency))].sort();
  return Object.entries({ twoApprovalsAbove, returnFreightCap }).flatMap(([name, perCurrency]) => {
    const without = used.filter((currency) => !Object.hasOwn(perCurrency, currency));
    if (without.length < 2) return [];
    const message = `${perCurrency.other} is used for ${without.join(', ')} alike, in units of each: give each currency an amount of its own`;
    return [{ field: `authority.${name}.other`, message }];
  });
}

const isWhole = (amount: number, digits: number): boolean => Math.abs(minorUnitsOf(amount, digits) / 10 ** digits - amount) < 1e-9;

/** An amount in units of a currency, in its minor units. */
export const minorUnitsOf = (amount: number, digits: number): number => Math.round(amount * 10 ** digits);

/** Deadlines that must come in an order: the inner one before the outer one. */
function orderFaults({ deadlines }: SettingsDocument): FieldError[] {
  const inner = [
    ['refund', 'refundAlert', 'refundPromise', 'REF-01'],
    ['after-sales', 'evidenceReminder', 'evidence', 'AFT-01'],
    ['after-sales', 'returnReminder', 'returnOnItsWay', 'AFT-31'],
    ['after-sales', 'takeBackReminder', 'takeBack', 'AFT-32'],
    ['order', 'customerReminder', 'customerDecision', 'CS-02'],
    ['logistics', 'customerReminder', 'customerDecision', 'CS-02'],
  ] as const;
  return inner.flatMap(([service, first, last, rule]) => {
    const [before, after] = [deadlines[service]?.[first], deadlines[service]?.[last]];
    if (!before || !after || length(before) < length(after)) return [];
    return [{ field: `deadlines.${service}.${first}`, message: `must be shorter than ${last} (${rule})` }];
  });
}

/** Of a week without a holiday, so that two spans can be compared. */
const monday = '2026-06-01T09:00:00.000000Z';
const length = (span: Duration): Instant => addDuration(monday, span, englishCalendar);

/** Storefronts whose calendar ends within 60 days after `at`: `{ field, message }`; `ended` where it has ended. */
export function calendarEnds(document: SettingsDocument, at: Instant): readonly (FieldError & { readonly ended: boolean })[] {
  return Object.entries(document.storefronts).flatMap(([id, { calendar: name }]) => {
    const calendar = calendarNamed(name, document.calendars);
    if (!calendar.endsWithin(calendarAlarmDays, at)) return [];
    return [{ field: `storefronts.${id}.calendar`, message: endOf(calendar, at), ended: calendar.daysLeft(at) < 0 }];
  });
}

function endOf(calendar: Calendar, at: Instant): string {
  const left = calendar.daysLeft(at);
  const when = left < 0 ? `ended on ${calendar.knownUntil}` : `ends on ${calendar.knownUntil}, in ${left} days`;
  return `calendar ${calendar.name} ${when}: working days after that are an error; add the next year under calendars as soon as it is published (${calendar.source})`;
}
