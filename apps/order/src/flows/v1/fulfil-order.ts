import { type AnswerOf, defineFlow, end, type FactOf, notation } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { policies } from '../../policies.js';
import { orderNumberOnly } from '../fragments.js';
import * as the from '../fulfilment/fulfilment-messages.js';

type Fulfilment = the.Fulfilment;
const { ask, inform, keep, remind, send, tell } = notation<Fulfilment, { order: OrderCommand }>();

/** As it was: a reviewer decided on the order as it was placed, time on missing lines in silence, and a refused refund was nobody's task. */
export const fulfilOrderV1 = defineFlow<Fulfilment>()({
  service: 'order',
  policies,
  startedBy: { OrderPlaced: the.startFulfilment },
  listensTo: [
    'OrderApproved',
    'OrderReleased',
    'ReleaseDeferred',
    'OrderCancelled',
    'OrderLinesCancelled',
    'CancellationRefused',
    'AddressChanged',
    'AddressChangeRefused',
    'ParcelShipped',
  ],
}).chart({
  id: 'fulfil-order',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'ORD-05',
      initial: 'reviewing',
      after: {
        dispatchAlert: { actions: inform('supervisor', 'dispatch-promise-at-risk', the.promise) },
        dispatchPromise: { actions: tell('ORD-05', 'dispatch-delayed', the.promise) },
      },
      on: {
        OrderCancelled: [{ guard: refundOwed, target: 'filingWholeRefund', actions: keep('refund', 'parts') }, { target: 'cancelled' }],
        ParcelShipped: { target: 'dispatched', actions: noteDispatch },
      },
      states: {
        reviewing: { description: 'ORD-03', always: [{ guard: nothingAgainst, target: 'approving' }, { target: 'askingReviewer' }] },
        askingReviewer: {
          description: 'ORD-03',
          entry: ask('review-order', the.review),
          on: { ReviewPassed: 'approving', ReviewHeld: { target: 'held', actions: keep({ heldBecause: 'reason' }) } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        held: {
          description: 'ORD-03',
          entry: [send('order', 'HoldOrder', the.hold), ask('review-order', the.review)],
          on: { ReviewPassed: 'approving', ReviewHeld: { target: 'held', reenter: true, actions: keep({ heldBecause: 'reason' }) } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        approving: {
          description: 'ORD-03',
          entry: send('order', 'ApproveOrder', orderNumberOnly),
          on: { OrderApproved: 'confirmingStock' },
        },
        confirmingStock: {
          description: 'ORD-04',
          entry: ask('confirm-stock', the.stock),
          on: {
            StockConfirmed: 'releasing',
            StockArrivesLater: [
              { guard: withinWindow, target: 'awaitingArrival', actions: keep('expectedAt', { missing: 'lines' }) },
              { target: 'offeringChoice', actions: keep({ missing: 'lines' }) },
            ],
            StockNotToBeHad: { target: 'offeringChoice', actions: keep({ missing: 'lines' }) },
          },
          after: { purchasingAnswer: { actions: remind('purchasing') } },
        },
        awaitingArrival: {
          description: 'ORD-04',
          entry: [tell('ORD-04', 'goods-arrive-later', the.arrival), ask('confirm-arrival', the.arrival)],
          on: { StockArrived: 'releasing', StockNotToBeHad: { target: 'offeringChoice', actions: keep({ missing: 'lines' }) } },
          after: { expectedArrival: { actions: remind('purchasing') } },
        },
        offeringChoice: {
          description: 'ORD-04',
          entry: ask('choose-without-missing', the.missingLines),
          on: { LinesGivenUp: 'cancellingLines', OrderGivenUp: 'cancellingOrder' },
          after: { customerDecision: 'cancellingLines' },
        },
        cancellingLines: {
          description: 'ORD-04',
          entry: send('order', 'CancelOrder', the.missingGoods),
          on: {
            OrderLinesCancelled: [
              { guard: refundOwed, target: 'filingRefund', actions: keep('refund', 'parts') },
              { guard: givenUpHere, target: 'releasing' },
            ],
          },
        },
        cancellingOrder: { description: 'ORD-04', entry: send('order', 'CancelOrder', the.wholeOrder) },
        filingRefund: {
          description: 'REF-01',
          entry: send('refund', 'RequestRefund', the.application),
          on: {
            RefundRequested: 'releasing',
            RefundApplicationRefused: { target: 'releasing', actions: inform('supervisor', 'refund-refused', orderNumberOnly) },
          },
        },
        releasing: {
          description: 'ORD-03',
          entry: send('order', 'ReleaseOrder', orderNumberOnly),
          on: {
            OrderReleased: { target: 'awaitingDispatch', actions: keep('lines', 'address', 'amendedBy') },
            ReleaseDeferred: 'awaitingChange',
          },
        },
        awaitingChange: {
          description: 'ORD-03',
          on: {
            CancellationRefused: 'releasing',
            OrderLinesCancelled: 'releasing',
            AddressChanged: 'releasing',
            AddressChangeRefused: 'releasing',
          },
        },
        awaitingDispatch: { description: 'ORD-05', entry: send('logistics', 'PrepareShipment', parcel) },
      },
    },
    filingWholeRefund: {
      description: 'REF-01',
      entry: send('refund', 'RequestRefund', the.application),
      on: {
        RefundRequested: 'cancelled',
        RefundApplicationRefused: { target: 'cancelled', actions: inform('supervisor', 'refund-refused', orderNumberOnly) },
      },
    },
    cancelled: end('ORD-13'),
    dispatched: {
      type: 'final',
      description: 'ORD-08',
      tags: 'pivot',
      entry: [send('order', 'RecordDispatch', the.dispatch), tell('ORD-08', 'order-dispatched', the.dispatch)],
    },
  },
});

function parcel({ orderNumber, lines, address, amendedBy }: Fulfilment) {
  return { orderNumber, lines, address, amendedBy };
}

function nothingAgainst({ concerns }: Fulfilment) {
  return concerns.length === 0;
}
function withinWindow({ processedUntil }: Fulfilment, { expectedAt }: AnswerOf<'StockArrivesLater'>) {
  return expectedAt <= processedUntil;
}
function givenUpHere(_: Fulfilment, { changeId }: { readonly changeId: string }) {
  return changeId === the.unavailableGoods;
}
function refundOwed(c: Fulfilment, input: FactOf<'OrderCancelled'> | FactOf<'OrderLinesCancelled'>) {
  return givenUpHere(c, input) && input.refund > 0;
}

function noteDispatch(_: Fulfilment, { at, carrier, method, trackingNumber }: FactOf<'ParcelShipped'>) {
  return { dispatch: { at, carrier, method, trackingNumber } };
}
