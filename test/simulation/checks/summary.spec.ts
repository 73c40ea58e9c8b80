import type { Outcome } from '../simulation.js';
import { storyOf, Summary } from './summary.js';

const outcome = (seed: number, faults: Outcome['faults'] = []): Outcome => ({
  ...{ seed, faults, digest: 'abc', story: ['1.000 order#1 commit'] },
  counts: { steps: 5000, events: 250, orders: 3, days: 20.4, crash: 2 },
});
const broken = Array.from({ length: 7 }, (_, i) => ({ invariant: 'I5', violation: `W-${i} was paid twice` }));

describe('the summary of a run of seeds', () => {
  it('it shows the configuration, the faults, and that every invariant held', () => {
    const summary = new Summary(100);
    for (const seed of [100, 101]) summary.add(outcome(seed));
    const text = summary.lines(102).join('\n');
    expect(text).toContain('2 seeds (100 to 101)');
    expect(text).toContain('6 orders in 41 days of the shop, 500 events, 10,000 steps');
    expect(text).toContain('crashes 4');
    expect(text).toContain('every invariant held');
    expect(text).not.toContain('--from');
    expect(summary.progress(10_000)).toMatch(/^ {2}2 of 10,000 seeds, [\d,.]+ a second, 0 failed$/);
  });

  it('it names the failed seeds, the first violations, and the command for a trace', () => {
    const summary = new Summary(0);
    summary.add(outcome(0));
    summary.add(outcome(1, broken));
    expect(summary.failures).toBe(1);
    expect(summary.lines(2).join('\n')).toContain('FAILED: seeds 1; the story of one: npm run -s cli -- simulate --seed 1');
    expect(summary.failureOf(outcome(1, broken))).toEqual([
      'seed 1 failed:',
      ...[0, 1, 2, 3, 4].map((i) => `  I5: W-${i} was paid twice`),
      '  and 2 more',
    ]);
  });

  it('after an interruption it shows the command that continues', () => {
    const summary = new Summary(40);
    summary.add(outcome(40));
    expect(summary.lines(50).at(-1)).toBe('  to go on: npm run -s cli -- simulate --from 41 --seeds 9');
  });
});

describe('the trace of a seed', () => {
  it('it ends with the steps and the verdict', () => {
    expect(storyOf(outcome(7)).slice(1)).toEqual(['1.000 order#1 commit', '', 'seed 7, 5,000 steps, trace abc', 'every invariant held']);
    expect(storyOf(outcome(7, broken))).toEqual(expect.arrayContaining(['FAILED', '  I5: W-0 was paid twice']));
  });
});
