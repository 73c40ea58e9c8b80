import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { policies } from '../../policies.js';
import { orderNumberOnly } from '../fragments.js';

interface AddressChange extends Pick<FactOf<'AddressChangeRequested'>, 'orderNumber' | 'changeId' | 'address' | 'deliverable'> {
  readonly refusal: string;
}

const { keep, send, tell } = notation<AddressChange, { order: OrderCommand }>();

/** As it was: it named no dispatch date, told the reviewer nothing, and changed the address of an order that was cancelled meanwhile. */
export const changeAddressV1 = defineFlow<AddressChange>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: { AddressChangeRequested: starts({ refusal: 'undeliverable' }, 'orderNumber', 'changeId', 'address', 'deliverable') },
}).chart({
  id: 'change-address',
  version: '1',
  initial: 'checking',
  states: {
    checking: { description: 'ORD-31', always: [{ guard: deliverable, target: 'askingLogistics' }, { target: 'refusing' }] },
    askingLogistics: {
      description: 'ORD-30',
      entry: send('logistics', 'ChangeLabel', label),
      on: { LabelChanged: 'changing', LabelChangeRefused: { target: 'refusing', actions: keep({ refusal: 'reason' }) } },
    },
    changing: {
      description: 'ORD-32',
      tags: ['pivot', 'decided'],
      entry: send('order', 'ChangeAddress', (c) => ({ ...label(c), changeId: c.changeId })),
      on: { AddressChanged: 'changed' },
    },
    changed: end('ORD-30', tell('ORD-30', 'address-changed', orderNumberOnly)),
    refusing: {
      description: 'ORD-30',
      tags: 'decided',
      entry: send('order', 'RefuseAddressChange', (c) => ({ ...kept(c), changeId: c.changeId })),
      on: { AddressChangeRefused: 'kept' },
    },
    kept: end('ORD-30', tell('ORD-30', 'address-kept', kept)),
  },
});

function label({ orderNumber, address }: AddressChange) {
  return { orderNumber, address };
}
function kept({ orderNumber, refusal: reason }: AddressChange) {
  return { orderNumber, reason };
}

function deliverable(c: AddressChange) {
  return c.deliverable;
}
