import { simulate } from './simulation.js';

const seeds = 500;
const parts = 10;

describe('the invariants in the simulation', () => {
  const size = seeds / parts;
  const met = new Set<string>();
  it.each(Array.from({ length: parts }, (_, i) => i * size))(
    `in ${size} seeds from %i`,
    async (from) => {
      for (let seed = from; seed < from + size; seed += 1) {
        const { faults, counts } = await simulate(seed);
        expect({ seed, faults }).toEqual({ seed, faults: [] });
        for (const [what, count] of Object.entries(counts)) if (count > 0) met.add(what);
      }
    },
    600_000,
  );

  it('crashes, parked messages and redrives occurred in these seeds', () => {
    expect([...met]).toEqual(expect.arrayContaining(['crash', 'poison', 'bug', 'badRelease', 'redriven', 'redrivenFlows', 'dismissed']));
  });
});

describe('a seed', () => {
  it('it always yields the same decisions and events', async () => {
    for (const seed of [1, 16, 123]) {
      const [first, second] = [await simulate(seed, { story: true }), await simulate(seed, { story: true })];
      expect(second.story).toEqual(first.story);
      expect(second.digest).toBe(first.digest);
    }
  }, 60_000);

  it('another seed yields another run', async () => {
    expect((await simulate(2)).digest).not.toBe((await simulate(3)).digest);
  }, 60_000);
});
