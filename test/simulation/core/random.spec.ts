import { Random } from './random.js';

const many = (draw: () => number): number[] => Array.from({ length: 2000 }, draw);

describe('the random numbers of a seed', () => {
  it('they are the same for the same seed in every version, and differ for another', () => {
    const draw = (seed: string): number[] =>
      many(() => new Random(seed).next())
        .slice(0, 1)
        .concat(new Random(seed).int(0, 1000));
    expect(draw('seed 1')).toEqual(draw('seed 1'));
    expect(draw('seed 1')).not.toEqual(draw('seed 2'));
    const random = new Random('for ever');
    expect([random.int(0, 999), random.int(0, 999), random.int(0, 999)]).toEqual([406, 689, 530]);
  });

  it('they do not depend on the numbers of a fork', () => {
    const [one, other] = [new Random('a'), new Random('a')];
    one.fork('purpose').next();
    expect(one.next()).toBe(other.next());
    expect(new Random('a').fork('x').next()).not.toBe(new Random('a').fork('y').next());
  });

  it('they are uniform from 0 to less than 1', () => {
    const random = new Random('even');
    const drawn = many(() => random.next());
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(drawn.reduce((a, b) => a + b, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });

  it('they stay within their bounds, ends included', () => {
    const random = new Random('bounds');
    expect(new Set(many(() => random.int(1, 3)))).toEqual(new Set([1, 2, 3]));
    for (const drawn of many(() => random.skewed(2, 2000))) {
      expect(drawn).toBeGreaterThanOrEqual(2);
      expect(drawn).toBeLessThanOrEqual(2000);
    }
  });

  it('they follow weights, and weight zero is never chosen', () => {
    const random = new Random('weights');
    const drawn = Array.from({ length: 1000 }, () => random.weighted({ often: 9, seldom: 1, never: 0 }));
    expect(drawn).not.toContain('never');
    expect(drawn.filter((name) => name === 'often').length).toBeGreaterThan(850);
    expect(drawn).toContain('seldom');
  });
});
