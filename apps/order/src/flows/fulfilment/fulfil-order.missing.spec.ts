import { givenFlow } from '@orderloom/flows';
import { accepted, address, orderNumber, placed } from '../../order.fixture.js';
import { fulfilOrder } from './fulfil-order.js';

const { lines, currency } = placed;
const start = { type: 'OrderPlaced', ...accepted.data };
const handover = { at: '2010-12-01T17:00:00.000000Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' };
const missing = [{ line: 1, quantity: 10 }];
const rest = lines.slice(1);
const ours = { changeId: 'not-to-be-had', refund: 1000, lines: missing, remaining: rest };
const everybody = (notice: string) => ['reviewer', 'warehouse', 'purchasing'].map((team) => `inform ${team}: ${notice}`);

const placedNow = () => givenFlow(fulfilOrder, start);
const confirming = () => placedNow().when('OrderApproved');
const choosing = () => confirming().answered('confirm-stock', 'StockNotToBeHad', { lines: [1] });

describe('missing goods (ORD-04)', () => {
  it('goods that arrive within the processing window are awaited, and the customer is told', () => {
    const expectedAt = '2010-12-06T09:00:00.000000Z';
    const flow = confirming().answered('confirm-stock', 'StockArrivesLater', { lines: [1], expectedAt });
    flow.then('open.awaitingArrival', 'tell customer: goods-arrive-later', 'ask purchasing: confirm-arrival');
    flow.due('expectedArrival').then('open.awaitingArrival', 'remind purchasing: confirm-arrival');
    expect(flow.task('confirm-arrival').dueAt).toBe('2010-12-08T09:00:00.000000Z');
    flow.answered('confirm-arrival', 'StockArrived').then('open.releasing', 'send order: ReleaseOrder');
  });

  it('goods that arrive after the window are put to the customer as a choice', () => {
    const late = { lines: [1], expectedAt: '2010-12-08T09:00:00.000001Z' };
    confirming().answered('confirm-stock', 'StockArrivesLater', late).then('open.offeringChoice', 'ask customer: choose-without-missing');
  });

  it('lines that the customer gives up are cancelled and refunded, and the rest is released', () => {
    const flow = choosing().answered('choose-without-missing', 'LinesGivenUp').then('open.cancellingLines', 'send order: CancelOrder');
    expect(flow.last('CommandSent', 'CancelOrder').data).toMatchObject({ whole: false, lines: [{ line: 1, quantity: 10 }], agreedLoss: 0 });
    flow
      .when('OrderLinesCancelled', ours)
      .then('open.filingRefund', 'tell customer: lines-cancelled', ...everybody('lines-cancelled'), 'send refund: RequestRefund');
    const said = { orderNumber, lines: missing, refund: 1000, agreedLoss: 0, currency, reason: 'not-to-be-had' };
    expect(flow.last('CustomerTold').fields).toEqual({ ...said, decidedBy: 'customer' });
    flow.when('RefundRequested', { refundId: 'refund-1' }).then('open.releasing', 'send order: ReleaseOrder');
  });

  it('without a choice in three days, with a reminder before the last, the missing lines are cancelled (CS-02)', () => {
    const flow = choosing().due('customerReminder').then('open.offeringChoice', 'remind customer: choose-without-missing');
    expect(flow.task('choose-without-missing').dueAt).toBe('2010-12-04T09:00:00.000000Z');
    flow.due('customerDecision').then('open.cancellingLines', 'withdraw customer: choose-without-missing', 'send order: CancelOrder');
  });

  it('an order without other lines is cancelled; customer and teams are told amount and reason (CS-02)', () => {
    const flow = choosing().due('customerDecision').when('OrderCancelled', { changeId: 'not-to-be-had', refund: 1500 });
    flow.then('filingWholeRefund', 'tell customer: order-cancelled', ...everybody('order-cancelled'), 'send refund: RequestRefund');
    const said = { orderNumber, refund: 1500, agreedLoss: 0, currency, reason: 'not-to-be-had', decidedBy: 'time' };
    expect(flow.last('CustomerTold').fields).toEqual(said);
  });

  it('the customer may cancel the whole order with a full refund', () => {
    const flow = choosing().answered('choose-without-missing', 'OrderGivenUp').then('open.cancellingOrder', 'send order: CancelOrder');
    const parts = [
      { kind: 'goods', amount: 700 },
      { kind: 'freight', amount: 300 },
    ];
    flow.when('OrderCancelled', { ...ours, parts });
    flow.then('filingWholeRefund', 'tell customer: order-cancelled', ...everybody('order-cancelled'), 'send refund: RequestRefund');
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ amount: 1000, parts });
    flow.when('RefundRequested', { refundId: 'refund-1' }).then('ending.awaitingRefund');
    flow.when('RefundApplicationSettled', { refundId: 'refund-1' }).then('cancelled', 'end: cancelled');
  });
});

describe('the refund of unavailable goods (REF-05)', () => {
  const givenUp = () => choosing().answered('choose-without-missing', 'LinesGivenUp').when('OrderLinesCancelled', ours);
  const released = { lines: rest, address };

  it('a supervisor settles a refused refund, while the rest of the order continues', () => {
    const flow = givenUp().when('RefundApplicationRefused', { reason: 'more than captured' });
    flow.then('open.releasing', 'send order: ReleaseOrder');
    flow.when('OrderReleased', released);
    flow.then('open.awaitingDispatch.settlingByHand', 'send logistics: PrepareShipment', 'ask supervisor: settle-refund');
    expect(flow.task('settle-refund').about).toEqual({ orderNumber, amount: 1000, currency, reason: 'more than captured' });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('open.awaitingDispatch.waiting');
    flow.when('ParcelShipped', handover);
    flow.then('dispatched', 'send order: RecordDispatch', 'tell customer: order-dispatched', 'end: dispatched');
  });

  it('the task of the supervisor stays open after the dispatch', () => {
    const flow = givenUp().when('RefundApplicationRefused', { reason: 'more than captured' }).when('OrderReleased', released);
    flow.when('ParcelShipped', handover);
    expect(flow.task('settle-refund').about).toMatchObject({ amount: 1000 });
    flow.then(
      'dispatching.settlingByHand',
      'withdraw supervisor: settle-refund',
      'send order: RecordDispatch',
      'tell customer: order-dispatched',
      'ask supervisor: settle-refund',
    );
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('dispatched', 'end: dispatched');
  });

  it('a refused refund of the whole order is settled before the flow ends', () => {
    const flow = choosing().answered('choose-without-missing', 'OrderGivenUp').when('OrderCancelled', ours);
    flow.when('RefundApplicationRefused', { reason: 'more than captured' }).then('ending.settlingByHand', 'ask supervisor: settle-refund');
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('cancelled', 'end: cancelled');
  });

  it('the flow ends after the outcome of the whole application, in whatever order inputs come', () => {
    const type = 'RefundApplicationSettled';
    const filed = () => givenUp().when('RefundRequested', { refundId: 'refund-1' }).when('OrderReleased', released);
    const flow = filed().when('ParcelShipped', handover);
    flow.then('dispatching.awaitingRefund', 'send order: RecordDispatch', 'tell customer: order-dispatched');
    flow.when('RefundPaid', { refundId: 'refund-1' }).then('dispatching.awaitingRefund');
    flow.when(type, { refundId: 'refund-of-a-return' }).thenKept();
    flow.when(type, { refundId: 'refund-1' }).then('dispatched', 'end: dispatched');
    filed()
      .when(type, { refundId: 'refund-1' })
      .when('ParcelShipped', handover)
      .then('dispatched', 'send order: RecordDispatch', 'tell customer: order-dispatched', 'end: dispatched');
  });
});

describe('a re-ship with unavailable goods (LOG-06, AFT-15)', () => {
  const reship = { caseId: 'case-1', originalOrder: '536300', flow: 'missing-items-1', gifts: [2] };
  const ofCase = { orderNumber, originalOrder: '536300', caseId: 'case-1' };
  const without = (line: number) =>
    givenFlow(fulfilOrder, { ...start, reship })
      .when('OrderApproved')
      .answered('confirm-stock', 'StockNotToBeHad', { lines: [line] });
  const given = (line: number) => ({ changeId: 'not-to-be-had', refund: 0, lines: [{ line, quantity: 1 }], remaining: rest });

  it('no refund of zero is told: the teams are informed with the case, which settles the goods', () => {
    const part = without(1).answered('choose-without-missing', 'LinesGivenUp').when('OrderLinesCancelled', given(1));
    part.then('open.releasing', ...everybody('reship-reduced'), 'send order: ReleaseOrder');
    expect(part.last('TeamInformed').about).toEqual({ ...ofCase, lines: [{ line: 1, quantity: 1 }] });
    const whole = without(1).answered('choose-without-missing', 'OrderGivenUp').when('OrderCancelled', given(1));
    whole.then('cancelled', ...everybody('reship-cancelled'), 'end: cancelled');
    expect(whole.last('TeamInformed').about).toEqual(ofCase);
  });

  it('the same holds if another flow cancelled first', () => {
    const flow = without(1).answered('choose-without-missing', 'OrderGivenUp');
    flow.when('OrderCancelled', { ...given(1), changeId: 'change-1' }).then('cancelled', 'end: cancelled');
  });

  it('the cancellation of the gift alone is told without an amount', () => {
    const flow = without(2).answered('choose-without-missing', 'LinesGivenUp').when('OrderLinesCancelled', given(2));
    flow.then('open.releasing', 'tell customer: lines-cancelled', ...everybody('lines-cancelled'), 'send order: ReleaseOrder');
  });
});
