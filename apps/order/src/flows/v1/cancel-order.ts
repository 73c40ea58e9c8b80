import {
  type AnswerOf,
  type CommandOf,
  defineFlow,
  end,
  type FactOf,
  filingRefund,
  notation,
  settlingRefundByHand,
  starts,
} from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import type { RefundPart } from '../../order-details.js';
import { maxOffers, policies } from '../../policies.js';
import { informTeams, orderNumberOnly, releaseState } from '../fragments.js';

interface Cancellation extends FactOf<'CancellationRequested'> {
  /** The loss that purchasing finds; the part that the customer agreed to bear. */
  readonly loss: number;
  readonly agreedLoss: number;
  readonly offers: number;
  readonly refund: number;
  readonly parts?: readonly RefundPart[];
  readonly refusal: string;
}

const { ask, inform, keep, remind, send, tell } = notation<Cancellation, { order: OrderCommand }>();

/** As it was: it ended when its refund was filed, and told amounts of its own where another flow had cancelled the order. */
export const cancelOrderV1 = defineFlow<Cancellation>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: { CancellationRequested: starts({ loss: 0, agreedLoss: 0, offers: 1, refund: 0, refusal: '' }) },
}).chart({
  id: 'cancel-order',
  version: '1',
  initial: 'holding',
  states: {
    holding: {
      description: 'ORD-10',
      entry: [inform('reviewer', 'cancellation-requested', change), send('logistics', 'HoldShipment', orderNumberOnly)],
      on: { ShipmentHeld: 'assessingLoss', HoldRefused: { target: 'refusing', actions: keep({ refusal: 'reason' }) } },
    },
    assessingLoss: {
      description: 'ORD-12',
      entry: ask('loss-on-bought-goods', ({ orderNumber, lines, currency }) => ({ orderNumber, lines, currency })),
      on: {
        LossAssessed: [
          { guard: noLoss, target: 'settling' },
          { target: 'negotiating', actions: keep('loss') },
        ],
      },
      after: { purchasingAnswer: { actions: remind('purchasing') } },
    },
    negotiating: {
      description: 'ORD-12',
      entry: ask('bear-loss', offer),
      on: {
        OfferAccepted: { target: 'settling', actions: noteAgreedLoss },
        OfferDeclined: 'releasing',
        OtherOfferAsked: [{ guard: offersLeft, target: 'reoffering' }, { target: 'releasing' }],
      },
      after: { customerDecision: 'releasing' },
    },
    reoffering: {
      description: 'ORD-12',
      entry: ask('make-offer', offer),
      on: { OfferMade: { target: 'negotiating', actions: noteOffer }, NoOtherOffer: 'releasing' },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    releasing: releaseState('ORD-12', 'keeping'),
    keeping: {
      description: 'ORD-12',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', (c) => ({ ...change(c), reason: 'no agreement on the loss' })),
      on: { CancellationRefused: 'kept' },
    },
    kept: end('ORD-08', tell('ORD-08', 'order-goes-on', orderNumberOnly)),

    refusing: {
      description: 'ORD-11',
      tags: 'decided',
      entry: send('order', 'RefuseCancellation', (c) => ({ ...change(c), reason: c.refusal })),
      on: { CancellationRefused: 'refused' },
    },
    refused: end('ORD-11', tell('ORD-11', 'cancellation-too-late', orderNumberOnly)),

    settling: { description: 'ORD-13', tags: 'pivot', always: [{ guard: whole, target: 'stopping' }, { target: 'amending' }] },
    stopping: {
      description: 'ORD-13',
      entry: send('logistics', 'CancelShipment', orderNumberOnly),
      on: { ShipmentCancelled: 'cancelling' },
    },
    amending: { description: 'ORD-13', entry: send('logistics', 'AmendShipment', quantities), on: { ShipmentAmended: 'resuming' } },
    resuming: releaseState('ORD-13', 'cancelling'),
    cancelling: {
      description: 'ORD-13',
      tags: 'decided',
      entry: send('order', 'CancelOrder', change),
      on: {
        OrderCancelled: [
          { guard: nothingToRefund, target: 'cancelled' },
          { target: 'refunding', actions: keep('refund', 'parts') },
        ],
        OrderLinesCancelled: [
          { guard: nothingToRefund, target: 'cancelled' },
          { target: 'refunding', actions: keep('refund', 'parts') },
        ],
      },
    },
    refunding: filingRefund('ORD-13', application, { filed: 'cancelled', refused: 'settlingByHand' }),
    settlingByHand: settlingRefundByHand(refusedRefund, 'cancelled'),
    cancelled: end('ORD-13', tell('ORD-13', 'order-cancelled', outcome), ...informTeams('order-cancelled', outcome)),
  },
});

function quantities({ orderNumber, lines }: Cancellation) {
  return { orderNumber, lines: lines.map(({ line, quantity }) => ({ line, quantity })) };
}
function change(c: Cancellation) {
  return { ...quantities(c), changeId: c.changeId, whole: c.whole, reason: c.reason, agreedLoss: c.agreedLoss };
}
function offer({ orderNumber, loss, paid, currency, offers }: Cancellation) {
  return { orderNumber, loss: Math.min(loss, paid), currency, offers };
}
function application(c: Cancellation): CommandOf<'refund', 'RequestRefund'> {
  return {
    orderNumber: c.orderNumber,
    cause: 'cancelled',
    declaredReason: c.reason,
    filedBy: c.requestedBy,
    amount: c.refund,
    currency: c.currency,
    payment: c.payment,
    parts: c.parts ?? [{ kind: 'goods', amount: c.refund }],
  };
}
function refusedRefund({ orderNumber, refund: amount, currency, refusal: reason }: Cancellation) {
  return { orderNumber, amount, currency, reason };
}
function outcome({ orderNumber, refund, agreedLoss, currency }: Cancellation) {
  return { orderNumber, refund, agreedLoss, currency };
}

/** A customer who has paid nothing cannot bear a loss. */
function noLoss({ paid }: Cancellation, { loss }: AnswerOf<'LossAssessed'>) {
  return paid === 0 || loss === 0;
}
function offersLeft({ offers }: Cancellation) {
  return offers < maxOffers;
}
function whole(c: Cancellation) {
  return c.whole;
}
function nothingToRefund(_: Cancellation, { refund }: { readonly refund: number }) {
  return refund === 0;
}

function noteOffer({ offers }: Cancellation, { loss }: AnswerOf<'OfferMade'>) {
  return { loss, offers: offers + 1 };
}
function noteAgreedLoss({ loss, paid }: Cancellation) {
  return { agreedLoss: Math.min(loss, paid) };
}
