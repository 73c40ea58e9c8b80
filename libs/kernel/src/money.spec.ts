import { isCurrency, isKnownCurrency, minorDigits } from './currencies.js';
import { compare, format, minus, money, plus, portion, share } from './money.js';

const gbp = (amount: number) => money(amount, 'GBP');
const amounts = (total: number, weights: readonly number[]): number[] => share(gbp(total), weights).map((m) => m.amount);

describe('the sharing of an amount', () => {
  it('the rest goes to the largest remainders', () => {
    expect(amounts(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(amounts(10, [5, 3, 7])).toEqual([3, 2, 5]);
  });

  it('equal remainders favour the earlier part', () => {
    expect(amounts(1, [1, 1])).toEqual([1, 0]);
  });

  it('a negative amount is shared like its opposite', () => {
    expect(amounts(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
  });

  it('a part without weight gets zero, not negative zero', () => {
    const [part] = amounts(-1, [0, 1]);
    expect(Object.is(part, 0)).toBe(true);
  });

  it('the parts add up exactly, whatever amount and weights', () => {
    for (const total of [0, 1, 7, -7, 99_999, -1_000_001, Number.MAX_SAFE_INTEGER]) {
      for (const weights of [[1], [3, 3, 3], [1, 2, 3, 4, 5, 6, 7], [0, 0, 9], [999_983, 2, 31]]) {
        expect(amounts(total, weights).reduce((a, b) => a + b, 0)).toBe(total);
      }
    }
  });

  it.each([[[0, 0]], [[1, -1, 1]], [[]]])('the weights %j are refused', (weights) => {
    expect(() => share(gbp(1), weights)).toThrow(RangeError);
  });
});

describe('money', () => {
  it('it is a whole number of minor units of a known currency', () => {
    expect(() => gbp(0.5)).toThrow(RangeError);
    expect(() => gbp(2 ** 53)).toThrow(RangeError);
    expect(() => money(1, 'XXQ')).toThrow(RangeError);
  });

  it('addition and comparison require the same currency', () => {
    expect(plus(gbp(1), gbp(2))).toEqual(gbp(3));
    expect(minus(gbp(1), gbp(2))).toEqual(gbp(-1));
    expect(compare(gbp(1), gbp(2))).toBeLessThan(0);
    for (const act of [plus, minus, compare]) expect(() => act(gbp(1), money(1, 'EUR'))).toThrow(RangeError);
  });

  it('it is formatted with the decimals of its currency', () => {
    expect(format(gbp(1530))).toBe('15.30 GBP');
    expect(format(money(1530, 'JPY'))).toBe('1530 JPY');
    expect(format(money(500_000, 'HUF'))).toBe('5000.00 HUF');
    expect(format(money(1530, 'KWD'))).toBe('1.530 KWD');
    expect(format(money(5, 'CLF'))).toBe('0.0005 CLF');
  });

  it('large and negative amounts are formatted exactly', () => {
    expect(format(gbp(Number.MAX_SAFE_INTEGER))).toBe('90071992547409.91 GBP');
    expect(format(gbp(-5))).toBe('-0.05 GBP');
  });

  it('withdrawn currencies can still be read', () => {
    expect(format(money(12_345, 'HRK'))).toBe('123.45 HRK');
    expect(format(money(12_345, 'BYR'))).toBe('12345 BYR');
  });
});

describe('a portion', () => {
  it('it is the share by value, and both portions add up to the total', () => {
    const parts = [portion(money(1000, 'GBP'), 1, 3), portion(money(1000, 'GBP'), 2, 3)];
    expect(parts.map((p) => p.amount)).toEqual([333, 667]);
  });

  it('a portion of zero is zero', () => {
    expect(portion(money(1000, 'GBP'), 0, 0)).toEqual(money(0, 'GBP'));
  });
});

describe('a currency', () => {
  it('its decimals are those of ISO 4217, whatever the runtime says', () => {
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

  it('a code is accepted if ISO 4217 lists it with a minor unit, whatever the runtime says', () => {
    for (const code of ['GBP', 'EUR', 'UYW', 'SLE', 'VED', 'XCG', 'ZWG']) expect([code, isCurrency(code)]).toEqual([code, true]);
    for (const code of ['X'.repeat(3), 'XTS', 'XAU', 'XDR', 'DEM', 'XXQ', 'gbp', ''])
      expect([code, isCurrency(code)]).toEqual([code, false]);
  });

  it('a withdrawn code is known, but not accepted', () => {
    for (const code of ['HRK', 'ZWL', 'SLL', 'ANG', 'CUC', 'BGN', 'XDR', 'XSU', 'DEM', 'BYR'])
      expect([isCurrency(code), isKnownCurrency(code)]).toEqual([false, true]);
    expect(isKnownCurrency('XXQ')).toBe(false);
  });
});
