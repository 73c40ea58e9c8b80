import { effects, flowOf, only } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Hold {
  orderNumber: string;
  /** The flow that wants it held, and hears how it went. */
  askedBy: string;
  reason: string;
}

type Input =
  { type: 'HoldConfirmed' | 'ShipmentHeld' | 'HoldRefused' | 'ParcelPicked' | 'ParcelShipped' } | { type: 'HoldDenied'; reason: string };

const { ask, remind, send } = effects<Hold>();

const flow = flowOf<Hold, Input>()({
  service: 'logistics',
  policies,
  startedBy: {
    HoldRequested: ({ orderNumber, flow: askedBy }: { orderNumber: string; flow: string }) => ({ orderNumber, askedBy, reason: 'picked' }),
  },
  listensTo: ['ShipmentHeld', 'HoldRefused', 'ParcelPicked', 'ParcelShipped'],
  guards: {},
  notes: { noteReason: (_, input) => ({ reason: only(input, 'HoldDenied').reason }) },
});

/** LOG-09, ORD-10 暂停发货: the warehouse stops an order, unless it was picked first; exactly one of the two wins. */
export const holdShipment = flow.chart({
  id: 'hold-shipment',
  version: '1',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse: {
      description: 'LOG-09',
      entry: ask('warehouse', 'hold-order', ({ orderNumber }) => ({ orderNumber })),
      on: {
        HoldConfirmed: 'confirming',
        HoldDenied: { target: 'denying', actions: 'noteReason' },
        ParcelPicked: 'denying',
        ParcelShipped: 'denying',
      },
      after: { warehouseAnswer: { actions: remind('warehouse') } },
    },
    confirming: { description: 'LOG-09', entry: send('logistics', 'ConfirmHold'), on: { ShipmentHeld: 'held', HoldRefused: 'refused' } },
    denying: { description: 'LOG-09', entry: send('logistics', 'DenyHold'), on: { HoldRefused: 'refused' } },
    held: { type: 'final', description: 'ORD-10' },
    refused: { type: 'final', description: 'ORD-11' },
  },
});
