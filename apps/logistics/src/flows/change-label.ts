import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { Address } from '../shipment-facts.js';

interface LabelChange {
  orderNumber: string;
  address: Address;
  /** The flow that wants it changed, and hears how it went. */
  askedBy: string;
  reason: string;
}

type Input = { type: 'LabelConfirmed' | 'LabelChanged' | 'LabelChangeRefused' | 'ParcelShipped' } | { type: 'LabelDenied'; reason: string };

const { ask, remind, send } = effects<LabelChange>();

const flow = defineFlow<LabelChange, Input>()({
  service: 'logistics',
  policies,
  startedBy: {
    LabelChangeRequested: ({ orderNumber, address, flow: askedBy }: { orderNumber: string; address: Address; flow: string }) => ({
      ...{ orderNumber, address, askedBy },
      reason: 'shipped',
    }),
  },
  listensTo: ['LabelChanged', 'LabelChangeRefused', 'ParcelShipped'],
  withdraws: { ParcelShipped: 'shipped' },
  guards: {},
  notes: { noteReason: (_, input) => ({ reason: narrowInput(input, 'LabelDenied').reason }) },
});

/** ORD-30, ORD-32 改地址: the warehouse changes the label, unless the parcel has left. */
export const changeLabel = flow.chart({
  id: 'change-label',
  version: '1',
  initial: 'askingWarehouse',
  states: {
    askingWarehouse: {
      description: 'ORD-30',
      entry: ask('warehouse', 'change-label', ({ orderNumber, address }) => ({ orderNumber, address })),
      on: { LabelConfirmed: 'confirming', LabelDenied: { target: 'denying', actions: 'noteReason' }, ParcelShipped: 'denying' },
      after: { warehouseAnswer: { actions: remind('warehouse') } },
    },
    confirming: {
      description: 'ORD-32',
      entry: send('logistics', 'ConfirmLabel'),
      on: { LabelChanged: 'changed', LabelChangeRefused: 'kept' },
    },
    denying: { description: 'ORD-30', entry: send('logistics', 'DenyLabel'), on: { LabelChangeRefused: 'kept' } },
    changed: { type: 'final', description: 'ORD-32' },
    kept: { type: 'final', description: 'ORD-30' },
  },
});
