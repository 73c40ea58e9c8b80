import { happened } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import { type Instant, InvalidInput } from '@orderloom/kernel';

/** Wraps `decider`: a command whose time in `field` is later than now is refused with `InvalidInput`. */
export function refusingFutureTimes<State, Command, Event extends Fact, Settings>(
  decider: Decider<State, Command, Event, Settings>,
  field: string,
): Decider<State, Command, Event, Settings> {
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
