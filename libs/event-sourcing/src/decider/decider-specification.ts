import { deepStrictEqual, fail } from 'node:assert/strict';
import { Refusal } from '@orderloom/kernel';
import type { Decider, CommandInput } from './decider.js';
import type { Fact } from './event.js';

export const givenNow = '2010-12-01T09:00:00.000000Z';
export const givenBy = 'somebody';

/** Expected result of a command. */
export interface Then<Event extends Fact> {
  then(...facts: readonly Event[]): void;
  thenNothing(): void;
  thenRefused(code: string): void;
}

/** Tests a decider: `given(order, ...history).when(command).then(...facts)`. Time and actor are fixed. */
export const given = <State, Command, Event extends Fact>(decider: Decider<State, Command, Event>, ...history: readonly Event[]) => ({
  when(command: CommandInput<Command>, { now = givenNow, by = givenBy } = {}): Then<Event> {
    const decide = (): readonly Event[] =>
      decider.decide({ ...command, now, by } as Command, history.reduce(decider.evolve, decider.initial));
    return {
      then: (...facts) => deepStrictEqual(decide(), facts),
      thenNothing: () => deepStrictEqual(decide(), []),
      thenRefused: (code) => deepStrictEqual({ refused: refusalOf(decide) }, { refused: code }),
    };
  },
});

function refusalOf(decide: () => readonly Fact[]): string {
  let facts: readonly Fact[];
  try {
    facts = decide();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return fail(`expected a refusal, received the events ${JSON.stringify(facts)}`);
}
