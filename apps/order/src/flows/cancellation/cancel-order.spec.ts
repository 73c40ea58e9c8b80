import { givenFlow } from '@orderloom/flows';
import { orderNumber, placed } from '../../order.fixture.js';
import { cancelOrder } from './cancel-order.js';

const { lines, payment, currency } = placed;
const promisedDispatchBy = '2010-12-02T09:00:00.000000Z';
const changeId = 'change-1';
const requested = {
  ...{ type: 'CancellationRequested', orderNumber, changeId: 'change-1', reason: 'ordered twice', whole: true },
  ...{ lines, paid: 1500, payment, currency, promisedDispatchBy },
};
const asked = () => givenFlow(cancelOrder, requested);
const held = () => asked().when('ShipmentHeld');
const offered = (loss = 500) => held().answered('loss-on-bought-goods', 'LossAssessed', { loss });
const settled = () => held().answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 });
const stopped = () => settled().when('ShipmentCancelled');
const everybody = ['reviewer', 'warehouse', 'purchasing'].map((team) => `inform ${team}: order-cancelled`);
const keeping = ['releasing', 'send logistics: ReleaseHold'] as const;

describe('the cancellation of an order', () => {
  it('the reviewer is informed, and the shipment is held in the same step as asking whether it has left (ORD-10, ORD-14)', () => {
    asked().then('holding', 'inform reviewer: cancellation-requested', 'send logistics: HoldShipment');
  });

  it('without a loss, the shipment and the order are cancelled, the refund is filed, and all are told (ORD-12, ORD-13)', () => {
    held().then('assessingLoss', 'ask purchasing: loss-on-bought-goods');
    settled().then('stopping', 'send logistics: CancelShipment');
    const flow = stopped().then('cancelling', 'send order: CancelOrder').when('OrderCancelled', { changeId, refund: 1500 });
    flow.then('refunding', 'tell customer: order-cancelled', ...everybody, 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({
      cause: 'cancelled',
      declaredReason: 'ordered twice',
      amount: 1500,
      payment,
    });
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, refund: 1500, agreedLoss: 0, currency, reason: 'ordered twice' });
  });

  it('the refund carries the reason that the customer declared to the marketplace, where one was (REF-07)', () => {
    const cancelled = (fact: typeof requested & { declaredCause?: string }) =>
      givenFlow(cancelOrder, fact)
        .when('ShipmentHeld')
        .answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 })
        .when('ShipmentCancelled')
        .when('OrderCancelled', { changeId, refund: 1500 })
        .last('CommandSent', 'RequestRefund').data;
    expect(cancelled({ ...requested, declaredCause: 'out-of-stock' })).toMatchObject({ cause: 'cancelled', declaredCause: 'out-of-stock' });
    expect(cancelled(requested)).not.toHaveProperty('declaredCause', expect.anything());
  });

  it('the flow ends with the outcome of its whole application, not of one payment in it (REF-05)', () => {
    const type = 'RefundApplicationSettled';
    const flow = stopped().when('OrderCancelled', { changeId, refund: 1500 }).when('RefundRequested', { refundId: 'refund-1' });
    flow
      .then('awaitingRefund')
      .when(type, { refundId: 'refund-of-a-return' })
      .thenStrayed(/no reachable state/);
    for (const ofOnePayment of ['RefundPaid', 'RefundRejected']) flow.when(ofOnePayment, { refundId: 'refund-1' }).then('awaitingRefund');
    flow.when(type, { refundId: 'refund-1' }).then('cancelled', 'end: cancelled');
  });

  it('the refund is filed for the person who requested the cancellation and must not approve it (REF-02)', () => {
    const by = (person: object) =>
      givenFlow(cancelOrder, { ...requested, ...person })
        .when('ShipmentHeld')
        .answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 })
        .when('ShipmentCancelled')
        .when('OrderCancelled', { changeId, refund: 1500 })
        .last('CommandSent', 'RequestRefund').data;
    expect(by({ requestedBy: 'service:anna' })).toMatchObject({ filedBy: 'service:anna' });
    const both = { requestedBy: 'service:anna', alsoRequestedBy: ['service:mia'] };
    expect(by(both)).toMatchObject({ filedBy: 'service:anna', alsoFiledBy: ['service:mia'] });
    expect(by({})).not.toHaveProperty('filedBy', expect.anything());
  });

  it('an amount of zero files no refund', () => {
    stopped()
      .when('OrderCancelled', { changeId, refund: 0 })
      .then('cancelled', 'tell customer: order-cancelled', ...everybody, 'end: cancelled');
  });

  it('a shipped order is not cancelled, and the customer is told why (ORD-11)', () => {
    const flow = asked().when('HoldRefused', { reason: 'shipped' }).then('refusing', 'send order: RefuseCancellation');
    expect(flow.last('CommandSent', 'RefuseCancellation').data).toMatchObject({ changeId: 'change-1', reason: 'shipped' });
    flow.when('CancellationRefused').then('refused', 'tell customer: cancellation-too-late', 'end: refused');
  });
});

describe('the refund application of a cancellation (REF-01)', () => {
  it('the application has the parts goods and freight with the amounts of the cancellation', () => {
    const parts = [
      { kind: 'goods', amount: 1200 },
      { kind: 'freight', amount: 300 },
    ];
    const flow = stopped().when('OrderCancelled', { changeId, refund: 1500, parts });
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ amount: 1500, parts });
  });
});

describe('the cancellation of some lines', () => {
  it('the lines are removed from the shipment, and the rest continues', () => {
    const flow = givenFlow(cancelOrder, { ...requested, whole: false }).when('ShipmentHeld');
    flow.answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 }).then('amending', 'send logistics: AmendShipment');
    flow.when('ShipmentAmended').then('resuming', 'send logistics: ReleaseHold');
    flow.when('HoldReleased').then('cancelling', 'send order: CancelOrder');
    const some = [{ line: 1, quantity: 4 }];
    flow.when('OrderLinesCancelled', { changeId, lines: some, refund: 400 });
    flow.then(
      'refunding',
      'tell customer: lines-cancelled',
      ...['reviewer', 'warehouse', 'purchasing'].map((team) => `inform ${team}: lines-cancelled`),
      'send refund: RequestRefund',
    );
    expect(flow.last('CustomerTold').fields).toEqual({
      orderNumber,
      lines: some,
      refund: 400,
      agreedLoss: 0,
      currency,
      reason: 'ordered twice',
    });
  });

  it('a request for lines that are cancelled already ends with a message without an amount', () => {
    const flow = givenFlow(cancelOrder, { ...requested, whole: false, lines: [], paid: 0 });
    flow.then('cancelling', 'inform reviewer: cancellation-requested', 'send order: CancelOrder');
    flow
      .when('OrderLinesCancelled', { changeId, lines: [], refund: 0 })
      .then('nothingLeft', 'tell customer: lines-cancelled-before', 'end: nothingLeft');
  });
});

describe('a loss on goods already bought (ORD-12)', () => {
  it('the customer is asked to bear the loss', () => {
    const flow = offered().then('negotiating', 'ask customer: bear-loss');
    expect(flow.task('bear-loss').about).toEqual({ orderNumber, loss: 500, currency, offers: 1 });
  });

  it('a loss that the customer accepts is deducted from the refund', () => {
    const flow = offered()
      .answered('bear-loss', 'OfferAccepted')
      .then('stopping', 'send logistics: CancelShipment')
      .when('ShipmentCancelled');
    expect(flow.last('CommandSent', 'CancelOrder').data).toMatchObject({ agreedLoss: 500 });
  });

  it('an accepted loss is at most the amount paid', () => {
    const flow = offered(9999).answered('bear-loss', 'OfferAccepted').when('ShipmentCancelled');
    expect(flow.last('CommandSent', 'CancelOrder').data).toMatchObject({ agreedLoss: 1500 });
  });

  it('a customer who has paid nothing is not asked', () => {
    givenFlow(cancelOrder, { ...requested, paid: 0 })
      .when('ShipmentHeld')
      .answered('loss-on-bought-goods', 'LossAssessed', { loss: 500 })
      .then('stopping', 'send logistics: CancelShipment');
  });

  it('the offered loss is at most the amount paid', () => {
    expect(offered(9999).task('bear-loss').about).toMatchObject({ loss: 1500 });
  });

  it('a refused loss releases the hold, and the order continues', () => {
    const flow = offered()
      .answered('bear-loss', 'OfferDeclined')
      .then(...keeping);
    flow.when('HoldReleased').then('keeping', 'send order: RefuseCancellation');
    flow.when('CancellationRefused').then('kept', 'tell customer: order-goes-on', 'end: kept');
  });

  it('three days without an answer, with a reminder before the last, keep the order', () => {
    const flow = offered();
    expect(flow.task('bear-loss').dueAt).toBe('2010-12-04T09:00:00.000000Z');
    flow.due('customerReminder').then('negotiating', 'remind customer: bear-loss');
    expect(flow.task('bear-loss').dueAt).toBe('2010-12-04T09:00:00.000000Z');
    flow.due('customerDecision').then('releasing', 'withdraw customer: bear-loss', 'send logistics: ReleaseHold');
  });

  it('a lower loss is offered at most three times', () => {
    const flow = offered();
    for (const loss of [300, 100]) {
      flow.answered('bear-loss', 'OtherOfferAsked').then('reoffering', 'ask service: make-offer');
      flow.answered('make-offer', 'OfferMade', { loss }).then('negotiating', 'ask customer: bear-loss');
    }
    expect(flow.task('bear-loss').about).toMatchObject({ loss: 100, offers: 3 });
    flow.answered('bear-loss', 'OtherOfferAsked').then(...keeping);
  });

  it('without another offer the order continues', () => {
    offered()
      .answered('bear-loss', 'OtherOfferAsked')
      .answered('make-offer', 'NoOtherOffer')
      .then(...keeping);
  });

  it('purchasing is reminded twice, each after a working day, then the supervisor is told; the task keeps its id', () => {
    const flow = held();
    const { taskId } = flow.task('loss-on-bought-goods');
    flow.due('purchasingAnswer').due('purchasingAnswer').then('assessingLoss', 'remind purchasing: loss-on-bought-goods');
    flow.due('purchasingAnswer').then('assessingLoss', 'escalate purchasing: loss-on-bought-goods', 'inform supervisor: task-escalated');
    flow.answeredTask(taskId, 'LossAssessed', { loss: 0 }).then('stopping', 'send logistics: CancelShipment');
  });
});

describe('a refused refund application (REF-03)', () => {
  it('a supervisor settles the refund by hand, and the order stays cancelled', () => {
    const flow = stopped()
      .when('OrderCancelled', { changeId, refund: 1500 })
      .when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('settlingByHand', 'ask supervisor: settle-refund');
    expect(flow.task('settle-refund').about).toEqual({ orderNumber, amount: 1500, currency, reason: 'more than captured' });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('cancelled', 'end: cancelled');
  });
});

describe('early, duplicate, late and unexpected inputs', () => {
  it('a second assessment of the loss is ignored', () => {
    const flow = held();
    const { taskId } = flow.task('loss-on-bought-goods');
    flow
      .answeredTask(taskId, 'LossAssessed', { loss: 0 })
      .answeredTask(taskId, 'LossAssessed', { loss: 500 })
      .thenStrayed(/closed/)
      .then('stopping');
  });

  it('an answer of the customer after the deadline is ignored', () => {
    const flow = offered();
    const { taskId } = flow.task('bear-loss');
    flow
      .due('customerDecision')
      .answeredTask(taskId, 'OfferAccepted')
      .thenStrayed(/closed/)
      .then('releasing');
  });

  it('an input of a later state is deferred', () => {
    asked().when('ShipmentCancelled').thenKept();
  });

  it('an input after the end is ignored', () => {
    asked()
      .when('HoldRefused', { reason: 'shipped' })
      .when('CancellationRefused')
      .when('ShipmentHeld')
      .thenStrayed(/ended/)
      .then('refused');
  });
});

describe('the cancellation of a re-ship by its own number (LOG-06, AFT-15)', () => {
  const reship = { caseId: 'case-1', originalOrder: '536300', gifts: [2] };
  const ofCase = { orderNumber, originalOrder: '536300', caseId: 'case-1' };
  const cancelling = (whole: boolean) =>
    givenFlow(cancelOrder, { ...requested, whole, paid: 0, reship })
      .when('ShipmentHeld')
      .answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 });
  const reduced = (line: number) =>
    cancelling(false)
      .when('ShipmentAmended')
      .when('HoldReleased')
      .when('OrderLinesCancelled', { changeId, lines: [{ line, quantity: 1 }], remaining: lines.slice(1), refund: 0 });
  const teams = (notice: string) => ['reviewer', 'warehouse', 'purchasing'].map((team) => `inform ${team}: ${notice}`);

  it('no refund of zero is told: the teams are informed with the case, which settles the goods', () => {
    const flow = cancelling(true).when('ShipmentCancelled').when('OrderCancelled', { changeId, refund: 0 });
    flow.then('reshipCancelled', ...teams('reship-cancelled'), 'end: reshipCancelled');
    expect(flow.last('TeamInformed').about).toEqual(ofCase);
  });

  it('the same holds for a part of the re-ship', () => {
    const flow = reduced(1).then('reshipReduced', ...teams('reship-reduced'), 'end: reshipReduced');
    expect(flow.last('TeamInformed').about).toEqual({ ...ofCase, lines: [{ line: 1, quantity: 1 }] });
  });

  it('the same holds if another flow cancelled the re-ship', () => {
    const decided = { changeId: 'not-to-be-had', refund: 0, agreedLoss: 0 };
    const refused = givenFlow(cancelOrder, { ...requested, paid: 0, reship }).when('HoldRefused', { reason: 'cancelled' });
    refused.when('CancellationRefused', { decided }).then('reshipCancelled', ...teams('reship-cancelled'), 'end: reshipCancelled');
  });

  it('the cancellation of the gift alone is told without an amount', () => {
    reduced(2).then('cancelled', 'tell customer: lines-cancelled', ...teams('lines-cancelled'), 'end: cancelled');
  });
});
