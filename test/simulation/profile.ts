import type { Random } from './random.js';

/** How rough a seed's world is; drawn once, so that some seeds are calm and some are not. */
export interface Profile {
  /** Milliseconds that a message takes one way. */
  readonly latency: (random: Random) => number;
  readonly lostQuestions: number;
  readonly lostAnswers: number;
  /** How often a transaction has its id long before it commits, so that others overtake it; and how often it is rolled back then. */
  readonly interleaved: number;
  readonly rolledBack: number;
  /** How often the word that something was committed reaches nobody. */
  readonly lostBells: number;
  /** Of records: how often only some partitions take them, and how often a partner says the same twice. */
  readonly halfPublished: number;
  readonly saidTwice: number;
  /** How often a partner's message follows one of its key that nobody can read. */
  readonly poison: number;
  /** Records of one batch at most. */
  readonly batch: number;
  /** How many of the places where a service reads facts are hours and days behind others. */
  readonly slowPlaces: number;
  /** Faults at most, and how often one comes (per step). */
  readonly faults: number;
  readonly faultRate: number;
  readonly secondInstances: boolean;
  /** Parts of all subjects that a service publishes side by side. */
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
