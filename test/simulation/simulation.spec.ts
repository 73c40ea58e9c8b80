import { simulate } from './simulation.js';

const seeds = 500;
const parts = 10;

describe('every invariant holds', () => {
  const size = seeds / parts;
  it.each(Array.from({ length: parts }, (_, i) => i * size))(
    `in ${size} seeds from %i`,
    async (from) => {
      for (let seed = from; seed < from + size; seed += 1)
        expect({ seed, faults: (await simulate(seed)).faults }).toEqual({ seed, faults: [] });
    },
    600_000,
  );
});

describe('a seed', () => {
  it('is the same whenever it is run: every decision, every event', async () => {
    for (const seed of [1, 16, 123]) {
      const [first, second] = [await simulate(seed, { story: true }), await simulate(seed, { story: true })];
      expect(second.story).toEqual(first.story);
      expect(second.digest).toBe(first.digest);
    }
  }, 60_000);

  it('is another story than another one', async () => {
    expect((await simulate(2)).digest).not.toBe((await simulate(3)).digest);
  }, 60_000);
});
