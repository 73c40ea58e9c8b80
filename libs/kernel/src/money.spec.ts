import { isCurrency, isKnownCurrency, minorDigits } from './currencies.js';
import { compare, format, minus, money, plus, portion, share } from './money.js';

const gbp = (amount: number) => money(amount, 'GBP');
const amounts = (total: number, weights: readonly number[]): number[] => share(gbp(total), weights).map((m) => m.amount);

describe('sharing a sum', () => {
  it('gives what is left over to the largest remainders', () => {
    expect(amounts(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(amounts(10, [5, 3, 7])).toEqual([3, 2, 5]);
  });

  it('gives the earlier part the penny where remainders are equal', () => {
    expect(amounts(1, [1, 1])).toEqual([1, 0]);
  });

  it('shares a negative sum like its opposite', () => {
    expect(amounts(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
  });

  it('gives a part without weight nothing, and no negative zero', () => {
    const [part] = amounts(-1, [0, 1]);
    expect(Object.is(part, 0)).toBe(true);
  });

  it('adds up exactly, whatever the sum and the weights', () => {
    for (const total of [0, 1, 7, -7, 99_999, -1_000_001, Number.MAX_SAFE_INTEGER]) {
      for (const weights of [[1], [3, 3, 3], [1, 2, 3, 4, 5, 6, 7], [0, 0, 9], [999_983, 2, 31]]) {
        expect(amounts(total, weights).reduce((a, b) => a + b, 0)).toBe(total);
      }
    }
  });

  it.each([[[0, 0]], [[1, -1, 1]], [[]]])('refuses the weights %j', (weights) => {
    expect(() => share(gbp(1), weights)).toThrow(RangeError);
  });
});

describe('money', () => {
  it('is a whole number of minor units of a known currency', () => {
    expect(() => gbp(0.5)).toThrow(RangeError);
    expect(() => gbp(2 ** 53)).toThrow(RangeError);
    expect(() => money(1, 'XXQ')).toThrow(RangeError);
  });

  it('adds and compares within one currency only', () => {
    expect(plus(gbp(1), gbp(2))).toEqual(gbp(3));
    expect(minus(gbp(1), gbp(2))).toEqual(gbp(-1));
    expect(compare(gbp(1), gbp(2))).toBeLessThan(0);
    for (const act of [plus, minus, compare]) expect(() => act(gbp(1), money(1, 'EUR'))).toThrow(RangeError);
  });

  it('is written with the decimals of its currency', () => {
    expect(format(gbp(1530))).toBe('15.30 GBP');
    expect(format(money(1530, 'JPY'))).toBe('1530 JPY');
    expect(format(money(500_000, 'HUF'))).toBe('5000.00 HUF');
    expect(format(money(1530, 'KWD'))).toBe('1.530 KWD');
    expect(format(money(5, 'CLF'))).toBe('0.0005 CLF');
  });

  it('is written exactly, however much and below zero', () => {
    expect(format(gbp(Number.MAX_SAFE_INTEGER))).toBe('90071992547409.91 GBP');
    expect(format(gbp(-5))).toBe('-0.05 GBP');
  });

  it('of a currency that was withdrawn since is still read', () => {
    expect(format(money(12_345, 'HRK'))).toBe('123.45 HRK');
    expect(format(money(12_345, 'BYR'))).toBe('12345 BYR');
  });
});

describe('a portion', () => {
  it('is a part’s share by value; with the rest it adds up to the total', () => {
    const parts = [portion(money(1000, 'GBP'), 1, 3), portion(money(1000, 'GBP'), 2, 3)];
    expect(parts.map((p) => p.amount)).toEqual([333, 667]);
  });

  it('of a whole that is worth nothing is nothing', () => {
    expect(portion(money(1000, 'GBP'), 0, 0)).toEqual(money(0, 'GBP'));
  });
});

describe('a currency', () => {
  it('has the decimals that ISO 4217 gives it, whatever the runtime thinks', () => {
    const with0 = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
    const with3 = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
    const with4 = 'CLF UYW'.split(' ');
    expect(with0.map(minorDigits)).toEqual(with0.map(() => 0));
    expect(with3.map(minorDigits)).toEqual(with3.map(() => 3));
    expect(with4.map(minorDigits)).toEqual(with4.map(() => 4));
    // A runtime that follows CLDR uses 0 for each of these.
    const with2 = 'AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK PKR SOS SYP YER'.split(' ');
    expect(with2.map(minorDigits)).toEqual(with2.map(() => 2));
  });

  it('is accepted while ISO 4217 lists it with a minor unit, whether the runtime has heard of it or not', () => {
    for (const code of ['GBP', 'EUR', 'UYW', 'SLE', 'VED', 'XCG', 'ZWG']) expect([code, isCurrency(code)]).toEqual([code, true]);
    for (const code of ['X'.repeat(3), 'XTS', 'XAU', 'XDR', 'DEM', 'XXQ', 'gbp', ''])
      expect([code, isCurrency(code)]).toEqual([code, false]);
  });

  it('that was withdrawn is known, but not accepted', () => {
    for (const code of ['HRK', 'ZWL', 'SLL', 'ANG', 'CUC', 'BGN', 'XDR', 'XSU', 'DEM', 'BYR'])
      expect([isCurrency(code), isKnownCurrency(code)]).toEqual([false, true]);
    expect(isKnownCurrency('XXQ')).toBe(false);
  });
});
