import { application, arrival, ask, dispatch, flow, giveUp, hold, inform, missing, number } from './fulfil-order.case.js';
import { parcel, promise, remind, review, send, stock, tell } from './fulfil-order.case.js';

/** As it was: a reviewer decided on the order as it was placed, time on missing lines in silence, and a refused refund was nobody's task. */
export const fulfilOrderV1 = flow.chart({
  id: 'fulfil-order',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'ORD-05',
      initial: 'reviewing',
      after: {
        dispatchAlert: { actions: inform('supervisor', 'dispatch-promise-at-risk', promise) },
        dispatchPromise: { actions: tell('ORD-05', 'dispatch-delayed', promise) },
      },
      on: {
        OrderCancelled: [{ guard: 'refundOwed', target: 'filingWholeRefund', actions: 'noteRefund' }, { target: 'cancelled' }],
        ParcelShipped: { target: 'dispatched', actions: 'noteDispatch' },
      },
      states: {
        reviewing: { description: 'ORD-03', always: [{ guard: 'nothingAgainst', target: 'approving' }, { target: 'askingReviewer' }] },
        askingReviewer: {
          description: 'ORD-03',
          entry: ask('reviewer', 'review-order', review),
          on: { ReviewPassed: 'approving', ReviewHeld: { target: 'held', actions: 'noteHeld' } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        held: {
          description: 'ORD-03',
          entry: [send('order', 'HoldOrder', hold), ask('reviewer', 'review-order', review)],
          on: { ReviewPassed: 'approving', ReviewHeld: { target: 'held', reenter: true, actions: 'noteHeld' } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        approving: { description: 'ORD-03', entry: send('order', 'ApproveOrder', number), on: { OrderApproved: 'confirmingStock' } },
        confirmingStock: {
          description: 'ORD-04',
          entry: ask('purchasing', 'confirm-stock', stock),
          on: {
            StockConfirmed: 'releasing',
            StockArrivesLater: [
              { guard: 'withinWindow', target: 'awaitingArrival', actions: 'noteArrival' },
              { target: 'offeringChoice', actions: 'noteMissing' },
            ],
            StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' },
          },
          after: { purchasingAnswer: { actions: remind('purchasing') } },
        },
        awaitingArrival: {
          description: 'ORD-04',
          entry: [tell('ORD-04', 'goods-arrive-later', arrival), ask('purchasing', 'confirm-arrival', arrival)],
          on: { StockArrived: 'releasing', StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' } },
          after: { expectedArrival: { actions: remind('purchasing') } },
        },
        offeringChoice: {
          description: 'ORD-04',
          entry: ask('customer', 'choose-without-missing', missing),
          on: { LinesGivenUp: 'cancellingLines', OrderGivenUp: 'cancellingOrder' },
          after: { customerDecision: 'cancellingLines' },
        },
        cancellingLines: {
          description: 'ORD-04',
          entry: send('order', 'CancelOrder', giveUp(false)),
          on: {
            OrderLinesCancelled: [
              { guard: 'refundOwed', target: 'filingRefund', actions: 'noteRefund' },
              { guard: 'givenUpHere', target: 'releasing' },
            ],
          },
        },
        cancellingOrder: { description: 'ORD-04', entry: send('order', 'CancelOrder', giveUp(true)) },
        filingRefund: {
          description: 'REF-01',
          entry: send('refund', 'RequestRefund', application),
          on: {
            RefundRequested: 'releasing',
            RefundApplicationRefused: { target: 'releasing', actions: inform('supervisor', 'refund-refused', number) },
          },
        },
        releasing: {
          description: 'ORD-03',
          entry: send('order', 'ReleaseOrder', number),
          on: { OrderReleased: { target: 'awaitingDispatch', actions: 'noteReleased' }, ReleaseDeferred: 'awaitingChange' },
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
      entry: send('refund', 'RequestRefund', application),
      on: {
        RefundRequested: 'cancelled',
        RefundApplicationRefused: { target: 'cancelled', actions: inform('supervisor', 'refund-refused', number) },
      },
    },
    cancelled: { type: 'final', description: 'ORD-13' },
    dispatched: {
      type: 'final',
      description: 'ORD-08',
      tags: 'pivot',
      entry: [send('order', 'RecordDispatch', dispatch), tell('ORD-08', 'order-dispatched', dispatch)],
    },
  },
});
