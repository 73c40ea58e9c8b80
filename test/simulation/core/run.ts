import { asksForHelp, readArguments } from '@orderloom/dev-services';
import { storyOf, Summary } from '../checks/summary.js';
import type { Outcome } from '../simulation.js';

const showEveryMs = 2000;
const mostFailures = 20;

const wholeNumber = (text: string, name: string, least: number): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new RangeError(`--${name} is "${text}", expected an integer of at least ${least}`);
  return number;
};

const usage = `[--seeds N] [--from N] [--seed N]\n\nRuns N seeds (1000 by default) from seed N (0 by default); --seed runs one seed and prints its trace.`;

type Simulate = (seed: number, options?: { readonly story?: boolean }) => Promise<Outcome>;
type Say = (line: string) => void;

/** Runs seeds one after the other; resolves to true if no invariant was violated. */
async function seeds(from: number, count: number, simulate: Simulate, say: Say): Promise<boolean> {
  const summary = new Summary(from);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  let shown = performance.now();
  for (let seed = from; seed < from + count && !stopped.signal.aborted; seed += 1) {
    const outcome = await simulate(seed);
    summary.add(outcome);
    if (outcome.faults.length > 0) for (const line of summary.failureOf(outcome)) say(line);
    if (summary.failures >= mostFailures) break;
    if (performance.now() - shown < showEveryMs) continue;
    shown = performance.now();
    say(summary.progress(count));
  }
  for (const line of summary.lines(from + count)) say(line);
  return summary.failures === 0;
}

/** Runs one seed and prints its trace; resolves to true if no invariant was violated. */
async function story(seed: number, simulate: Simulate, say: Say): Promise<boolean> {
  const outcome = await simulate(seed, { story: true });
  for (const line of storyOf(outcome)) say(line);
  return outcome.faults.length === 0;
}

/**
 * Runs the seeds selected by `args`; resolves to exit code 0 if no invariant was violated, otherwise 1. Throws `RangeError` or `Unavailable`
 * for invalid arguments.
 */
export async function run(args: readonly string[], simulate: Simulate, say: Say): Promise<0 | 1> {
  const options = { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } } as const;
  if (asksForHelp(args)) return (say(usage), 0);
  const { values } = readArguments(args, { usage: 'simulate [--seeds N] [--from N] [--seed N]', options });
  const isWell =
    values.seed === undefined
      ? await seeds(wholeNumber(values.from ?? '0', 'from', 0), wholeNumber(values.seeds ?? '1000', 'seeds', 1), simulate, say)
      : await story(wholeNumber(values.seed, 'seed', 0), simulate, say);
  return isWell ? 0 : 1;
}
