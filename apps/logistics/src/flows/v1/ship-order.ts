import { end, notation } from '@orderloom/flows';
import { held, parcel, type Shipping, shipping } from '../ship-order.js';

const { asking, inform, keep } = notation<Shipping>();

/** As it was: the first release of a hold set it going, though another flow held it too. */
export const shipOrderV1 = shipping.chart({
  id: 'ship-order',
  version: '1',
  initial: 'preparing',
  states: {
    preparing: { description: 'LOG-01', always: [{ guard: held, target: 'held' }, { target: 'shipping' }] },
    shipping: asking('LOG-01', 'ship-order', parcel, {
      on: {
        ShipmentHeld: 'held',
        ShipmentCancelled: 'cancelled',
        ParcelShipped: 'shipped',
        LabelChanged: { actions: [keep('address'), inform('warehouse', 'label-changed', parcel)] },
      },
      remindedAfter: 'shipping',
    }),
    held: {
      description: 'LOG-09',
      on: {
        HoldReleased: 'shipping',
        ShipmentCancelled: 'cancelled',
        ShipmentAmended: { actions: keep({ lines: 'remaining' }) },
        LabelChanged: { actions: keep('address') },
        ReportContradicted: { actions: inform('warehouse', 'put-back', parcel) },
      },
    },
    shipped: end('LOG-01'),
    cancelled: end('ORD-13'),
  },
});
