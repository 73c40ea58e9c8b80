import { defineFlow, end, type FactOf, notation } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { ShipmentCommand } from '../shipment-facts.js';

interface LabelChange extends Pick<FactOf<'LabelChangeRequested'>, 'orderNumber' | 'address'> {
  /** The flow that asked for the change and gets the reply. */
  readonly askedBy: string;
  readonly reason: string;
}

const { asking, keep, send } = notation<LabelChange, { logistics: ShipmentCommand }>();

/** ORD-30, ORD-32 改地址: the warehouse changes the label, unless the parcel has left. */
export const changeLabel = defineFlow<LabelChange>()({
  service: 'logistics',
  policies,
  startedBy: { LabelChangeRequested: ({ orderNumber, address, flow }) => ({ orderNumber, address, askedBy: flow, reason: 'shipped' }) },
  listensTo: ['LabelChanged', 'LabelChangeRefused', 'ParcelShipped'],
  withdraws: { ParcelShipped: 'shipped' },
}).chart({
  id: 'change-label',
  version: '1',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse: asking('ORD-30', 'change-label', ({ orderNumber, address }) => ({ orderNumber, address }), {
      on: {
        LabelConfirmed: 'confirming',
        LabelDenied: { target: 'denying', actions: keep('reason') },
        ParcelShipped: 'denying',
      },
      remindedAfter: 'warehouseAnswer',
    }),
    confirming: {
      description: 'ORD-32',
      entry: send('logistics', 'ConfirmLabel', change),
      on: { LabelChanged: 'changed', LabelChangeRefused: 'kept' },
    },
    denying: { description: 'ORD-30', entry: send('logistics', 'DenyLabel', change), on: { LabelChangeRefused: 'kept' } },
    changed: end('ORD-32'),
    kept: end('ORD-30'),
  },
});

function change({ orderNumber, address, askedBy, reason }: LabelChange) {
  return { orderNumber, address, askedBy, reason };
}
