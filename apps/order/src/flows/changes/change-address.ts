import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { policies } from '../../policies.js';
import { orderNumberOnly } from '../fragments.js';

interface AddressChange extends FactOf<'AddressChangeRequested'> {
  readonly isCancelled: boolean;
  readonly refusal: string;
  /** Parcels that the courier has already. */
  readonly onItsWay: NonNullable<FactOf<'LabelChangeRefused'>['onItsWay']>;
  readonly deliveryRefused: boolean;
}

const { asking, inform, keep, send, set, tell } = notation<AddressChange, { order: OrderCommand }>();

/**
 * ORD-30..32 改地址: before it ships the warehouse changes the label, afterwards the courier redirects the parcels, or the customer keeps the
 * address or refuses the delivery. Exactly one address is current at any time; an order that is cancelled meanwhile keeps the one it had.
 */
export const changeAddress = defineFlow<AddressChange>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: { AddressChangeRequested: starts({ isCancelled: false, refusal: 'undeliverable', onItsWay: [], deliveryRefused: false }) },
  listensTo: ['OrderCancelled'],
}).chart({
  id: 'change-address',
  version: '2',
  initial: 'checking',
  states: {
    checking: {
      description: 'ORD-31',
      entry: inform('reviewer', 'address-change-requested', (c) => ({ ...label(c), noticed: c.noticed })),
      always: [{ guard: deliverable, target: 'askingLogistics' }, { target: 'refusing' }],
    },
    askingLogistics: {
      description: 'ORD-30',
      entry: send('logistics', 'ChangeLabel', label),
      on: {
        OrderCancelled: { actions: set({ isCancelled: true, refusal: 'order-cancelled' }) },
        LabelChanged: [{ guard: isCancelled, target: 'refusing' }, { target: 'changing' }],
        LabelChangeRefused: [
          { guard: isCancelled, target: 'refusing' },
          { guard: isOnItsWay, target: 'askingCourier', actions: noteParcels },
          { target: 'refusing', actions: keep({ refusal: 'reason' }) },
        ],
      },
    },
    askingCourier: asking('ORD-30', 'redirect-parcel', (c) => ({ ...label(c), parcels: c.onItsWay }), {
      on: {
        ParcelRedirected: 'recordingRedirect',
        RedirectRefused: { target: 'choosing', actions: keep({ refusal: 'reason' }) },
      },
      remindedAfter: 'courierAnswer',
    }),
    recordingRedirect: { description: 'ORD-32', entry: send('logistics', 'RecordRedirect', label), on: { LabelChanged: 'changing' } },
    choosing: asking('ORD-30', 'keep-or-refuse-delivery', ({ orderNumber, refusal: reason }) => ({ orderNumber, reason }), {
      on: {
        AddressKept: 'refusing',
        DeliveryRefused: { target: 'returning', actions: set({ refusal: 'delivery-refused', deliveryRefused: true }) },
      },
      after: { customerDecision: 'refusing' },
      remindedAfter: 'customerReminder',
    }),
    returning: {
      description: 'ORD-30',
      entry: inform('courier', 'return-to-sender', ({ orderNumber, onItsWay: parcels }) => ({ orderNumber, parcels })),
      always: 'refusing',
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
      entry: send('order', 'RefuseAddressChange', (c) => ({ ...orderNumberOnly(c), changeId: c.changeId, reason: c.refusal })),
      on: { AddressChangeRefused: [{ guard: deliveryRefused, target: 'sentBack' }, { target: 'kept' }] },
    },
    sentBack: end('ORD-30', tell('ORD-30', 'delivery-refused', orderNumberOnly)),
    kept: end('ORD-08', tell('ORD-30', 'address-kept', kept)),
  },
});

function label({ orderNumber, address }: AddressChange) {
  return { orderNumber, address };
}
function kept({ orderNumber, refusal: reason, isCancelled: cancelled, promisedDispatchBy, dispatchedAt }: AddressChange) {
  return { orderNumber, reason, ...(!cancelled && { promisedDispatchBy, dispatchedAt }) };
}

function deliverable(c: AddressChange) {
  return c.deliverable;
}
function isCancelled(c: AddressChange) {
  return c.isCancelled;
}
function isOnItsWay(_: AddressChange, { onItsWay = [] }: FactOf<'LabelChangeRefused'>) {
  return onItsWay.length > 0;
}
function noteParcels(_: AddressChange, { onItsWay = [] }: FactOf<'LabelChangeRefused'>) {
  return { onItsWay };
}
function deliveryRefused(c: AddressChange) {
  return c.deliveryRefused;
}
