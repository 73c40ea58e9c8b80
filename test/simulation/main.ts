import { parseArgs } from 'node:util';
import { storyOf, Summary } from './summary.js';
import { simulate } from './simulation.js';

const showEveryMs = 2000;
const mostFailures = 20;

const wholeNumber = (text: string, name: string, least: number): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new RangeError(`--${name} must be a whole number of at least ${least}, not "${text}"`);
  return number;
};

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Runs seeds one after the other; whether all of them kept every invariant. */
async function seeds(from: number, count: number): Promise<boolean> {
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

/** Tells what happened in one seed; whether it kept every invariant. */
async function story(seed: number): Promise<boolean> {
  const outcome = await simulate(seed, { story: true });
  for (const line of storyOf(outcome)) say(line);
  return outcome.faults.length === 0;
}

try {
  const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } } });
  const isWell =
    values.seed === undefined
      ? await seeds(wholeNumber(values.from ?? '0', 'from', 0), wholeNumber(values.seeds ?? '1000', 'seeds', 1))
      : await story(wholeNumber(values.seed, 'seed', 0));
  process.exitCode = isWell ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof RangeError || error instanceof TypeError ? error.message : error);
}
