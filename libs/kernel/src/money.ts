import { isKnownCurrency, minorDigits } from './currencies.js';

/** Money in integer minor units (pence, cents) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Creates money. Throws `RangeError` unless `amount` is a safe integer and `currency` is known, including withdrawn ones. */
export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`invalid amount ${amount}: expected an integer number of minor units`);
  if (!isKnownCurrency(currency)) throw new RangeError(`unknown currency ${currency}: expected an ISO 4217 code`);
  return { amount, currency };
}

export const zero = (currency: string): Money => money(0, currency);

export const plus = (a: Money, b: Money): Money => money(a.amount + requireSameCurrency(a, b).amount, a.currency);

export const minus = (a: Money, b: Money): Money => money(a.amount - requireSameCurrency(a, b).amount, a.currency);

/** Negative, zero or positive if `a` is less than, equal to or greater than `b`. Throws `RangeError` for different currencies. */
export const compare = (a: Money, b: Money): number => a.amount - requireSameCurrency(a, b).amount;

/** Formats money for people: `100.00 GBP`. */
export function format({ amount, currency }: Money): string {
  const decimals = minorDigits(currency);
  const units = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = units.slice(0, units.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${units.slice(-decimals)}` : ''} ${currency}`;
}

/**
 * Splits `total` in proportion to `weights` by largest remainder, so that the parts add up exactly. Throws `RangeError` if a weight is
 * negative or all are zero.
 */
export function share(total: Money, weights: readonly number[]): Money[] {
  const weightSum = weights.reduce((a, b) => a + b, 0);
  if (weightSum <= 0 || weights.some((w) => w < 0))
    throw new RangeError(`invalid weights ${weights.join(', ')}: expected none negative and at least one positive`);
  const sign = Math.sign(total.amount);
  const floors = weights.map((w) => (BigInt(Math.abs(total.amount)) * BigInt(w)) / BigInt(weightSum));
  const remainders = weights.map((w, i) => ({ i, left: (BigInt(Math.abs(total.amount)) * BigInt(w)) % BigInt(weightSum) }));
  remainders.sort((a, b) => (a.left === b.left ? a.i - b.i : a.left > b.left ? -1 : 1));
  const undistributed = Math.abs(total.amount) - Number(floors.reduce((a, b) => a + b, 0n));
  const parts = floors.map(Number);
  for (const { i } of remainders.slice(0, undistributed)) parts[i] = (parts[i] ?? 0) + 1;
  return parts.map((p) => money(sign * p + 0, total.currency));
}

/**
 * The share of `total` that belongs to `part` of `whole` (values with 0 <= part <= whole), by largest remainder; zero if `whole` is zero.
 */
export const portion = (total: Money, part: number, whole: number): Money =>
  whole === 0 ? zero(total.currency) : (share(total, [part, whole - part])[0] ?? zero(total.currency));

function requireSameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}: expected one currency`);
  return b;
}
