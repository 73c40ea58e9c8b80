import type { FactOf } from '@orderloom/flows';
import type { Fulfilment } from './fulfilment-messages.js';
import { stillMissing } from './fulfilment-missing.js';

type ChangeClosed = FactOf<'ChangeClosed'>;

export function changed(_: Fulfilment, { changed: what }: ChangeClosed) {
  return what.length > 0;
}
export function otherLines(_: Fulfilment, { changed: what }: ChangeClosed) {
  return what.some((one) => one !== 'address-changed');
}

/** The order as the change has left it; what it has changed concerns whoever reviews the order. */
export function noteChange(c: Fulfilment, input: ChangeClosed) {
  const { changed: what, lines, address, promisedDispatchBy } = input;
  // an address changes only to one that can be delivered to (ORD-31)
  const concerns = what.includes('address-changed') ? withoutConcern(c.concerns, 'address-not-deliverable') : c.concerns;
  return { lines, address, promisedDispatchBy, missing: stillMissing(c, input), concerns: [...new Set([...concerns, ...what])] };
}

export function withoutConcern(concerns: readonly string[], concern: string): readonly string[] {
  return concerns.filter((other) => other !== concern);
}
