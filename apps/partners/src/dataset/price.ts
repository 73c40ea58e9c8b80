/** The price has a fraction of the smallest currency unit. */
export const tooFine = Symbol('finer than a minor unit');

/** Exact minor units of a decimal price with two places; `tooFine` if it has more. Throws `RangeError` for other text. */
export function minorUnits(price: string): number | typeof tooFine {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(price) ?? [];
  if (whole === undefined) throw new RangeError(`invalid price "${price}": expected a decimal number`);
  if (/[1-9]/.test(fraction.slice(2))) return tooFine;
  const units = Number(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && units > 0 ? -units : units;
}
