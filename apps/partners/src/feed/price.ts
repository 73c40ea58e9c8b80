/** What is written is no amount of the currency: `finer` than its smallest coin. */
export const finer = Symbol('finer than a minor unit');

/** Minor units of a decimal price with two places, exactly; `finer` where the text says more than that. Throws for what is no number. */
export function minorUnits(price: string): number | typeof finer {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(price) ?? [];
  if (whole === undefined) throw new RangeError(`"${price}" is no price`);
  if (/[1-9]/.test(fraction.slice(2))) return finer;
  const units = Number(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && units > 0 ? -units : units;
}
