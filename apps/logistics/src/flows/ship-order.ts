import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../policies.js';

export type Shipping = Pick<FactOf<'ShipmentPrepared'>, 'orderNumber' | 'lines' | 'address' | 'held'>;

const { asking, inform, keep } = notation<Shipping>();

/** The start and the inputs of each version of the flow. */
export const shipping = defineFlow<Shipping>()({
  service: 'logistics',
  policies,
  startedBy: { ShipmentPrepared: starts({}, 'orderNumber', 'lines', 'address', 'held') },
  listensTo: [
    'ShipmentHeld',
    'HoldReleased',
    'ShipmentCancelled',
    'ShipmentAmended',
    'LabelChanged',
    'ParcelShipped',
    'ReportContradicted',
  ],
  withdraws: { ShipmentHeld: 'held', ShipmentCancelled: 'cancelled', ParcelShipped: 'shipped' },
});

/**
 * LOG-01, LOG-09 发货: the warehouse picks and ships what is not held; what is held waits until nobody holds it any more, what is
 * cancelled never leaves.
 */
export const shipOrder = shipping.chart({
  id: 'ship-order',
  version: '2',
  initial: 'preparing',
  states: {
    preparing: { description: 'LOG-01', always: [{ guard: held, target: 'held' }, { target: 'shipping' }] },
    shipping: asking('LOG-01', 'ship-order', parcel, {
      on: {
        ShipmentHeld: 'held',
        ShipmentCancelled: 'cancelled',
        ParcelShipped: 'shipped',
        // ORD-32: the open task names the address of today
        LabelChanged: { target: 'shipping', reenter: true, actions: [keep('address'), inform('warehouse', 'label-changed', parcel)] },
        HoldReleased: 'shipping',
      },
      remindedAfter: 'shipping',
    }),
    held: {
      description: 'LOG-09',
      on: {
        HoldReleased: [{ guard: released, target: 'shipping' }, { target: 'held' }],
        ShipmentCancelled: 'cancelled',
        ShipmentAmended: { actions: keep({ lines: 'remaining' }) },
        LabelChanged: { actions: keep('address') },
        ReportContradicted: { actions: inform('warehouse', 'put-back', parcel) },
        ShipmentHeld: 'held',
      },
    },
    shipped: end('LOG-01'),
    cancelled: end('ORD-13'),
  },
});

export function parcel({ orderNumber, lines, address }: Shipping) {
  return { orderNumber, lines, address };
}

export function held(c: Shipping) {
  return c.held;
}
function released(_: Shipping, { stillHeld }: FactOf<'HoldReleased'>) {
  return !stillHeld;
}
