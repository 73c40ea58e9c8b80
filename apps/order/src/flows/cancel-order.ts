import { application, ask, byHand, change, flow, goesOn, goods, inform, linesOutcome, number, offer } from './cancel-order.case.js';
import { outcome, quantities, refusal, remind, send, tell, tooLate } from './cancel-order.case.js';

/** Another flow has cancelled the order: what is asked here is over, and what it decided is said here too. */
const cancelledElsewhere = { OrderCancelled: { guard: 'byAnother', target: 'stopping', actions: 'noteDecided' } } as const;
/** It has cancelled some of it: what is still there is assessed anew. */
const lessElsewhere = {
  OrderLinesCancelled: [
    { guard: 'noneLeft', target: 'resuming', actions: 'noteRemaining' },
    { guard: 'lessLeft', target: 'assessingLoss', reenter: true, actions: 'noteRemaining' },
  ],
} as const;
const cancelledBefore = { guard: 'cancelledBefore', target: 'cancelledWhole', actions: 'noteDecided' } as const;
const informed = (notice: string, about: typeof outcome) =>
  (['reviewer', 'warehouse', 'purchasing'] as const).map((team) => inform(team, notice, about));
const refundOrEnd = [{ guard: 'refundOwed', target: 'refunding' } as const, { target: 'cancelled' } as const];

/** ORD-10..14 取消订单: a paid order is cancelled before it ships; a loss on goods already bought is settled first. */
export const cancelOrder = flow.chart({
  id: 'cancel-order',
  version: '2',
  initial: 'asked',
  states: {
    asked: {
      description: 'ORD-14',
      entry: inform('reviewer', 'cancellation-requested', change),
      always: [{ guard: 'nothingLeft', target: 'cancelling' }, { target: 'holding' }],
    },
    holding: {
      description: 'ORD-10',
      entry: send('logistics', 'HoldShipment', number),
      on: {
        OrderLinesCancelled: { guard: 'lessLeft', actions: 'noteRemaining' },
        ShipmentHeld: [{ guard: 'nothingLeft', target: 'resuming' }, { target: 'assessingLoss' }],
        HoldRefused: { target: 'refusing', actions: 'noteRefusal' },
      },
    },
    assessingLoss: {
      description: 'ORD-12',
      entry: ask('purchasing', 'loss-on-bought-goods', goods),
      on: {
        ...cancelledElsewhere,
        ...lessElsewhere,
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
        ...cancelledElsewhere,
        ...lessElsewhere,
        OfferAccepted: { target: 'settling', actions: 'noteAgreedLoss' },
        OfferDeclined: { target: 'releasing', actions: 'noteDeclined' },
        OtherOfferAsked: [
          { guard: 'offersLeft', target: 'reoffering' },
          { target: 'releasing', actions: 'noteNoOffer' },
        ],
      },
      after: { customerDecision: { target: 'releasing', actions: 'noteNoAnswer' }, customerReminder: { actions: remind('customer') } },
    },
    reoffering: {
      description: 'ORD-12',
      entry: ask('service', 'make-offer', offer),
      on: {
        ...cancelledElsewhere,
        ...lessElsewhere,
        OfferMade: { target: 'negotiating', actions: 'noteOffer' },
        NoOtherOffer: { target: 'releasing', actions: 'noteNoOffer' },
      },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    releasing: { description: 'ORD-12', entry: send('logistics', 'ReleaseHold', number), on: { HoldReleased: 'keeping' } },
    keeping: {
      description: 'ORD-12',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', refusal('no agreement on the loss')),
      on: { CancellationRefused: [cancelledBefore, { target: 'kept' }] },
    },
    kept: { type: 'final', description: 'ORD-08', entry: tell('ORD-08', 'order-goes-on', goesOn) },

    refusing: {
      description: 'ORD-11',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', refusal()),
      on: { CancellationRefused: [cancelledBefore, { target: 'refused' }] },
    },
    refused: { type: 'final', description: 'ORD-11', entry: tell('ORD-11', 'cancellation-too-late', tooLate) },

    settling: { description: 'ORD-13', tags: 'pivot', always: [{ guard: 'whole', target: 'stopping' }, { target: 'amending' }] },
    stopping: { description: 'ORD-13', entry: send('logistics', 'CancelShipment', number), on: { ShipmentCancelled: 'cancelling' } },
    amending: { description: 'ORD-13', entry: send('logistics', 'AmendShipment', quantities), on: { ShipmentAmended: 'resuming' } },
    resuming: { description: 'ORD-13', entry: send('logistics', 'ReleaseHold', number), on: { HoldReleased: 'cancelling' } },
    cancelling: {
      description: 'ORD-13',
      tags: 'decided',
      entry: send('order', 'CancelOrder', change),
      on: {
        OrderCancelled: { guard: 'ours', target: 'cancelledWhole', actions: 'noteCancelled' },
        OrderLinesCancelled: [
          { guard: 'noneCancelled', target: 'nothingLeft' },
          { guard: 'ours', target: 'cancelledLines', actions: 'noteLinesCancelled' },
        ],
      },
    },
    cancelledWhole: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'order-cancelled', outcome), ...informed('order-cancelled', outcome)],
      always: refundOrEnd,
    },
    cancelledLines: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'lines-cancelled', linesOutcome), ...informed('lines-cancelled', linesOutcome)],
      always: refundOrEnd,
    },
    refunding: {
      description: 'ORD-13',
      entry: send('refund', 'RequestRefund', application),
      on: {
        RefundRequested: { target: 'awaitingRefund', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'settlingByHand', actions: 'noteRefusal' },
      },
    },
    awaitingRefund: {
      description: 'REF-05',
      on: { RefundApplicationSettled: { guard: 'ourRefund', target: 'cancelled' } },
    },
    settlingByHand: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', byHand),
      on: { RefundSettledByHand: 'cancelled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    cancelled: { type: 'final', description: 'ORD-13' },
    nothingLeft: { type: 'final', description: 'ORD-13', entry: tell('ORD-13', 'lines-cancelled-before', quantities) },
  },
});
