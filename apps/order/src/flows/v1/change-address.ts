import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Address } from '../../order-details.js';
import { policies } from '../../policies.js';

interface AddressChange {
  orderNumber: string;
  changeId: string;
  address: Address;
  deliverable: boolean;
  refusal: string;
}

type Input = { type: 'LabelChanged' | 'AddressChanged' | 'AddressChangeRefused' } | { type: 'LabelChangeRefused'; reason: string };

const { send, tell } = effects<AddressChange>();
const number = ({ orderNumber }: AddressChange) => ({ orderNumber });
const change = ({ orderNumber, changeId, address }: AddressChange) => ({ orderNumber, changeId, address });

const flow = defineFlow<AddressChange, Input>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: {
    AddressChangeRequested: ({ orderNumber, changeId, address, deliverable }: AddressChange) => ({
      ...{ orderNumber, changeId, address, deliverable },
      refusal: 'undeliverable',
    }),
  },
  guards: { deliverable: ({ deliverable }) => deliverable },
  notes: { noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'LabelChangeRefused').reason }) },
});

/** As it was: it named no dispatch date, told the reviewer nothing, and changed the address of an order that was cancelled meanwhile. */
export const changeAddressV1 = flow.chart({
  id: 'change-address',
  version: '1',
  initial: 'checking',
  states: {
    checking: { description: 'ORD-31', always: [{ guard: 'deliverable', target: 'askingLogistics' }, { target: 'refusing' }] },
    askingLogistics: {
      description: 'ORD-30',
      entry: send('logistics', 'ChangeLabel', ({ orderNumber, address }) => ({ orderNumber, address })),
      on: { LabelChanged: 'changing', LabelChangeRefused: { target: 'refusing', actions: 'noteRefusal' } },
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
    kept: { type: 'final', description: 'ORD-30', entry: tell('ORD-30', 'address-kept', (c) => ({ ...number(c), reason: c.refusal })) },
  },
});
