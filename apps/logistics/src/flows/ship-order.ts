import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { Address, Line } from '../shipment-facts.js';

interface Shipping {
  orderNumber: string;
  lines: readonly Line[];
  address: Address;
  held: boolean;
}

type Input =
  | { type: 'ShipmentHeld' | 'ShipmentCancelled' | 'ParcelShipped' | 'ReportContradicted' }
  | { type: 'HoldReleased'; stillHeld?: boolean }
  | { type: 'ShipmentAmended'; remaining: Line[] }
  | { type: 'LabelChanged'; address: Address };

const { ask, inform, remind } = effects<Shipping>();
const parcel = ({ orderNumber, lines, address }: Shipping) => ({ orderNumber, lines, address });

const flow = defineFlow<Shipping, Input>()({
  service: 'logistics',
  policies,
  startedBy: { ShipmentPrepared: ({ orderNumber, lines, address, held }: Shipping) => ({ orderNumber, lines, address, held }) },
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
  guards: { held: ({ held }) => held, released: (_, input) => !narrowInput(input, 'HoldReleased').stillHeld },
  notes: {
    noteRemaining: (_, input) => ({ lines: narrowInput(input, 'ShipmentAmended').remaining }),
    noteAddress: (_, input) => ({ address: narrowInput(input, 'LabelChanged').address }),
  },
});

const preparing = { description: 'LOG-01', always: [{ guard: 'held', target: 'held' }, { target: 'shipping' }] } as const;
const shipping = {
  description: 'LOG-01',
  entry: ask('warehouse', 'ship-order', parcel),
  on: {
    ShipmentHeld: 'held',
    ShipmentCancelled: 'cancelled',
    ParcelShipped: 'shipped',
    LabelChanged: { actions: ['noteAddress', inform('warehouse', 'label-changed', parcel)] },
  },
  after: { shipping: { actions: remind('warehouse') } },
} as const;
const held = {
  description: 'LOG-09',
  on: {
    HoldReleased: 'shipping',
    ShipmentCancelled: 'cancelled',
    ShipmentAmended: { actions: 'noteRemaining' },
    LabelChanged: { actions: 'noteAddress' },
    ReportContradicted: { actions: inform('warehouse', 'put-back', parcel) },
  },
} as const;
const shipped = { type: 'final', description: 'LOG-01' } as const;
const cancelled = { type: 'final', description: 'ORD-13' } as const;

/** As it was: the first release of a hold set it going, though another flow held it too. */
export const shipOrderV1 = flow.chart({
  id: 'ship-order',
  version: '1',
  initial: 'preparing',
  states: { preparing, shipping, held, shipped, cancelled },
});

/**
 * LOG-01, LOG-09 发货: the warehouse picks and ships what is not held; what is held waits until nobody holds it any more, what is
 * cancelled never leaves.
 */
export const shipOrder = flow.chart({
  id: 'ship-order',
  version: '2',
  initial: 'preparing',
  states: {
    preparing,
    shipping: { ...shipping, on: { ...shipping.on, HoldReleased: 'shipping' } },
    held: {
      ...held,
      on: { ...held.on, ShipmentHeld: 'held', HoldReleased: [{ guard: 'released', target: 'shipping' }, { target: 'held' }] },
    },
    shipped,
    cancelled,
  },
});
