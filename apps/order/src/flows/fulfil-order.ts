import { application, arrival, ask, byHand, cancelled, cancelledBefore, cancelledLines, dispatch, flow } from './fulfil-order.case.js';
import { giveUp, hold, inform, missingLines, number, parcel, promise, remind, review, send, stock, tell } from './fulfil-order.case.js';

/** ORD-03: what is asked is asked anew when the order has changed meanwhile: who decides sees it as it is. */
const askedAnew = <S extends string>(target: S) =>
  ({
    AddressChanged: { target, reenter: true, actions: 'noteAddress' },
    OrderLinesCancelled: { guard: 'byAnother', target, reenter: true, actions: 'noteRemaining' },
    CaptureRecorded: { guard: 'paidNow', target: target === 'held' ? target : 'reviewing', reenter: true, actions: 'notePaid' },
  }) as const;
const lessMissing = <S extends string>(target: S) =>
  ({
    OrderLinesCancelled: [
      { guard: 'noneMissing', target: 'releasing', actions: 'noteRemaining' },
      { guard: 'fewerMissing', target, reenter: true, actions: 'noteRemaining' },
    ],
  }) as const;
/** Another flow has cancelled the order while the customer's choice was carried out: its amount is the answer. */
const cancelledElsewhere = {
  OrderCancelled: { guard: 'byAnother', target: '#fulfil-order.cancelledBefore', actions: 'noteCancelled' },
} as const;
const informed = (notice: string, about: typeof cancelled) =>
  (['reviewer', 'warehouse', 'purchasing'] as const).map((team) => inform(team, notice, about));
const settlingByHand = {
  description: 'REF-03',
  entry: ask('supervisor', 'settle-refund', byHand),
  after: { supervisorAnswer: { actions: remind('supervisor') } },
};

/** REF-05: it ends when each of its refunds has its outcome. */
const settled = <S extends string>(end: S) =>
  ({
    description: 'REF-05',
    initial: 'settling',
    states: {
      settling: {
        description: 'REF-05',
        always: [
          { guard: 'refundRefused', target: 'settlingByHand' },
          { guard: 'refundOpen', target: 'awaitingRefund' },
          { target: `#fulfil-order.${end}` },
        ],
      },
      settlingByHand: {
        ...settlingByHand,
        on: {
          RefundSettledByHand: { target: 'settling', actions: 'noteSettled' },
          RefundApplicationSettled: { guard: 'ourRefund', actions: 'noteRefundClosed' },
        },
      },
      awaitingRefund: {
        description: 'REF-05',
        on: {
          RefundApplicationSettled: { guard: 'ourRefund', target: 'settling', actions: 'noteRefundClosed' },
        },
      },
    },
  }) as const;

/** ORD-03..05 审单, 采购确认, 发货: an order is reviewed, confirmed by purchasing line by line, released, and dispatched as promised. */
export const fulfilOrder = flow.chart({
  id: 'fulfil-order',
  version: '2',
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
        OrderCancelled: [{ guard: 'givenUpHere', target: 'cancelledHere', actions: 'noteCancelled' }, { target: 'ending' }],
        OrderLinesCancelled: { guard: 'byAnother', actions: 'noteRemaining' },
        AddressChanged: { actions: 'noteAddress' },
        CaptureRecorded: { guard: 'paidNow', actions: 'notePaid' },
        RefundApplicationSettled: { guard: 'ourRefund', actions: 'noteRefundClosed' },
        ParcelShipped: { target: 'dispatching', actions: 'noteDispatch' },
      },
      states: {
        reviewing: { description: 'ORD-03', always: [{ guard: 'nothingAgainst', target: 'approving' }, { target: 'askingReviewer' }] },
        askingReviewer: {
          description: 'ORD-03',
          entry: ask('reviewer', 'review-order', review),
          on: { ...askedAnew('askingReviewer'), ReviewPassed: 'approving', ReviewHeld: { target: 'held', actions: 'noteHeld' } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        held: {
          description: 'ORD-03',
          entry: [send('order', 'HoldOrder', hold), ask('reviewer', 'review-order', review)],
          on: { ...askedAnew('held'), ReviewPassed: 'approving', ReviewHeld: { target: 'held', reenter: true, actions: 'noteHeld' } },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        approving: { description: 'ORD-03', entry: send('order', 'ApproveOrder', number), on: { OrderApproved: 'confirmingStock' } },
        confirmingStock: {
          description: 'ORD-04',
          entry: ask('purchasing', 'confirm-stock', stock),
          on: {
            OrderLinesCancelled: askedAnew('confirmingStock').OrderLinesCancelled,
            StockConfirmed: 'releasing',
            StockArrivesLater: [
              { guard: 'withinWindow', target: 'awaitingArrival', actions: ['noteArrival', tell('ORD-04', 'goods-arrive-later', arrival)] },
              { target: 'offeringChoice', actions: 'noteMissing' },
            ],
            StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' },
          },
          after: { purchasingAnswer: { actions: remind('purchasing') } },
        },
        awaitingArrival: {
          description: 'ORD-04',
          entry: ask('purchasing', 'confirm-arrival', arrival),
          on: {
            ...lessMissing('awaitingArrival'),
            StockArrived: 'releasing',
            StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' },
          },
          after: { expectedArrival: { actions: remind('purchasing') } },
        },
        offeringChoice: {
          description: 'ORD-04',
          entry: ask('customer', 'choose-without-missing', missingLines),
          on: {
            ...lessMissing('offeringChoice'),
            LinesGivenUp: { target: 'cancellingLines', actions: 'noteChosen' },
            OrderGivenUp: { target: 'cancellingOrder', actions: 'noteChosen' },
          },
          after: {
            customerDecision: { target: 'cancellingLines', actions: 'noteNoAnswer' },
            customerReminder: { actions: remind('customer') },
          },
        },
        cancellingLines: {
          description: 'ORD-04',
          entry: send('order', 'CancelOrder', giveUp(false)),
          on: {
            ...cancelledElsewhere,
            OrderLinesCancelled: [
              { guard: 'nothingGivenUp', target: 'releasing', actions: tell('ORD-13', 'lines-cancelled-before', missingLines) },
              { guard: 'givenUpHere', target: 'linesGivenUp', actions: 'noteGivenUp' },
            ],
          },
        },
        cancellingOrder: { description: 'ORD-04', entry: send('order', 'CancelOrder', giveUp(true)), on: cancelledElsewhere },
        linesGivenUp: {
          description: 'ORD-04',
          entry: [tell('ORD-04', 'lines-cancelled', cancelledLines), ...informed('lines-cancelled', cancelledLines)],
          always: [{ guard: 'refundOwed', target: 'filingRefund' }, { target: 'releasing' }],
        },
        filingRefund: {
          description: 'REF-01',
          entry: send('refund', 'RequestRefund', application),
          on: {
            RefundRequested: { target: 'releasing', actions: 'noteRefund' },
            RefundApplicationRefused: { target: 'releasing', actions: 'noteRefusal' },
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
            OrderLinesCancelled: { target: 'releasing', actions: 'noteRemaining' },
            AddressChanged: { target: 'releasing', actions: 'noteAddress' },
            AddressChangeRefused: 'releasing',
          },
        },
        awaitingDispatch: {
          description: 'ORD-05',
          entry: send('logistics', 'PrepareShipment', parcel),
          initial: 'released',
          states: {
            released: { description: 'REF-03', always: [{ guard: 'refundRefused', target: 'settlingByHand' }, { target: 'waiting' }] },
            settlingByHand: { ...settlingByHand, on: { RefundSettledByHand: { target: 'waiting', actions: 'noteSettled' } } },
            waiting: { description: 'ORD-05' },
          },
        },
      },
    },
    cancelledHere: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'order-cancelled', cancelled), ...informed('order-cancelled', cancelled)],
      always: [{ guard: 'refundOwed', target: 'filingWholeRefund' }, { target: 'ending' }],
    },
    cancelledBefore: { description: 'ORD-13', entry: tell('ORD-13', 'order-cancelled', cancelledBefore), always: 'ending' },
    filingWholeRefund: {
      description: 'REF-01',
      entry: send('refund', 'RequestRefund', application),
      on: {
        RefundRequested: { target: 'ending', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'ending', actions: 'noteRefusal' },
      },
    },
    ending: settled('cancelled'),
    cancelled: { type: 'final', description: 'ORD-13' },
    dispatching: {
      ...settled('dispatched'),
      description: 'ORD-08',
      tags: 'pivot',
      entry: [send('order', 'RecordDispatch', dispatch), tell('ORD-08', 'order-dispatched', dispatch)],
    },
    dispatched: { type: 'final', description: 'ORD-08' },
  },
});
