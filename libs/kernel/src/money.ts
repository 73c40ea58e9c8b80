import { isKnownCurrency, minorDigits } from './currencies.js';

/** Money in integer minor units (pence, cents) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Throws a `RangeError` unless `amount` is a safe integer and `currency` is known, be it withdrawn since. */
export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`an amount is a whole number of minor units, not ${amount}`);
  if (!isKnownCurrency(currency)) throw new RangeError(`unknown currency ${currency}`);
  return { amount, currency };
}

export const zero = (currency: string): Money => money(0, currency);

export const plus = (a: Money, b: Money): Money => money(a.amount + same(a, b).amount, a.currency);

export const minus = (a: Money, b: Money): Money => money(a.amount - same(a, b).amount, a.currency);

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export const compare = (a: Money, b: Money): number => a.amount - same(a, b).amount;

/** `100.00 GBP`, for people. */
export function format({ amount, currency }: Money): string {
  const decimals = minorDigits(currency);
  const units = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = units.slice(0, units.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${units.slice(-decimals)}` : ''} ${currency}`;
}

/** Splits `total` in proportion to `weights` (none negative, not all zero) by largest remainder: the parts add up exactly. */
export function share(total: Money, weights: readonly number[]): Money[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0 || weights.some((w) => w < 0)) throw new RangeError('weights must not be negative nor all zero');
  const sign = Math.sign(total.amount);
  const exact = weights.map((w) => (BigInt(Math.abs(total.amount)) * BigInt(w)) / BigInt(sum));
  const remainder = weights.map((w, i) => ({ i, left: (BigInt(Math.abs(total.amount)) * BigInt(w)) % BigInt(sum) }));
  remainder.sort((a, b) => (a.left === b.left ? a.i - b.i : a.left > b.left ? -1 : 1));
  const missing = Math.abs(total.amount) - Number(exact.reduce((a, b) => a + b, 0n));
  const parts = exact.map(Number);
  for (const { i } of remainder.slice(0, missing)) parts[i] = (parts[i] ?? 0) + 1;
  return parts.map((p) => money(sign * p + 0, total.currency));
}

/** What `part` of a `whole` (both by value, 0 <= part <= whole) comes to of `total`, by largest remainder; nothing of a whole that is worth nothing. */
export const portion = (total: Money, part: number, whole: number): Money =>
  whole === 0 ? zero(total.currency) : (share(total, [part, whole - part])[0] ?? zero(total.currency));

function same(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not add up`);
  return b;
}
