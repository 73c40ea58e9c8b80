import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Address } from '../order-details.js';
import { policies } from '../policies.js';

interface Requested {
  orderNumber: string;
  changeId: string;
  address: Address;
  deliverable: boolean;
  /** What a reviewer should look at. */
  noticed?: readonly string[];
  /** ORD-08: of the order that goes on; requests of before these fields have none. */
  promisedDispatchBy?: string;
  dispatchedAt?: string;
}

interface AddressChange extends Requested {
  isCancelled: boolean;
  refusal: string;
}

type Input =
  { type: 'LabelChanged' | 'AddressChanged' | 'AddressChangeRefused' | 'OrderCancelled' } | { type: 'LabelChangeRefused'; reason: string };

const { inform, send, tell } = effects<AddressChange>();
const number = ({ orderNumber }: AddressChange) => ({ orderNumber });
const change = ({ orderNumber, changeId, address }: AddressChange) => ({ orderNumber, changeId, address });
const label = ({ orderNumber, address }: AddressChange) => ({ orderNumber, address });
const toLookAt = (c: AddressChange) => ({ ...label(c), ...(c.noticed && { noticed: c.noticed }) });
const kept = ({ orderNumber, refusal: reason, isCancelled, promisedDispatchBy, dispatchedAt }: AddressChange) => ({
  ...{ orderNumber, reason },
  ...(!isCancelled && { promisedDispatchBy, dispatchedAt }),
});

const flow = defineFlow<AddressChange, Input>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: {
    AddressChangeRequested: ({ orderNumber, changeId, address, deliverable, noticed, ...known }: Requested) => ({
      ...{ orderNumber, changeId, address, deliverable, ...(noticed && { noticed }) },
      ...{ promisedDispatchBy: known.promisedDispatchBy, dispatchedAt: known.dispatchedAt },
      ...{ isCancelled: false, refusal: 'undeliverable' },
    }),
  },
  listensTo: ['OrderCancelled'],
  guards: { deliverable: ({ deliverable }) => deliverable, isCancelled: ({ isCancelled }) => isCancelled },
  notes: {
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'LabelChangeRefused').reason }),
    noteCancelled: () => ({ isCancelled: true, refusal: 'order-cancelled' }),
  },
});

/**
 * ORD-30..32 改地址: before it ships the warehouse changes the label; exactly one address is current at any time, and an order that is
 * cancelled meanwhile keeps the one it had.
 */
export const changeAddress = flow.chart({
  id: 'change-address',
  version: '2',
  initial: 'checking',
  states: {
    checking: {
      description: 'ORD-31',
      entry: inform('reviewer', 'address-change-requested', toLookAt),
      always: [{ guard: 'deliverable', target: 'askingLogistics' }, { target: 'refusing' }],
    },
    askingLogistics: {
      description: 'ORD-30',
      entry: send('logistics', 'ChangeLabel', label),
      on: {
        OrderCancelled: { actions: 'noteCancelled' },
        LabelChanged: [{ guard: 'isCancelled', target: 'refusing' }, { target: 'changing' }],
        LabelChangeRefused: [
          { guard: 'isCancelled', target: 'refusing' },
          { target: 'refusing', actions: 'noteRefusal' },
        ],
      },
    },
    changing: {
      description: 'ORD-32',
      tags: ['pivot', 'decided'],
      entry: send('order', 'ChangeAddress', change),
      on: { AddressChanged: 'changed' },
    },
    changed: { type: 'final', description: 'ORD-30', entry: tell('ORD-30', 'address-changed', number) },
    refusing: {
      description: 'ORD-30',
      tags: 'decided',
      entry: send('order', 'RefuseAddressChange', (c) => ({ ...change(c), reason: c.refusal })),
      on: { AddressChangeRefused: 'kept' },
    },
    kept: { type: 'final', description: 'ORD-08', entry: tell('ORD-30', 'address-kept', kept) },
  },
});
