import { defineFlow, end, notation, type On } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { ShipmentCommand } from '../shipment-facts.js';

export interface Hold {
  readonly orderNumber: string;
  /** The flow that asked for the hold and gets the reply. */
  readonly askedBy: string;
  readonly reason: string;
}

const { asking, inform, keep, send } = notation<Hold, { logistics: ShipmentCommand }>();

/** The start and the inputs of each version of the flow. */
export const hold = defineFlow<Hold>()({
  service: 'logistics',
  policies,
  startedBy: { HoldRequested: ({ orderNumber, flow }) => ({ orderNumber, askedBy: flow, reason: 'picked' }) },
  listensTo: ['ShipmentHeld', 'HoldRefused', 'ParcelPicked', 'ParcelShipped'],
  withdraws: { ShipmentHeld: 'held', HoldRefused: 'superseded', ParcelPicked: 'picked', ParcelShipped: 'shipped' },
});

const decided: On<Hold> = { ShipmentHeld: { guard: ours, target: 'held' }, HoldRefused: { guard: ours, target: 'refused' } };

/**
 * LOG-09, ORD-10 暂停发货: the warehouse stops an order, unless it was picked first; exactly one of the two wins, and a warehouse that
 * holds what it has picked is told that it ships. What it says to another flow that asked is said to this one too.
 */
export const holdShipment = hold.chart({
  id: 'hold-shipment',
  version: '3',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse: asking('LOG-09', 'hold-order', order, {
      on: {
        HoldConfirmed: 'confirming',
        HoldDenied: { target: 'denying', actions: keep('reason') },
        ParcelPicked: 'denying',
        ParcelShipped: 'denying',
        ...decided,
      },
      remindedAfter: 'warehouseAnswer',
    }),
    confirming: {
      description: 'LOG-09',
      entry: send('logistics', 'ConfirmHold', request),
      on: {
        ShipmentHeld: { guard: ours, target: 'held' },
        HoldRefused: { guard: ours, target: 'refused', actions: inform('warehouse', 'hold-released', order) },
      },
    },
    denying: { description: 'LOG-09', entry: send('logistics', 'DenyHold', request), on: decided },
    held: end('ORD-10'),
    refused: end('ORD-11'),
  },
});

export function order({ orderNumber }: Hold) {
  return { orderNumber };
}
export function request({ orderNumber, askedBy, reason }: Hold) {
  return { orderNumber, askedBy, reason };
}

function ours({ askedBy }: Hold, { flow }: { readonly flow: string }) {
  return flow === askedBy;
}
