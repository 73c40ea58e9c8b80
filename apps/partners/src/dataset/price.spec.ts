import { tooFine, minorUnits } from './price.js';

describe('a price in minor units', () => {
  it.each([
    ['2.55', 255],
    ['2.1', 210],
    ['25', 2500],
    ['0.0', 0],
    ['-0.00', 0],
    ['-11062.06', -11_062_06],
    ['1.150', 115],
    ['9007199254.29', 900_719_925_429],
  ])('%s is exactly %i', (price, units) => {
    expect(minorUnits(price)).toBe(units);
  });

  it('a fraction of a penny is reported as too fine', () => {
    expect(minorUnits('0.001')).toBe(tooFine);
    expect(minorUnits('-2.555')).toBe(tooFine);
  });

  it.each(['', 'free', '1,50', '1e3', '.5'])('the invalid price "%s" throws', (price) => {
    expect(() => minorUnits(price)).toThrow('invalid price');
  });
});
