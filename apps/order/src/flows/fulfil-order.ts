import { effects, flowOf, only } from '@orderloom/flows';
import type { Address, Line, Payment } from '../placed.js';
import { policies } from '../policies.js';

interface Fulfilment {
  orderNumber: string;
  lines: readonly Line[];
  address: Address;
  currency: string;
  payment: Payment;
  concerns: readonly string[];
  notes?: string;
  promisedDispatchBy: string;
  processedUntil: string;
  /** Numbers of the lines that are missing, and when purchasing expects them. */
  missing: readonly number[];
  heldBecause: string;
  expectedAt: string;
  refund: number;
  dispatch: { at: string; carrier: string; method: string; trackingNumber: string | null };
}

type Input =
  | { type: 'ReviewPassed' | 'OrderApproved' | 'StockConfirmed' | 'StockArrived' | 'LinesGivenUp' | 'OrderGivenUp' | 'ReleaseDeferred' }
  | { type: 'ReviewHeld'; reason: string }
  | { type: 'StockArrivesLater'; lines: number[]; expectedAt: string }
  | { type: 'StockNotToBeHad'; lines: number[] }
  | { type: 'OrderReleased'; lines: Line[]; address: Address }
  | { type: 'OrderCancelled' | 'OrderLinesCancelled'; changeId: string; refund: number }
  | { type: 'CancellationRefused' | 'AddressChanged' | 'AddressChangeRefused' | 'RefundRequested' | 'RefundApplicationRefused' }
  | { type: 'ParcelShipped'; at: string; carrier: string; method: string; trackingNumber: string | null };

const { ask, inform, remind, send, tell } = effects<Fulfilment>();
const number = ({ orderNumber }: Fulfilment) => ({ orderNumber });
const promise = ({ orderNumber, promisedDispatchBy }: Fulfilment) => ({ orderNumber, promisedDispatchBy });
const goods = ({ orderNumber, lines }: Fulfilment) => ({ orderNumber, lines });
const review = (c: Fulfilment) => ({ ...goods(c), address: c.address, concerns: c.concerns, notes: c.notes });
const missing = (c: Fulfilment) => ({ orderNumber: c.orderNumber, lines: c.missing });
const giveUp = (whole: boolean) => (c: Fulfilment) => ({
  ...{ orderNumber: c.orderNumber, changeId: 'not-to-be-had', whole, reason: 'not to be had', agreedLoss: 0 },
  lines: c.lines.filter((l) => c.missing.includes(l.line)).map(({ line, quantity }) => ({ line, quantity })),
});
const application = ({ orderNumber, refund, currency, payment }: Fulfilment) => ({
  ...{ orderNumber, cause: 'not-to-be-had', amount: refund, currency, payment },
  parts: [{ kind: 'goods', amount: refund }],
});

const flow = flowOf<Fulfilment, Input>()({
  service: 'order',
  policies,
  startedBy: {
    OrderPlaced: ({ orderNumber, lines, address, currency, payment, concerns, notes, promisedDispatchBy, processedUntil }: Fulfilment) => ({
      ...{ orderNumber, lines, address, currency, payment, concerns, notes, promisedDispatchBy, processedUntil },
      ...{ heldBecause: '', missing: [], expectedAt: '', refund: 0, dispatch: { at: '', carrier: '', method: '', trackingNumber: null } },
    }),
  },
  listensTo: ['OrderApproved', 'OrderReleased', 'ReleaseDeferred', 'OrderCancelled', 'OrderLinesCancelled', 'CancellationRefused', 'AddressChanged', 'AddressChangeRefused', 'ParcelShipped'],
  guards: {
    nothingAgainst: ({ concerns }) => concerns.length === 0,
    withinWindow: ({ processedUntil }, input) => only(input, 'StockArrivesLater').expectedAt <= processedUntil,
    givenUpHere: (_, input) => only(input, 'OrderCancelled', 'OrderLinesCancelled').changeId === 'not-to-be-had',
    nothingToRefund: ({ refund }) => refund === 0,
  },
  notes: {
    noteHeld: (_, input) => ({ heldBecause: only(input, 'ReviewHeld').reason }),
    noteArrival: (_, input) => ({ missing: only(input, 'StockArrivesLater').lines, expectedAt: only(input, 'StockArrivesLater').expectedAt }),
    noteMissing: (_, input) => ({ missing: only(input, 'StockNotToBeHad', 'StockArrivesLater').lines }),
    noteRefund: (_, input) => ({ refund: only(input, 'OrderCancelled', 'OrderLinesCancelled').refund }),
    noteReleased: (_, input) => ({ lines: only(input, 'OrderReleased').lines, address: only(input, 'OrderReleased').address }),
    noteDispatch: (_, input) => {
      const { at, carrier, method, trackingNumber } = only(input, 'ParcelShipped');
      return { dispatch: { at, carrier, method, trackingNumber } };
    },
  },
});

/** ORD-03..05 审单, 采购确认, 发货: an order is reviewed, confirmed by purchasing line by line, released, and dispatched as promised. */
export const fulfilOrder = flow.chart({
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
        OrderCancelled: [{ guard: 'givenUpHere', target: 'refunding', actions: 'noteRefund' }, { target: 'cancelled' }],
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
          entry: [send('order', 'HoldOrder', (c) => ({ ...number(c), reason: c.heldBecause })), ask('reviewer', 'review-order', review)],
          on: { ReviewPassed: 'approving' },
          after: { reviewerAnswer: { actions: remind('reviewer') } },
        },
        approving: { description: 'ORD-03', entry: send('order', 'ApproveOrder', number), on: { OrderApproved: 'confirmingStock' } },
        confirmingStock: {
          description: 'ORD-04',
          entry: ask('purchasing', 'confirm-stock', (c) => ({ ...goods(c), promisedDispatchBy: c.promisedDispatchBy })),
          on: {
            StockConfirmed: 'releasing',
            StockArrivesLater: [{ guard: 'withinWindow', target: 'awaitingArrival', actions: 'noteArrival' }, { target: 'offeringChoice', actions: 'noteMissing' }],
            StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' },
          },
          after: { purchasingAnswer: { actions: remind('purchasing') } },
        },
        awaitingArrival: {
          description: 'ORD-04',
          entry: [tell('ORD-04', 'goods-arrive-later', (c) => ({ ...missing(c), expectedAt: c.expectedAt })), ask('purchasing', 'confirm-arrival', (c) => ({ ...missing(c), expectedAt: c.expectedAt }))],
          on: { StockArrived: 'releasing', StockNotToBeHad: { target: 'offeringChoice', actions: 'noteMissing' } },
          after: { expectedArrival: { actions: remind('purchasing') } },
        },
        offeringChoice: {
          description: 'ORD-04',
          entry: ask('customer', 'choose-without-missing', missing),
          on: { LinesGivenUp: 'cancellingLines', OrderGivenUp: 'cancellingOrder' },
          after: { customerDecision: 'cancellingLines' },
        },
        cancellingLines: { description: 'ORD-04', entry: send('order', 'CancelOrder', giveUp(false)), on: { OrderLinesCancelled: { guard: 'givenUpHere', target: 'refundingLines', actions: 'noteRefund' } } },
        cancellingOrder: { description: 'ORD-04', entry: send('order', 'CancelOrder', giveUp(true)) },
        refundingLines: { description: 'ORD-04', always: [{ guard: 'nothingToRefund', target: 'releasing' }, { target: 'filingRefund' }] },
        filingRefund: { description: 'REF-01', entry: send('refund', 'RequestRefund', application), on: { RefundRequested: 'releasing', RefundApplicationRefused: { target: 'releasing', actions: inform('supervisor', 'refund-refused', number) } } },
        releasing: { description: 'ORD-03', entry: send('order', 'ReleaseOrder', number), on: { OrderReleased: { target: 'awaitingDispatch', actions: 'noteReleased' }, ReleaseDeferred: 'awaitingChange' } },
        awaitingChange: { description: 'ORD-03', on: { CancellationRefused: 'releasing', OrderLinesCancelled: 'releasing', AddressChanged: 'releasing', AddressChangeRefused: 'releasing' } },
        awaitingDispatch: { description: 'ORD-05', tags: 'pivot', entry: send('logistics', 'PrepareShipment', (c) => ({ ...goods(c), address: c.address })) },
      },
    },
    refunding: { description: 'ORD-04', always: [{ guard: 'nothingToRefund', target: 'cancelled' }, { target: 'filingWholeRefund' }] },
    filingWholeRefund: { description: 'REF-01', entry: send('refund', 'RequestRefund', application), on: { RefundRequested: 'cancelled', RefundApplicationRefused: { target: 'cancelled', actions: inform('supervisor', 'refund-refused', number) } } },
    cancelled: { type: 'final', description: 'ORD-13' },
    dispatched: { type: 'final', description: 'ORD-08', entry: [send('order', 'RecordDispatch', (c) => ({ ...number(c), ...c.dispatch })), tell('ORD-08', 'order-dispatched', (c) => ({ ...number(c), ...c.dispatch }))] },
  },
});
