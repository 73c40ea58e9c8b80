import type { Profile } from './core/profile.js';
import { Random } from './core/random.js';
import { Scheduler } from './core/scheduler.js';
import type { Machine } from './ports/sim-process.js';
import { Trace } from './core/trace.js';

/** A world in which each message takes a millisecond and nothing goes wrong by itself. */
const calm: Profile = {
  latency: () => 1,
  lostQuestions: 0,
  lostAnswers: 0,
  interleaved: 0,
  rolledBack: 0,
  lostBells: 0,
  halfPublished: 0,
  saidTwice: 0,
  poison: 0,
  slowPlaces: 0,
  batch: 500,
  faults: 0,
  faultRate: 0,
  secondInstances: false,
  relayShards: 1,
};

export const machineOf = (changes: Partial<Profile> = {}, seed = 'spec'): Machine => ({
  scheduler: new Scheduler(new Trace(true), 10_000),
  random: new Random(seed),
  profile: { ...calm, ...changes },
});

/** Runs until nothing is left but timers, and nothing falls due. */
export const run = ({ scheduler }: Machine, stepped: () => void = () => undefined): Promise<void> =>
  scheduler.run({ stepped, isQuiet: async () => true, nextDue: async () => undefined });
