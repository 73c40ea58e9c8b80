import type { Random } from './random.js';

/** Intensity of faults of a seed, drawn once, so that some seeds are calm and others are not. */
export interface Profile {
  /** One-way latency of messages in milliseconds. */
  readonly latency: (random: Random) => number;
  readonly lostQuestions: number;
  readonly lostAnswers: number;
  /** Probability that a transaction gets its id long before its commit, so that others overtake it, and that it is then rolled back. */
  readonly interleaved: number;
  readonly rolledBack: number;
  /** Probability that a commit notification is lost. */
  readonly lostBells: number;
  /** Probability that only some partitions accept records, and that a partner sends a message twice. */
  readonly halfPublished: number;
  readonly saidTwice: number;
  /** Probability that an unreadable record precedes a partner's message with the same key. */
  readonly poison: number;
  /** Maximum number of records per batch. */
  readonly batch: number;
  /** Share of the partitions that a service consumes hours or days late. */
  readonly slowPlaces: number;
  /** Maximum number of faults, and their probability per step. */
  readonly faults: number;
  readonly faultRate: number;
  readonly secondInstances: boolean;
  /** Number of shards of a service's relay. */
  readonly relayShards: number;
}

export function drawProfile(random: Random): Profile {
  const isRough = random.chance(0.8);
  const slowest = random.pick([5, 50, 500]);
  const rate = (most: number): number => (isRough && random.chance(0.7) ? random.between(0, most) : 0);
  return {
    latency: (drawn) => (drawn.chance(0.004) ? drawn.skewed(slowest, 9000) : drawn.skewed(0.2, slowest)),
    lostQuestions: rate(0.01),
    lostAnswers: rate(0.01),
    interleaved: random.pick([0, 0.1, 0.5, 1]),
    rolledBack: rate(0.02),
    lostBells: random.pick([0, 0.1, 1]),
    halfPublished: rate(0.2),
    saidTwice: random.pick([0, 0.1, 0.4]),
    slowPlaces: isRough && random.chance(0.3) ? 0.5 : 0,
    batch: random.pick([1, 5, 500]),
    faults: isRough ? random.int(2, 24) : 0,
    faultRate: random.pick([0.002, 0.01, 0.03]),
    secondInstances: random.chance(0.6),
    poison: isRough ? random.pick([0, 0.02, 0.1]) : 0,
    relayShards: random.pick([1, 1, 3]),
  };
}
