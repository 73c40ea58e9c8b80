import type { Outcome } from '../simulation.js';

const firstWitnesses = 5;
const number = (value: number): string => Math.round(value).toLocaleString('en');

/** Summary of many seeds. */
export class Summary {
  failures = 0;
  private readonly failed: number[] = [];
  private readonly sums = new Map<string, number>();
  private readonly began = performance.now();
  private seeds = 0;

  constructor(private readonly from: number) {}

  add({ seed, faults, counts }: Outcome): void {
    this.seeds += 1;
    for (const [name, count] of Object.entries(counts)) this.sums.set(name, (this.sums.get(name) ?? 0) + count);
    if (faults.length === 0) return;
    this.failures += 1;
    this.failed.push(seed);
  }

  progress(of: number): string {
    return `  ${number(this.seeds)} of ${number(of)} seeds, ${this.rate()} a second, ${this.failures} failed`;
  }

  failureOf({ seed, faults }: Outcome): string[] {
    return [`seed ${seed} failed:`, ...violations({ faults })];
  }

  /** `end`: the seed after the last one that was asked for. */
  lines(end: number): string[] {
    const next = this.from + this.seeds;
    const sum = (name: string): string => number(this.sums.get(name) ?? 0);
    const faults = [
      'crash',
      'drain',
      'second',
      'standStill',
      'oversleep',
      'cutOff',
      'redeliver',
      'stick',
      'openTransaction',
      'leap',
      'poison',
      'bug',
      'badRelease',
      'redriven',
      'redrivenFlows',
      'dismissed',
    ];
    return [
      '',
      `${number(this.seeds)} seeds (${this.from} to ${next - 1}), ${this.rate()} a second`,
      `  ${sum('orders')} orders in ${sum('days')} days of the shop, ${sum('events')} events, ${sum('steps')} steps`,
      `  ${faults.map((name) => `${names[name]} ${sum(name)}`).join(', ')}`,
      this.failures === 0
        ? '  every invariant held'
        : `  FAILED: seeds ${this.failed.join(', ')}; the story of one: npm run -s cli -- simulate --seed ${this.failed[0]}`,
      ...(next < end ? [`  to go on: npm run -s cli -- simulate --from ${next} --seeds ${end - next}`] : []),
    ];
  }

  private rate(): string {
    return ((this.seeds * 1000) / Math.max(1, performance.now() - this.began)).toFixed(1);
  }
}

const names: Readonly<Record<string, string>> = {
  crash: 'crashes',
  drain: 'restarts',
  second: 'instances that came or went',
  standStill: 'stopped for a while',
  oversleep: 'overslept leases',
  cutOff: 'cut off',
  redeliver: 'redeliveries',
  stick: 'fallen behind for hours',
  openTransaction: 'open transactions',
  leap: 'leaps of the clock',
  poison: 'records that nobody can read',
  bug: 'bugs',
  badRelease: 'bad releases',
  redriven: 'records redriven',
  redrivenFlows: 'flows redriven',
  dismissed: 'records dismissed',
};

const violations = ({ faults }: Pick<Outcome, 'faults'>): string[] => [
  ...faults.slice(0, firstWitnesses).map(({ invariant, violation }) => `  ${invariant}: ${violation}`),
  ...(faults.length > firstWitnesses ? [`  and ${faults.length - firstWitnesses} more`] : []),
];

/** One seed from its first step to its verdict. */
export const storyOf = (outcome: Outcome): string[] => [
  'machine ms  step (!! fault, -- clock moves, indented: effect of the step)',
  ...outcome.story,
  '',
  `seed ${outcome.seed}, ${number(outcome.counts['steps'] ?? 0)} steps, trace ${outcome.digest}`,
  ...(outcome.faults.length === 0 ? ['every invariant held'] : ['FAILED', ...violations(outcome)]),
];
