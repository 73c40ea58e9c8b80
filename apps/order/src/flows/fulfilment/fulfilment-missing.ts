import type { FactOf } from '@orderloom/flows';
import { hasGoods } from '../../order-details.js';
import { type Fulfilment, unavailableGoods } from './fulfilment-messages.js';

type ChangeClosed = FactOf<'ChangeClosed'>;
type LinesCancelled = FactOf<'OrderLinesCancelled'>;
type Cancelled = FactOf<'OrderCancelled'> | LinesCancelled;

export function givenUpHere(_: Fulfilment, { changeId }: Cancelled) {
  return changeId === unavailableGoods;
}
export function nothingGivenUp(c: Fulfilment, input: LinesCancelled) {
  return givenUpHere(c, input) && input.lines.length === 0;
}
export function byAnother(c: Fulfilment, input: Cancelled) {
  return !givenUpHere(c, input);
}
/** The missing lines are cancelled, or replaced by products in stock (ORD-23). */
export function noneMissing(c: Fulfilment, input: ChangeClosed) {
  return stillMissing(c, input).length === 0;
}
export function fewerMissing(c: Fulfilment, input: ChangeClosed) {
  return stillMissing(c, input).length < c.missing.length;
}
export function goodsOfReship({ reship, givenUp }: Fulfilment) {
  return reship !== undefined && hasGoods(reship, givenUp);
}

/** Of the lines that are missing, those that are still in the order. */
export function stillMissing({ missing }: Fulfilment, { lines }: Pick<ChangeClosed, 'lines'>): readonly number[] {
  return missing.filter((line) => lines.some((left) => left.line === line));
}
