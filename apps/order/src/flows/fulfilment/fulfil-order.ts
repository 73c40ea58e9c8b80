import { type AnswerOf, defineFlow, end, type FactOf, notation, type On, settlingRefundByHand } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { policies } from '../../policies.js';
import { informTeams, orderNumberOnly, originalCase, ofReship } from '../fragments.js';
import * as the from './fulfilment-messages.js';
import { changed, noteChange, otherLines, withoutConcern } from './fulfilment-changes.js';
import { byAnother, fewerMissing, givenUpHere, goodsOfReship, noneMissing, nothingGivenUp } from './fulfilment-missing.js';
import { filingState, noteRefundClosed, ourRefund, refundRefused, refundsState } from './fulfilment-refunds.js';

type Fulfilment = the.Fulfilment;
const { asking, inform, keep, send, set, tell } = notation<Fulfilment, { order: OrderCommand }>();

/** ORD-03: what is asked is asked anew when the order has changed meanwhile: who decides sees it as it is. */
const askedAnew = (target: string) =>
  ({
    ChangeClosed: { guard: changed, target, reenter: true, actions: noteChange },
    CaptureRecorded: [
      { guard: newConcerns, target, reenter: true, actions: notePaid },
      { guard: paidNow, target: target === 'held' ? target : 'reviewing', reenter: true, actions: notePaid },
    ],
  }) satisfies On<Fulfilment>;
const afterChangeOfMissingLines = (target: string): On<Fulfilment> => ({
  ChangeClosed: [
    { guard: noneMissing, target: 'releasing', actions: noteChange },
    { guard: fewerMissing, target, reenter: true, actions: noteChange },
    { actions: noteChange },
  ],
});
/** Another flow has cancelled the order while the customer's choice was carried out: its amount is the answer. */
const cancelledByOtherFlow: On<Fulfilment> = {
  OrderCancelled: {
    guard: byAnother,
    target: '#fulfil-order.cancelledBefore',
    actions: keep('refund', 'payments', 'parts', { cancelledBecause: 'reason' }),
  },
};
const unavailable = { target: 'offeringChoice', actions: keep({ missing: 'lines' }) };

/** ORD-03..05 审单, 采购确认, 发货: an order is reviewed, confirmed by purchasing line by line, released, and dispatched as promised. */
export const fulfilOrder = defineFlow<Fulfilment>()({
  service: 'order',
  policies,
  startedBy: { OrderPlaced: the.startFulfilment },
  listensTo: [
    'OrderApproved',
    'OrderReleased',
    'ReleaseDeferred',
    'OrderCancelled',
    'OrderLinesCancelled',
    'ChangeClosed',
    'CaptureRecorded',
    'ParcelShipped',
  ],
  withdraws: { OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled', ParcelShipped: 'shipped' },
}).chart({
  id: 'fulfil-order',
  version: '2',
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
        OrderCancelled: [
          { guard: givenUpHere, target: 'cancelledHere', actions: keep('refund', 'payments', 'parts') },
          { target: 'ending' },
        ],
        ChangeClosed: { actions: noteChange },
        CaptureRecorded: [
          { guard: newConcerns, actions: [notePaid, inform('supervisor', 'payment-method-not-of-storefront', the.openConcerns)] },
          { guard: paidNow, actions: notePaid },
        ],
        RefundApplicationSettled: { guard: ourRefund, actions: noteRefundClosed },
        ParcelShipped: { target: 'dispatching', actions: noteDispatch },
      },
      states: {
        reviewing: { description: 'ORD-03', always: [{ guard: nothingAgainst, target: 'approving' }, { target: 'askingReviewer' }] },
        askingReviewer: asking('ORD-03', 'review-order', the.review, {
          on: {
            ...askedAnew('askingReviewer'),
            ReviewPassed: 'approving',
            ReviewHeld: { target: 'held', actions: keep({ heldBecause: 'reason' }) },
          },
          remindedAfter: 'reviewerAnswer',
        }),
        held: asking('ORD-03', 'review-order', the.review, {
          first: send('order', 'HoldOrder', the.hold),
          on: {
            ...askedAnew('held'),
            ReviewPassed: 'approving',
            ReviewHeld: { target: 'held', reenter: true, actions: keep({ heldBecause: 'reason' }) },
          },
          remindedAfter: 'reviewerAnswer',
        }),
        approving: {
          description: 'ORD-03',
          entry: send('order', 'ApproveOrder', orderNumberOnly),
          on: { OrderApproved: 'confirmingStock' },
        },
        confirmingStock: asking('ORD-04', 'confirm-stock', the.stock, {
          on: {
            ChangeClosed: { guard: otherLines, target: 'confirmingStock', reenter: true, actions: noteChange },
            StockConfirmed: 'releasing',
            StockArrivesLater: [
              {
                guard: withinWindow,
                target: 'awaitingArrival',
                actions: [keep('expectedAt', { missing: 'lines' }), tell('ORD-04', 'goods-arrive-later', the.arrival)],
              },
              unavailable,
            ],
            StockNotToBeHad: unavailable,
          },
          remindedAfter: 'purchasingAnswer',
        }),
        awaitingArrival: asking('ORD-04', 'confirm-arrival', the.arrival, {
          on: {
            ...afterChangeOfMissingLines('awaitingArrival'),
            StockArrived: 'releasing',
            StockNotToBeHad: unavailable,
          },
          remindedAfter: 'expectedArrival',
        }),
        offeringChoice: asking('ORD-04', 'choose-without-missing', the.missingLines, {
          on: {
            ...afterChangeOfMissingLines('offeringChoice'),
            LinesGivenUp: { target: 'cancellingLines', actions: set({ decidedBy: 'customer' }) },
            OrderGivenUp: { target: 'cancellingOrder', actions: set({ decidedBy: 'customer' }) },
          },
          after: { customerDecision: { target: 'cancellingLines', actions: set({ decidedBy: 'time' }) } },
          remindedAfter: 'customerReminder',
        }),
        cancellingLines: {
          description: 'ORD-04',
          entry: send('order', 'CancelOrder', the.missingGoods),
          on: {
            ...cancelledByOtherFlow,
            OrderLinesCancelled: [
              { guard: nothingGivenUp, target: 'releasing', actions: tell('ORD-13', 'lines-cancelled-before', the.missingLines) },
              {
                guard: givenUpHere,
                target: 'linesGivenUp',
                actions: [keep('refund', 'payments', 'parts', { givenUp: 'lines', lines: 'remaining' }), set({ missing: [] })],
              },
            ],
          },
        },
        cancellingOrder: { description: 'ORD-04', entry: send('order', 'CancelOrder', the.wholeOrder), on: cancelledByOtherFlow },
        linesGivenUp: { description: 'ORD-04', always: [{ guard: goodsOfReship, target: 'reshipReduced' }, { target: 'linesTold' }] },
        reshipReduced: { description: 'LOG-06', entry: informTeams('reship-reduced', the.reshipLines), always: 'releasing' },
        linesTold: {
          description: 'ORD-04',
          entry: [tell('ORD-04', 'lines-cancelled', the.cancelledLines), ...informTeams('lines-cancelled', the.cancelledLines)],
          always: [{ guard: refundOwed, target: 'filingRefund' }, { target: 'releasing' }],
        },
        filingRefund: filingState('releasing'),
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
          on: { ChangeClosed: { target: 'releasing', actions: noteChange } },
        },
        awaitingDispatch: {
          description: 'ORD-05',
          entry: send('logistics', 'PrepareShipment', the.parcel),
          initial: 'released',
          states: {
            released: { description: 'REF-03', always: [{ guard: refundRefused, target: 'settlingByHand' }, { target: 'waiting' }] },
            settlingByHand: settlingRefundByHand(the.refundToSettle, { target: 'waiting', actions: set({ refused: 0 }) }),
            waiting: { description: 'ORD-05' },
          },
        },
      },
    },
    cancelledHere: { description: 'ORD-13', always: [{ guard: ofReship, target: 'reshipCancelled' }, { target: 'wholeTold' }] },
    reshipCancelled: { description: 'LOG-06', entry: informTeams('reship-cancelled', originalCase), always: 'ending' },
    wholeTold: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'order-cancelled', the.cancelledOrder), ...informTeams('order-cancelled', the.cancelledOrder)],
      always: [{ guard: refundOwed, target: 'filingWholeRefund' }, { target: 'ending' }],
    },
    cancelledBefore: { description: 'ORD-13', always: [{ guard: ofReship, target: 'ending' }, { target: 'beforeTold' }] },
    beforeTold: { description: 'ORD-13', entry: tell('ORD-13', 'order-cancelled', the.earlierCancellation), always: 'ending' },
    filingWholeRefund: filingState('ending'),
    ending: refundsState('#fulfil-order.cancelled'),
    cancelled: end('ORD-13'),
    dispatching: {
      ...refundsState('#fulfil-order.dispatched'),
      description: 'ORD-08',
      tags: 'pivot',
      entry: [send('order', 'RecordDispatch', the.dispatch), tell('ORD-08', 'order-dispatched', the.dispatch)],
    },
    dispatched: end('ORD-08'),
  },
});

/** Review concern: the order is not fully paid. */
const notPaid = 'not-fully-paid';

function nothingAgainst({ concerns }: Fulfilment) {
  return concerns.length === 0;
}
function paidNow({ concerns }: Fulfilment, { outstanding }: FactOf<'CaptureRecorded'>) {
  return concerns.includes(notPaid) && outstanding === 0;
}
function withinWindow({ processedUntil }: Fulfilment, { expectedAt }: AnswerOf<'StockArrivesLater'>) {
  return expectedAt <= processedUntil;
}
function refundOwed({ refund }: Fulfilment) {
  return refund > 0;
}

function newConcerns(_: Fulfilment, { concerns = [] }: FactOf<'CaptureRecorded'>) {
  return concerns.length > 0;
}

function notePaid({ concerns }: Fulfilment, { outstanding, concerns: more = [] }: FactOf<'CaptureRecorded'>) {
  const left = outstanding === 0 ? withoutConcern(concerns, notPaid) : concerns;
  return { concerns: [...new Set([...left, ...more])] };
}
function noteDispatch(_: Fulfilment, { at, carrier, method, trackingNumber }: FactOf<'ParcelShipped'>) {
  return { dispatch: { at, carrier, method, trackingNumber } };
}
