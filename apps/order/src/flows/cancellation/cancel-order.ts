import {
  type AnswerOf,
  defineFlow,
  end,
  type FactOf,
  filingRefund,
  notation,
  type On,
  settlingRefundByHand,
  type Transition,
} from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { hasGoods, type Line } from '../../order-details.js';
import { maxOffers, policies } from '../../policies.js';
import * as the from './cancellation-messages.js';
import { holdState, informTeams, orderNumberOnly, originalCase, ofReship, releaseState } from '../fragments.js';

type Cancellation = the.Cancellation;
const { asking, inform, keep, send, set, tell } = notation<Cancellation, { order: OrderCommand }>();

/** Another flow has cancelled the order, or some of it: what is left is assessed anew. */
const cancelledByOtherFlow: On<Cancellation> = {
  OrderCancelled: { guard: byAnother, target: 'stopping', actions: noteDecided },
  OrderLinesCancelled: [
    { guard: othersCancelledAll, target: 'resuming', actions: noteRemaining },
    { guard: othersCancelledSome, target: 'assessingLoss', reenter: true, actions: noteRemaining },
  ],
};
const wasCancelledBefore: Transition<Cancellation, FactOf<'CancellationRefused'>> = {
  guard: cancelledBefore,
  target: 'cancelledWhole',
  actions: keep('decided'),
};

/**
 * ORD-10..14 取消订单: a paid order is cancelled before it ships; a loss on goods already bought is settled first. What the goods of a re-ship
 * are worth is said by the case that it was sent for, and by nobody else (LOG-06).
 */
export const cancelOrder = defineFlow<Cancellation>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: { CancellationRequested: the.startCancellation },
  withdraws: { OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled' },
  listensTo: ['OrderCancelled', 'OrderLinesCancelled'],
}).chart({
  id: 'cancel-order',
  version: '2',
  initial: 'asked',
  states: {
    asked: {
      description: 'ORD-14',
      entry: inform('reviewer', 'cancellation-requested', the.change),
      always: [{ guard: nothingLeft, target: 'cancelling' }, { target: 'holding' }],
    },
    holding: holdState('ORD-10', {
      OrderLinesCancelled: { guard: othersCancelledSome, actions: noteRemaining },
      ShipmentHeld: [{ guard: nothingLeft, target: 'resuming' }, { target: 'assessingLoss' }],
      HoldRefused: { target: 'refusing', actions: keep({ refusal: 'reason' }) },
    }),
    assessingLoss: asking('ORD-12', 'loss-on-bought-goods', the.goods, {
      on: {
        ...cancelledByOtherFlow,
        LossAssessed: [
          { guard: noLoss, target: 'settling' },
          { target: 'negotiating', actions: keep('loss') },
        ],
      },
      remindedAfter: 'purchasingAnswer',
    }),
    negotiating: asking('ORD-12', 'bear-loss', the.offer, {
      on: {
        ...cancelledByOtherFlow,
        OfferAccepted: { target: 'settling', actions: noteAgreedLoss },
        OfferDeclined: { target: 'releasing', actions: set({ refusal: 'offer-declined' }) },
        OtherOfferAsked: [
          { guard: offersLeft, target: 'reoffering' },
          { target: 'releasing', actions: set({ refusal: 'no-other-offer' }) },
        ],
      },
      after: { customerDecision: { target: 'releasing', actions: set({ refusal: 'no-answer' }) } },
      remindedAfter: 'customerReminder',
    }),
    reoffering: asking('ORD-12', 'make-offer', the.offer, {
      on: {
        ...cancelledByOtherFlow,
        OfferMade: { target: 'negotiating', actions: noteOffer },
        NoOtherOffer: { target: 'releasing', actions: set({ refusal: 'no-other-offer' }) },
      },
      remindedAfter: 'serviceAnswer',
    }),
    releasing: releaseState('ORD-12', 'keeping'),
    keeping: {
      description: 'ORD-12',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', the.refusalWithoutAgreement),
      on: { CancellationRefused: [wasCancelledBefore, { target: 'kept' }] },
    },
    kept: end('ORD-08', tell('ORD-08', 'order-goes-on', the.continuation)),

    refusing: {
      description: 'ORD-11',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', the.refusalWithoutHold),
      on: { CancellationRefused: [wasCancelledBefore, { target: 'refused' }] },
    },
    refused: end('ORD-11', tell('ORD-11', 'cancellation-too-late', the.lateRefusal)),

    settling: { description: 'ORD-13', tags: 'pivot', always: [{ guard: whole, target: 'stopping' }, { target: 'amending' }] },
    stopping: {
      description: 'ORD-13',
      entry: send('logistics', 'CancelShipment', orderNumberOnly),
      on: { ShipmentCancelled: 'cancelling' },
    },
    amending: { description: 'ORD-13', entry: send('logistics', 'AmendShipment', the.quantities), on: { ShipmentAmended: 'resuming' } },
    resuming: releaseState('ORD-13', 'cancelling'),
    cancelling: {
      description: 'ORD-13',
      tags: 'decided',
      entry: send('order', 'CancelOrder', the.change),
      on: {
        OrderCancelled: { guard: ours, target: 'cancelledWhole', actions: noteCancelled },
        OrderLinesCancelled: [
          { guard: cancelledNothing, target: 'nothingLeft' },
          { guard: ours, target: 'cancelledLines', actions: keep('refund', 'payments', 'parts', { cancelled: 'lines' }) },
        ],
      },
    },
    cancelledWhole: { description: 'ORD-13', always: [{ guard: ofReship, target: 'reshipCancelled' }, { target: 'wholeTold' }] },
    cancelledLines: { description: 'ORD-13', always: [{ guard: goodsOfReship, target: 'reshipReduced' }, { target: 'linesTold' }] },
    reshipCancelled: end('LOG-06', ...informTeams('reship-cancelled', originalCase)),
    reshipReduced: end('LOG-06', ...informTeams('reship-reduced', the.reshipLines)),
    wholeTold: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'order-cancelled', the.outcome), ...informTeams('order-cancelled', the.outcome)],
      always: [{ guard: refundOwed, target: 'refunding' }, { target: 'cancelled' }],
    },
    linesTold: {
      description: 'ORD-13',
      entry: [tell('ORD-13', 'lines-cancelled', the.linesOutcome), ...informTeams('lines-cancelled', the.linesOutcome)],
      always: [{ guard: refundOwed, target: 'refunding' }, { target: 'cancelled' }],
    },
    refunding: filingRefund('ORD-13', the.application, {
      filed: { target: 'awaitingRefund', actions: keep('refundId') },
      refused: 'settlingByHand',
    }),
    awaitingRefund: { description: 'REF-05', on: { RefundApplicationSettled: { guard: ourRefund, target: 'cancelled' } } },
    settlingByHand: settlingRefundByHand(the.refundToSettle, 'cancelled'),
    cancelled: end('ORD-13'),
    nothingLeft: end('ORD-13', tell('ORD-13', 'lines-cancelled-before', the.quantities)),
  },
});

function nothingLeft({ lines }: Cancellation) {
  return lines.length === 0;
}
/** A customer who has paid nothing cannot bear a loss. */
function noLoss({ paid }: Cancellation, { loss }: AnswerOf<'LossAssessed'>) {
  return paid === 0 || loss === 0;
}
function offersLeft({ offers, offersAtMost = maxOffers }: Cancellation) {
  return offers < offersAtMost;
}
function whole(c: Cancellation) {
  return c.whole;
}
function ours({ changeId }: Cancellation, input: { readonly changeId: string }) {
  return input.changeId === changeId;
}
function byAnother(c: Cancellation, input: FactOf<'OrderCancelled'>) {
  return !ours(c, input);
}
function othersCancelledAll(c: Cancellation, input: FactOf<'OrderLinesCancelled'>) {
  return !ours(c, input) && stillThere(c, input).length === 0;
}
function othersCancelledSome(c: Cancellation, input: FactOf<'OrderLinesCancelled'>) {
  return !ours(c, input) && units(stillThere(c, input)) < units(c.lines);
}
function cancelledNothing(c: Cancellation, input: FactOf<'OrderLinesCancelled'>) {
  return ours(c, input) && input.lines.length === 0;
}
function cancelledBefore(_: Cancellation, { decided }: FactOf<'CancellationRefused'>) {
  return decided !== undefined;
}
function goodsOfReship({ reship, cancelled }: Cancellation) {
  return reship !== undefined && hasGoods(reship, cancelled);
}
function refundOwed({ refund }: Cancellation) {
  return refund > 0;
}
function ourRefund({ refundId }: Cancellation, input: FactOf<'RefundApplicationSettled'>) {
  return input.refundId === refundId;
}

function noteRemaining(c: Cancellation, input: FactOf<'OrderLinesCancelled'>) {
  const lines = stillThere(c, input);
  // the most of it that can be put to the customer; what is paid back is the order's to say
  const paid = value(c.lines) > 0 ? Math.floor((c.paid * value(lines)) / value(c.lines)) : c.paid;
  return { lines, paid };
}
function noteOffer({ offers }: Cancellation, { loss }: AnswerOf<'OfferMade'>) {
  return { loss, offers: offers + 1 };
}
function noteAgreedLoss({ loss, paid }: Cancellation) {
  return { agreedLoss: Math.min(loss, paid) };
}
function noteCancelled(_: Cancellation, { refund, payments, parts, decided }: FactOf<'OrderCancelled'>) {
  return decided ? { decided } : { refund, payments, parts };
}
function noteDecided(_: Cancellation, { changeId, refund, agreedLoss, reason }: FactOf<'OrderCancelled'>) {
  return { decided: { changeId, refund, agreedLoss, reason } };
}

/** Of the goods that shall be cancelled, those that are left. */
function stillThere({ lines }: Cancellation, { remaining }: FactOf<'OrderLinesCancelled'>): readonly Line[] {
  return lines
    .map((l) => ({ ...l, quantity: Math.min(l.quantity, remaining.find(({ line }) => line === l.line)?.quantity ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
function units(lines: readonly Line[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
function value(lines: readonly Line[]): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}
