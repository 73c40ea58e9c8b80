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

describe('an order that another flow cancels during its cancellation', () => {
  const theirs = { changeId: 'not-to-be-had', refund: 1400, agreedLoss: 0, reason: 'not to be had' };
  const decided = { ...theirs };
  const told = ['tell customer: order-cancelled', ...everybody, 'end: cancelled'] as const;
  const said = { orderNumber, refund: 1400, agreedLoss: 0, currency, reason: 'not to be had' };

  it('is no longer assessed or negotiated: it is stopped, and the one amount that was decided is said, and why', () => {
    held().when('OrderCancelled', theirs).then('stopping', 'withdraw purchasing: loss-on-bought-goods', 'send logistics: CancelShipment');
    const flow = offered().when('OrderCancelled', theirs);
    flow.then('stopping', 'withdraw customer: bear-loss', 'send logistics: CancelShipment');
    flow.when('ShipmentCancelled').then('cancelling', 'send order: CancelOrder');
    flow.when('OrderCancelled', { changeId, refund: 0, agreedLoss: 0, decided }).then('cancelled', ...told);
    expect(flow.last('CustomerTold').fields).toEqual(said);
  });

  it('the other cancellation is not taken for this one, and its refund is not filed twice', () => {
    const flow = stopped()
      .when('OrderCancelled', theirs)
      .thenStrayed(/no reachable state/);
    flow.when('OrderCancelled', { changeId, refund: 0, agreedLoss: 0, decided }).then('cancelled', ...told);
    expect(flow.last('CustomerTold').fields).toEqual(said);
  });

  it('the customer is never told that the cancelled order continues', () => {
    const flow = offered().answered('bear-loss', 'OfferDeclined').when('HoldReleased');
    flow.when('CancellationRefused', { decided }).then('cancelled', ...told);
    expect(flow.last('CustomerTold').fields).toEqual(said);
    asked()
      .when('HoldRefused', { reason: 'cancelled' })
      .when('CancellationRefused', { decided })
      .then('cancelled', ...told);
  });
});

describe('lines that another flow cancels during a cancellation (ORD-12)', () => {
  const [first, second] = lines as [(typeof lines)[number], (typeof lines)[number]];
  const some = (more: object = {}) =>
    givenFlow(cancelOrder, { ...requested, whole: false, lines: [{ ...first, quantity: 5 }, second], paid: 800, ...more });
  /** All but two of the first line are not to be had. */
  const theirs = {
    changeId: 'not-to-be-had',
    refund: 800,
    lines: [{ line: 1, quantity: 8 }],
    remaining: [{ ...first, quantity: 2 }, second],
  };
  const left = [{ ...first, quantity: 2 }, second];
  const anew = ['withdraw purchasing: loss-on-bought-goods', 'ask purchasing: loss-on-bought-goods'] as const;

  it('the loss is assessed again for the lines that are left', () => {
    const flow = some()
      .when('ShipmentHeld')
      .when('OrderLinesCancelled', theirs)
      .then('assessingLoss', ...anew);
    expect(flow.task('loss-on-bought-goods').about).toEqual({ orderNumber, lines: left, currency });
    const before = some().when('OrderLinesCancelled', theirs).when('ShipmentHeld');
    expect(before.task('loss-on-bought-goods').about).toEqual({ orderNumber, lines: left, currency });
  });

  it('an open offer is withdrawn, and the next one is at most the amount paid for the lines that are left', () => {
    const flow = some().when('ShipmentHeld').answered('loss-on-bought-goods', 'LossAssessed', { loss: 700 });
    flow.when('OrderLinesCancelled', theirs).then('assessingLoss', 'withdraw customer: bear-loss', 'ask purchasing: loss-on-bought-goods');
    flow.answered('loss-on-bought-goods', 'LossAssessed', { loss: 700 });
    // 700 of the 1,000 that these goods cost are left, and of the 800 that were paid
    expect(flow.task('bear-loss').about).toMatchObject({ loss: 560 });
  });

  it('a cancellation without lines left releases the hold and tells the customer', () => {
    const all = { ...theirs, remaining: [{ line: 3, sku: 'C', quantity: 1, unitPrice: 5 }] };
    for (const flow of [
      some().when('ShipmentHeld').when('OrderLinesCancelled', all),
      some().when('OrderLinesCancelled', all).when('ShipmentHeld'),
    ]) {
      expect(flow.instance.tasks).toEqual([]);
      flow.when('HoldReleased').then('cancelling', 'send order: CancelOrder');
      flow
        .when('OrderLinesCancelled', { changeId, lines: [], remaining: all.remaining, refund: 0 })
        .then('nothingLeft', 'tell customer: lines-cancelled-before', 'end: nothingLeft');
    }
  });

  it('a cancellation of other lines changes nothing and is not taken for this one', () => {
    const others = { ...theirs, remaining: [{ ...first, quantity: 5 }, second] };
    some().when('ShipmentHeld').when('OrderLinesCancelled', others).then('assessingLoss');
    const cancelling = some().when('ShipmentHeld').answered('loss-on-bought-goods', 'LossAssessed', { loss: 0 });
    cancelling.when('ShipmentAmended').when('HoldReleased').when('OrderLinesCancelled', others).then('cancelling');
    cancelling.when('OrderLinesCancelled', { ...others, changeId, refund: 100 });
    expect(cancelling.last('CustomerTold', 'lines-cancelled').fields).toMatchObject({ refund: 100 });
  });
});

describe('the message that the order continues (ORD-08, ORD-11)', () => {
  it('the message names the reason, the refused loss and the promised dispatch', () => {
    const flow = offered().answered('bear-loss', 'OfferDeclined').when('HoldReleased').when('CancellationRefused');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'offer-declined', loss: 500, currency, promisedDispatchBy });
    const silent = offered().due('customerReminder').due('customerDecision').when('HoldReleased').when('CancellationRefused');
    expect(silent.last('CustomerTold').fields).toMatchObject({ reason: 'no-answer', loss: 500 });
  });

  it('the message about a late request names the time of dispatch', () => {
    const dispatchedAt = '2010-12-01T17:00:00.000000Z';
    const flow = givenFlow(cancelOrder, { ...requested, dispatchedAt })
      .when('HoldRefused', { reason: 'shipped' })
      .when('CancellationRefused');
    expect(flow.last('CustomerTold').fields).toEqual({ orderNumber, reason: 'shipped', promisedDispatchBy, dispatchedAt });
  });
});
