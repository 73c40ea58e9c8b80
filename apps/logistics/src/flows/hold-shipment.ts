import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Hold {
  orderNumber: string;
  /** The flow that wants it held, and hears how it went. */
  askedBy: string;
  reason: string;
}

type Input =
  | { type: 'HoldConfirmed' | 'ParcelPicked' | 'ParcelShipped' }
  | { type: 'ShipmentHeld' | 'HoldRefused'; flow: string }
  | { type: 'HoldDenied'; reason: string };

const { ask, inform, remind, send } = effects<Hold>();
const order = ({ orderNumber }: Hold) => ({ orderNumber });

const flow = defineFlow<Hold, Input>()({
  service: 'logistics',
  policies,
  startedBy: {
    HoldRequested: ({ orderNumber, flow: askedBy }: { orderNumber: string; flow: string }) => ({ orderNumber, askedBy, reason: 'picked' }),
  },
  listensTo: ['ShipmentHeld', 'HoldRefused', 'ParcelPicked', 'ParcelShipped'],
  withdraws: { ShipmentHeld: 'held', HoldRefused: 'superseded', ParcelPicked: 'picked', ParcelShipped: 'shipped' },
  guards: { ours: ({ askedBy }, input) => narrowInput(input, 'ShipmentHeld', 'HoldRefused').flow === askedBy },
  notes: { noteReason: (_, input) => ({ reason: narrowInput(input, 'HoldDenied').reason }) },
});

const askingWarehouse = {
  description: 'LOG-09',
  entry: ask('warehouse', 'hold-order', order),
  on: {
    HoldConfirmed: 'confirming',
    HoldDenied: { target: 'denying', actions: 'noteReason' },
    ParcelPicked: 'denying',
    ParcelShipped: 'denying',
  },
  after: { warehouseAnswer: { actions: remind('warehouse') } },
} as const;
const confirming = { description: 'LOG-09', entry: send('logistics', 'ConfirmHold') } as const;
const denying = { description: 'LOG-09', entry: send('logistics', 'DenyHold'), on: { HoldRefused: 'refused' } } as const;
const held = { type: 'final', description: 'ORD-10' } as const;
const refused = { type: 'final', description: 'ORD-11' } as const;

/** As it was: a warehouse that had confirmed what it had reported as picked kept holding it. */
export const holdShipmentV1 = flow.chart({
  id: 'hold-shipment',
  version: '1',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse,
    confirming: { ...confirming, on: { ShipmentHeld: 'held', HoldRefused: 'refused' } },
    denying,
    held,
    refused,
  },
});

/** As it was: it took the answer to another flow that held the same order for its own. */
export const holdShipmentV2 = flow.chart({
  id: 'hold-shipment',
  version: '2',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse,
    confirming: {
      ...confirming,
      on: { ShipmentHeld: 'held', HoldRefused: { target: 'refused', actions: inform('warehouse', 'hold-released', order) } },
    },
    denying,
    held,
    refused,
  },
});

const ourHold = { ShipmentHeld: { guard: 'ours', target: 'held' } } as const;

/**
 * LOG-09, ORD-10 暂停发货: the warehouse stops an order, unless it was picked first; exactly one of the two wins, and a warehouse that
 * holds what it has picked is told that it ships. What it says to another flow that asked is said to this one too.
 */
export const holdShipment = flow.chart({
  id: 'hold-shipment',
  version: '3',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse: { ...askingWarehouse, on: { ...askingWarehouse.on, ...ourHold, HoldRefused: { guard: 'ours', target: 'refused' } } },
    confirming: {
      ...confirming,
      on: {
        ...ourHold,
        HoldRefused: { guard: 'ours', target: 'refused', actions: inform('warehouse', 'hold-released', order) },
      },
    },
    denying: { ...denying, on: { ...ourHold, HoldRefused: { guard: 'ours', target: 'refused' } } },
    held,
    refused,
  },
});
