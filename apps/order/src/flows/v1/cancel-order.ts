import { application, ask, change, flow, inform, number, offer, outcome, quantities, remind, send, tell } from './cancel-order.case.js';

/** As it was: it ended when its refund was filed, and told amounts of its own where another flow had cancelled the order. */
export const cancelOrderV1 = flow.chart({
  id: 'cancel-order',
  version: '1',
  initial: 'holding',
  states: {
    holding: {
      description: 'ORD-10',
      entry: [inform('reviewer', 'cancellation-requested', change), send('logistics', 'HoldShipment', number)],
      on: { ShipmentHeld: 'assessingLoss', HoldRefused: { target: 'refusing', actions: 'noteRefusal' } },
    },
    assessingLoss: {
      description: 'ORD-12',
      entry: ask('purchasing', 'loss-on-bought-goods', ({ orderNumber, lines, currency }) => ({ orderNumber, lines, currency })),
      on: {
        LossAssessed: [
          { guard: 'noLoss', target: 'settling' },
          { target: 'negotiating', actions: 'noteLoss' },
        ],
      },
      after: { purchasingAnswer: { actions: remind('purchasing') } },
    },
    negotiating: {
      description: 'ORD-12',
      entry: ask('customer', 'bear-loss', offer),
      on: {
        OfferAccepted: { target: 'settling', actions: 'noteAgreedLoss' },
        OfferDeclined: 'releasing',
        OtherOfferAsked: [{ guard: 'offersLeft', target: 'reoffering' }, { target: 'releasing' }],
      },
      after: { customerDecision: 'releasing' },
    },
    reoffering: {
      description: 'ORD-12',
      entry: ask('service', 'make-offer', offer),
      on: { OfferMade: { target: 'negotiating', actions: 'noteOffer' }, NoOtherOffer: 'releasing' },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    releasing: { description: 'ORD-12', entry: send('logistics', 'ReleaseHold', number), on: { HoldReleased: 'keeping' } },
    keeping: {
      description: 'ORD-12',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', (c) => ({ ...change(c), reason: 'no agreement on the loss' })),
      on: { CancellationRefused: 'kept' },
    },
    kept: { type: 'final', description: 'ORD-08', entry: tell('ORD-08', 'order-goes-on', number) },

    refusing: {
      description: 'ORD-11',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', (c) => ({ ...change(c), reason: c.refusal })),
      on: { CancellationRefused: 'refused' },
    },
    refused: { type: 'final', description: 'ORD-11', entry: tell('ORD-11', 'cancellation-too-late', number) },

    settling: { description: 'ORD-13', tags: 'pivot', always: [{ guard: 'whole', target: 'stopping' }, { target: 'amending' }] },
    stopping: { description: 'ORD-13', entry: send('logistics', 'CancelShipment', number), on: { ShipmentCancelled: 'cancelling' } },
    amending: { description: 'ORD-13', entry: send('logistics', 'AmendShipment', quantities), on: { ShipmentAmended: 'resuming' } },
    resuming: { description: 'ORD-13', entry: send('logistics', 'ReleaseHold', number), on: { HoldReleased: 'cancelling' } },
    cancelling: {
      description: 'ORD-13',
      tags: 'decided',
      entry: send('order', 'CancelOrder', change),
      on: {
        OrderCancelled: [
          { guard: 'nothingToRefund', target: 'cancelled' },
          { target: 'refunding', actions: 'noteRefund' },
        ],
        OrderLinesCancelled: [
          { guard: 'nothingToRefund', target: 'cancelled' },
          { target: 'refunding', actions: 'noteRefund' },
        ],
      },
    },
    refunding: {
      description: 'ORD-13',
      entry: send('refund', 'RequestRefund', application),
      on: { RefundRequested: 'cancelled', RefundApplicationRefused: { target: 'settlingByHand', actions: 'noteRefusal' } },
    },
    settlingByHand: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', (c) => ({
        orderNumber: c.orderNumber,
        amount: c.refund,
        currency: c.currency,
        reason: c.refusal,
      })),
      on: { RefundSettledByHand: 'cancelled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    cancelled: {
      type: 'final',
      description: 'ORD-13',
      entry: [
        tell('ORD-13', 'order-cancelled', outcome),
        ...(['reviewer', 'warehouse', 'purchasing'] as const).map((team) => inform(team, 'order-cancelled', outcome)),
      ],
    },
  },
});
