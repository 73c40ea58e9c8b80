import type { FactOf } from '@orderloom/flows';
import type { Fulfilment } from './fulfilment-messages.js';
import { type LinesCancelled, stillMissing } from './fulfilment-missing.js';

export function noteRemaining(c: Fulfilment, input: LinesCancelled) {
  return { lines: input.remaining, missing: stillMissing(c, input), concerns: added(c.concerns, 'lines-cancelled') };
}
export function noteReplaced(c: Fulfilment, input: FactOf<'OrderLinesReplaced'>) {
  const { remaining: lines, promisedDispatchBy } = input;
  return { lines, promisedDispatchBy, missing: stillMissing(c, input), concerns: added(c.concerns, 'product-changed') };
}
export function noteAddress({ concerns }: Fulfilment, { address }: FactOf<'AddressChanged'>) {
  // an address changes only to one that can be delivered to (ORD-31)
  return { address, concerns: added(without(concerns, 'address-not-deliverable'), 'address-changed') };
}

export function without(concerns: readonly string[], concern: string): readonly string[] {
  return concerns.filter((other) => other !== concern);
}
function added(concerns: readonly string[], concern: string): readonly string[] {
  return [...new Set([...concerns, concern])];
}
