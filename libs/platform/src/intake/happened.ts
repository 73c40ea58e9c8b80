import { happened } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import { type Instant, InvalidInput } from '@orderloom/kernel';

/** `decider`, which refuses a command whose `field` says that it happened later than now. */
export function onlyHappened<S, C, E extends Fact>(decider: Decider<S, C, E>, field: string): Decider<S, C, E> {
  return {
    ...decider,
    decide: (command, state, settings) => {
      const { now, [field]: at } = command as { readonly now: Instant; readonly [field: string]: unknown };
      const errors = happened(field, at, now);
      if (errors.length > 0) throw new InvalidInput(errors);
      return decider.decide(command, state, settings);
    },
  };
}
