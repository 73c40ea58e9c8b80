/** Result of a measure. Every figure is a median of rounds. */
export interface Figure {
  /** Its name in the table: `P1`. */
  readonly id: string;
  readonly what: string;
  /** Of ours, of the alternative, and ours by theirs; no ratio where there is no alternative. */
  readonly ours: number;
  readonly theirs?: number;
  readonly unit: string;
  readonly ratio?: Spread;
  readonly goal: string;
  /** Whether the goal is met here. */
  readonly met: boolean;
  readonly note?: string;
}

/** Median, and the least and greatest of all rounds. */
interface Spread {
  readonly median: number;
  readonly from: number;
  readonly to: number;
}

/** The quantile `share` of `sorted` values. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle =
    sorted.length % 2 === 0 ? (percentile(sorted, 0.5) + (sorted[sorted.length / 2 - 1] ?? Number.NaN)) / 2 : percentile(sorted, 0.5);
  return { median: middle, from: sorted[0] ?? Number.NaN, to: sorted.at(-1) ?? Number.NaN };
}

/** Rate per second of the `count` operations of `work`. */
export async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return count / ((performance.now() - since) / 1000);
}

export interface Compared {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: Spread;
}

/**
 * Each side in turn, `rounds` times after one that is left out as warm-up; who begins changes. What slows the machine for a while
 * slows both, so each round has a ratio of its own.
 */
export async function interleaved(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<Compared> {
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    const sides = [async () => a.push(await ours(round)), async () => b.push(await theirs(round))];
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  }
  const [kept, against] = [a.slice(1), b.slice(1)];
  return {
    ours: spread(kept).median,
    theirs: spread(against).median,
    ratio: spread(kept.map((value, i) => value / (against[i] ?? Number.NaN))),
  };
}

/** `of` pieces of work, `callers` at a time. */
export async function withCallers(callers: number, of: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let n = next++; n < of; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
