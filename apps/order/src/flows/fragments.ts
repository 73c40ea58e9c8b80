import { type EffectAction, notation, type On, type State } from '@orderloom/flows';
import type { OfReship } from '../order-details.js';

interface OfOrder {
  readonly orderNumber: string;
}

interface MaybeReship extends OfOrder {
  readonly reship?: OfReship;
}

export const orderNumberOnly = ({ orderNumber }: OfOrder) => ({ orderNumber });

/** ORD-10: asks whether the order has shipped, and holds it in the same step. */
export const holdState = <C extends OfOrder>(
  rule: string,
  on: On<C> & Required<Pick<On<C>, 'ShipmentHeld' | 'HoldRefused'>>,
): State<C, never> => ({
  description: rule,
  entry: notation<C>().send('logistics', 'HoldShipment', orderNumberOnly),
  on,
});

/** ORD-12: the order goes on where it was, unless another flow holds it too. */
export const releaseState = <C extends OfOrder>(rule: string, released: string): State<C, never> => ({
  description: rule,
  entry: notation<C>().send('logistics', 'ReleaseHold', orderNumberOnly),
  on: { HoldReleased: released },
});

/** ORD-13: everybody who works on the order is told. */
export const informTeams = <C extends object>(notice: string, about: (c: C) => object): readonly EffectAction<C, 'inform'>[] =>
  (['reviewer', 'warehouse', 'purchasing'] as const).map((team) => notation<C>().inform(team, notice, about));

export function ofReship({ reship }: MaybeReship) {
  return reship !== undefined;
}

/** LOG-06: a re-ship cost nothing; its case says what the goods of the original order are worth, and pays that back. */
export const originalCase = ({ orderNumber, reship }: MaybeReship) => ({
  orderNumber,
  originalOrder: reship?.originalOrder,
  caseId: reship?.caseId,
});
