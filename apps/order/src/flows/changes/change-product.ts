import { type AnswerOf, defineFlow, end, type FactOf, filingRefund, notation, type On, settlingRefundByHand } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { policies } from '../../policies.js';
import { payingDifference } from '../difference.js';
import { holdState, informTeams, releaseState } from '../fragments.js';
import * as the from './product-change-messages.js';

type ProductChange = the.ProductChange;
const { asking, inform, keep, send, set, tell } = notation<ProductChange, { order: OrderCommand }>();

/** Ends of an undecided change: the goods are cancelled elsewhere, or the customer wants to cancel (ORD-14). */
const ended: On<ProductChange> = {
  OrderCancelled: { target: 'refusing', actions: set({ refusal: 'order-cancelled' }) },
  OrderLinesCancelled: { guard: fewerLeft, target: 'refusing', actions: set({ refusal: 'lines-cancelled' }) },
  CancellationQueued: { guard: behindThis, target: 'refusing', actions: set({ refusal: 'cancellation-requested' }) },
};
const givenUp = { target: 'refusing', actions: set({ refusal: 'given-up' }) };
const tryOther = { target: 'confirmingStock', actions: noteChosen };

/**
 * ORD-20..23 改产品: before it ships the order gets another product; a difference is paid before, or paid back. From the moment on that it is
 * agreed nothing of the old lines is picked.
 */
export const changeProduct = defineFlow<ProductChange>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: { ProductChangeRequested: the.startProductChange },
  listensTo: ['OrderCancelled', 'OrderLinesCancelled', 'CancellationQueued', 'CaptureRecorded'],
  withdraws: { OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled', CancellationQueued: 'superseded' },
}).chart({
  id: 'change-product',
  version: '1',
  initial: 'asked',
  states: {
    asked: { description: 'ORD-20', entry: inform('reviewer', 'product-change-requested', the.wantedProduct), always: 'holding' },
    holding: holdState('ORD-20', {
      ShipmentHeld: 'confirmingStock',
      HoldRefused: { target: 'closing', actions: keep({ refusal: 'reason' }) },
    }),
    confirmingStock: asking('ORD-20', 'confirm-product', the.stock, {
      on: {
        ...ended,
        ProductInStock: [{ guard: dearer, target: 'requestingDifference' }, { target: 'changing' }],
        ProductOutOfStock: [
          { guard: othersLeft, target: 'recommending' },
          { target: 'refusing', actions: set({ refusal: 'out-of-stock' }) },
        ],
      },
      remindedAfter: 'purchasingAnswer',
    }),
    recommending: asking('ORD-21', 'choose-other-product', the.recommended, {
      on: { ...ended, OtherProductChosen: tryOther, ChangeGivenUp: givenUp },
      after: { customerDecision: { target: 'refusing', actions: set({ refusal: 'no-answer' }) } },
      remindedAfter: 'customerReminder',
    }),
    ...payingDifference<ProductChange>('ORD-22', {
      request: the.differenceToPay,
      again: the.unpaidDifference,
      paid: 'changing',
      other: tryOther,
      kept: 'refusing',
      on: ended,
    }),

    changing: {
      description: 'ORD-23',
      entry: send('order', 'ReplaceOrderLines', the.replacement),
      on: {
        OrderLinesReplaced: {
          target: 'amending',
          actions: keep('removed', 'added', 'difference', 'refund', 'payments', 'promisedDispatchBy'),
        },
        ProductChangeRefused: { target: 'refusing', actions: keep({ refusal: 'reason' }) },
      },
    },
    amending: {
      description: 'ORD-23',
      tags: 'pivot',
      entry: send('logistics', 'AmendShipment', the.amendment),
      on: { ShipmentAmended: 'closingChanged' },
    },
    closingChanged: {
      description: 'ORD-23',
      tags: 'decided',
      entry: send('order', 'CloseProductChange', the.changeDone),
      on: { ProductChangeClosed: 'resuming' },
    },
    resuming: releaseState('ORD-23', 'told'),
    told: {
      description: 'ORD-23',
      entry: [tell('ORD-23', 'product-changed', the.changedGoods), ...informTeams('product-changed', the.changedGoods)],
      always: [{ guard: refundOwed, target: 'refunding' }, { target: 'changed' }],
    },
    refunding: filingRefund('ORD-22', the.application, {
      filed: { target: 'awaitingRefund', actions: keep('refundId') },
      refused: 'settlingByHand',
    }),
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: paidBack, target: 'refunded' },
          { guard: ourRefund, target: 'changed' },
        ],
      },
    },
    settlingByHand: settlingRefundByHand(the.refundToSettle, 'changed'),
    refunded: end('ORD-22', tell('ORD-22', 'difference-refunded', the.refunded)),
    changed: end('ORD-23'),

    refusing: {
      description: 'ORD-22',
      tags: 'decided',
      entry: send('order', 'CloseProductChange', the.changeRefused),
      on: { ProductChangeClosed: 'releasing' },
    },
    releasing: releaseState('ORD-22', 'kept'),
    kept: end('ORD-08', tell('ORD-22', 'product-kept', the.keptOrder)),

    closing: {
      description: 'ORD-20',
      tags: 'decided',
      entry: send('order', 'CloseProductChange', the.changeRefused),
      on: { ProductChangeClosed: 'offeringSecondOrder' },
    },
    offeringSecondOrder: asking('ORD-20', 'offer-second-order', the.secondOrder, {
      first: tell('ORD-20', 'product-change-too-late', the.keptOrder),
      on: { SecondOrderOffered: { target: 'offered', actions: keep('detail', { offer: 'goodwill' }) }, NoSecondOrder: 'tooLate' },
      remindedAfter: 'serviceAnswer',
    }),
    offered: end('ORD-20', tell('ORD-20', 'second-order-offered', the.offer)),
    tooLate: end('ORD-20'),
  },
});

function dearer({ difference }: ProductChange) {
  return difference > 0;
}
function othersLeft({ similar }: ProductChange) {
  return similar.length > 0;
}
function fewerLeft({ line }: ProductChange, { remaining }: FactOf<'OrderLinesCancelled'>) {
  return (remaining.find((left) => left.line === line.line)?.quantity ?? 0) < line.quantity;
}
function behindThis({ changeId }: ProductChange, { behind }: FactOf<'CancellationQueued'>) {
  return behind === changeId;
}
function refundOwed({ refund }: ProductChange) {
  return refund > 0;
}
function ourRefund({ refundId }: ProductChange, input: FactOf<'RefundApplicationSettled'>) {
  return input.refundId === refundId;
}
function paidBack(c: ProductChange, input: FactOf<'RefundApplicationSettled'>) {
  return ourRefund(c, input) && input.paid > 0;
}

/** The product that was chosen is tried; the others stay to be recommended. */
function noteChosen(c: ProductChange, { sku }: AnswerOf<'OtherProductChosen'>) {
  const chosen = c.similar.find((product) => product.sku === sku);
  if (!chosen) return {};
  return { ...the.tryProduct(c, chosen, c.tried + 1), similar: c.similar.filter((product) => product.sku !== chosen.sku) };
}
