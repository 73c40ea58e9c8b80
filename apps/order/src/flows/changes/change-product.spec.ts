import { givenFlow } from '@orderloom/flows';
import { orderNumber, placed } from '../../order.fixture.js';
import { changeProduct } from './change-product.js';

const { lines, payment, currency } = placed;
const [line, other] = lines;
const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const A = { sku: 'A', description: 'LANTERN A', unitPrice: 100 };
const B = { sku: 'B', description: 'LANTERN B', unitPrice: 130 };
const asking = {
  ...{ type: 'ProductChangeRequested', orderNumber, changeId: 'change-1', line, wanted: A, similar: [B], currency, payment },
  promisedDispatchBy,
};
const later = '2010-12-06T09:00:00.000000Z';
const replaced = {
  ...{ removed: [{ line: 1, quantity: 10 }], added: [{ line: 3, sku: 'A', quantity: 10, unitPrice: 100 }], remaining: [other] },
  ...{ difference: 0, refund: 0, promisedDispatchBy: later },
};
const asked = (more: object = {}) => givenFlow(changeProduct, { ...asking, ...more });
const held = (more: object = {}) => asked(more).when('ShipmentHeld');
const dearer = () =>
  held({ wanted: B, similar: [A] })
    .answered('confirm-product', 'ProductInStock')
    .when('DifferenceRequested');
const outOfStock = () => held().answered('confirm-product', 'ProductOutOfStock');
const paid = { reference: 'change-1-1', amount: 300 };
const changing = () => held().answered('confirm-product', 'ProductInStock');
const told = (flow: ReturnType<typeof asked>) => flow.last('CustomerTold');

describe('a change of product', () => {
  it('the shipment is held first, and the reviewer is informed (ORD-02, ORD-20)', () => {
    asked().then('holding', 'inform reviewer: product-change-requested', 'send logistics: HoldShipment');
  });

  it('purchasing is asked whether the new product is in stock (ORD-20)', () => {
    const flow = held().then('confirmingStock', 'ask purchasing: confirm-product');
    expect(flow.task('confirm-product').about).toEqual({ orderNumber, changeId: 'change-1', product: A, quantity: 10 });
  });

  it('at the same price, the lines and the shipment are replaced, the hold is released, and all are told (ORD-22, ORD-23)', () => {
    const flow = changing().then('changing', 'send order: ReplaceOrderLines');
    expect(flow.last('CommandSent').data).toMatchObject({ changeId: 'change-1', line: 1, quantity: 10, product: A });
    flow.when('OrderLinesReplaced', replaced).then('amending', 'send logistics: AmendShipment');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, lines: replaced.removed, added: replaced.added });
    flow.when('ShipmentAmended').then('closingChanged', 'send order: CloseProductChange');
    flow.when('ProductChangeClosed').then('resuming', 'send logistics: ReleaseHold');
    flow
      .when('HoldReleased')
      .then(
        'changed',
        'tell customer: product-changed',
        'inform reviewer: product-changed',
        'inform warehouse: product-changed',
        'inform purchasing: product-changed',
        'end: changed',
      );
    expect(told(flow).fields).toMatchObject({ added: replaced.added, promisedDispatchBy: later });
  });

  it('a shipped order is not changed; service offers a coupon or a gift for a second order (ORD-20)', () => {
    const flow = asked().when('HoldRefused', { reason: 'shipped' }).then('closing', 'send order: CloseProductChange');
    flow
      .when('ProductChangeClosed')
      .then('offeringSecondOrder', 'tell customer: product-change-too-late', 'ask service: offer-second-order');
    flow.answered('offer-second-order', 'SecondOrderOffered', { goodwill: 'coupon', detail: 'LANTERN10' });
    flow.then('offered', 'tell customer: second-order-offered', 'end: offered');
    expect(told(flow).fields).toEqual({ orderNumber, product: A, goodwill: 'coupon', detail: 'LANTERN10' });
  });
});

describe('a product that is out of stock (ORD-21)', () => {
  it('similar products are recommended, and the chosen one is tried like the first', () => {
    const flow = outOfStock().then('recommending', 'ask customer: choose-other-product');
    expect(flow.task('choose-other-product').about).toMatchObject({ product: A, recommended: [B] });
    flow.answered('choose-other-product', 'OtherProductChosen', { sku: 'B' });
    flow.then('confirmingStock', 'ask purchasing: confirm-product');
    expect(flow.task('confirm-product').about).toMatchObject({ product: B });
    // nothing is left to recommend
    flow.answered('confirm-product', 'ProductOutOfStock').then('refusing', 'send order: CloseProductChange');
  });

  it('without a choice of the customer the order stays as it was', () => {
    for (const [flow, reason] of [
      [outOfStock().answered('choose-other-product', 'ChangeGivenUp'), 'given-up'],
      [outOfStock().due('customerReminder').due('customerDecision'), 'no-answer'],
      [held({ similar: [] }).answered('confirm-product', 'ProductOutOfStock'), 'out-of-stock'],
    ] as const) {
      flow.then(
        'refusing',
        ...(reason === 'no-answer' ? ['withdraw customer: choose-other-product'] : []),
        'send order: CloseProductChange',
      );
      flow.when('ProductChangeClosed').then('releasing', 'send logistics: ReleaseHold');
      flow.when('HoldReleased').then('kept', 'tell customer: product-kept', 'end: kept');
      expect(told(flow).fields).toEqual({ orderNumber, reason, promisedDispatchBy });
    }
  });
});

describe('a change to a dearer product (ORD-22)', () => {
  it('the customer is asked to pay the difference, under a reference that the order knows', () => {
    const flow = held({ wanted: B }).answered('confirm-product', 'ProductInStock');
    flow.then('requestingDifference', 'send order: RequestDifference');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, changeId: 'change-1', reference: 'change-1-1', amount: 300 });
    flow.when('DifferenceRequested').then('awaitingDifference', 'ask customer: pay-difference');
    expect(flow.task('pay-difference').about).toMatchObject({ reference: 'change-1-1', amount: 300, currency });
  });

  it('the change continues after the capture of the difference, not of another payment', () => {
    dearer().when('CaptureRecorded', { reference: 'pay-1', amount: 300 }).then('awaitingDifference');
    dearer().when('CaptureRecorded', paid).then('changing', 'withdraw customer: pay-difference', 'send order: ReplaceOrderLines');
  });

  it('an unpaid difference is asked for once more and may still be paid', () => {
    const flow = dearer().due('paymentWindow');
    flow.then('askingAgain', 'withdraw customer: pay-difference', 'ask customer: go-on-with-change');
    flow.answered('go-on-with-change', 'ChangeConfirmed').then('awaitingDifferenceAgain', 'ask customer: pay-difference');
    flow.when('CaptureRecorded', paid).then('changing', 'withdraw customer: pay-difference', 'send order: ReplaceOrderLines');
    dearer().due('paymentWindow').when('CaptureRecorded', paid);
  });

  it('the customer may choose another product instead, with its own stock check and difference', () => {
    const flow = dearer().due('paymentWindow').answered('go-on-with-change', 'OtherProductChosen', { sku: 'A' });
    flow.then('confirmingStock', 'ask purchasing: confirm-product');
    flow.answered('confirm-product', 'ProductInStock').then('changing', 'send order: ReplaceOrderLines');
    expect(flow.last('CommandSent').data).toMatchObject({ product: A });
  });

  it('without payment or answer, or if the customer gives up, the order stays as it was', () => {
    const again = () => dearer().due('paymentWindow');
    const reasons = [
      again().due('paymentWindow'),
      again().answered('go-on-with-change', 'ChangeConfirmed').due('paymentWindow'),
      again().answered('go-on-with-change', 'ChangeGivenUp'),
      dearer().answered('pay-difference', 'ChangeGivenUp'),
    ].map((flow) => (flow.last('CommandSent', 'CloseProductChange').data as { reason: string }).reason);
    expect(reasons).toEqual(['not-paid', 'not-paid', 'given-up', 'given-up']);
  });
});

describe('a change to a cheaper product (ORD-22)', () => {
  const over = () =>
    changing()
      .when('OrderLinesReplaced', { ...replaced, difference: -300, refund: 300 })
      .when('ShipmentAmended')
      .when('ProductChangeClosed')
      .when('HoldReleased');

  it('the order is released without waiting for the refund of the difference', () => {
    const flow = over();
    flow.then(
      'refunding',
      'tell customer: product-changed',
      'inform reviewer: product-changed',
      'inform warehouse: product-changed',
      'inform purchasing: product-changed',
      'send refund: RequestRefund',
    );
    expect(flow.last('CommandSent').data).toMatchObject({
      ...{ cause: 'price-difference', amount: 300, parts: [{ kind: 'price-difference', amount: 300 }] },
    });
  });

  it('the customer is told of the refund only after finance has paid', () => {
    const flow = over().when('RefundRequested', { refundId: 'r-1' }).then('awaitingRefund');
    flow.when('RefundApplicationSettled', { refundId: 'r-2', paid: 300 }).then('awaitingRefund');
    flow.when('RefundApplicationSettled', { refundId: 'r-1', paid: 300 });
    flow.then('refunded', 'tell customer: difference-refunded', 'end: refunded');
    const rejected = over().when('RefundRequested', { refundId: 'r-1' });
    rejected.when('RefundApplicationSettled', { refundId: 'r-1', paid: 0 }).then('changed', 'end: changed');
  });

  it('a refused refund is settled by hand (REF-03)', () => {
    over().when('RefundApplicationRefused', { reason: 'more than captured' }).then('settlingByHand', 'ask supervisor: settle-refund');
  });
});

describe('a change of product beside a cancellation', () => {
  it('before the replacement, the change ends in favour of the cancellation (ORD-14)', () => {
    for (const flow of [held(), outOfStock(), dearer(), dearer().due('paymentWindow')]) {
      flow.when('CancellationQueued', { changeId: 'change-2', behind: 'change-1' });
      expect(flow.last('CommandSent', 'CloseProductChange').data).toMatchObject({ changed: false, reason: 'cancellation-requested' });
    }
  });

  it('after the replacement, the change finishes, and the cancellation waits', () => {
    const flow = changing().when('OrderLinesReplaced', replaced).when('CancellationQueued', { changeId: 'change-2', behind: 'change-1' });
    flow.then('amending').when('ShipmentAmended').then('closingChanged', 'send order: CloseProductChange');
  });

  it('the change ends if another flow cancels its goods or the order, not if other lines are cancelled', () => {
    held().when('OrderLinesCancelled', { changeId: 'not-to-be-had', remaining: lines }).then('confirmingStock');
    for (const [fact, reason] of [
      [{ type: 'OrderLinesCancelled', remaining: [other] }, 'lines-cancelled'],
      [{ type: 'OrderCancelled' }, 'order-cancelled'],
    ] as const) {
      const flow = held().when({ ...fact, changeId: 'not-to-be-had' });
      expect(flow.last('CommandSent', 'CloseProductChange').data).toMatchObject({ reason });
    }
  });
});

describe('early, duplicate and late inputs', () => {
  it('early inputs are deferred, each counts once, and none counts after the end', () => {
    asked().when('OrderCancelled', { changeId: 'not-to-be-had' }).thenKept().when('ShipmentHeld');
    const flow = changing();
    flow.when('ProductInStock').thenStrayed(/closed|no reachable state|no open task|no task/);
    const over = asked()
      .when('HoldRefused', { reason: 'shipped' })
      .when('ProductChangeClosed')
      .answered('offer-second-order', 'NoSecondOrder');
    over.then('tooLate', 'end: tooLate').when('CaptureRecorded', paid).thenStrayed(/ended/);
  });
});
