import { givenFlow } from '@orderloom/flows';
import { accepted, address, orderNumber, placed } from '../../order.fixture.js';
import { fulfilOrder } from './fulfil-order.js';

const { lines, currency } = placed;
const start = { type: 'OrderPlaced', ...accepted.data };
const missing = [{ line: 1, quantity: 10 }];
const rest = lines.slice(1);
const ours = { changeId: 'not-to-be-had', refund: 1000, lines: missing, remaining: rest };
const others = { changeId: 'change-1', refund: 1000, agreedLoss: 0, lines: [{ line: 2, quantity: 5 }], remaining: lines.slice(0, 1) };
const { promisedDispatchBy } = accepted.data;
const kept = { changeId: 'change-1', changed: [], lines, address, promisedDispatchBy };
const cancelled = { ...kept, changed: ['lines-cancelled'], lines: lines.slice(0, 1) };

const placedNow = () => givenFlow(fulfilOrder, start);
const concerned = () => givenFlow(fulfilOrder, { ...start, concerns: ['notes'], notes: 'ring twice' });
const confirming = () => placedNow().when('OrderApproved');
const releasing = () => confirming().answered('confirm-stock', 'StockConfirmed');
const awaitingDispatch = () => releasing().when('OrderReleased', { lines, address });
const choosing = () => confirming().answered('confirm-stock', 'StockNotToBeHad', { lines: [1] });

describe('an order that changes while a team decides on it (ORD-03)', () => {
  const elsewhere = { ...address, street: '6 Piccadilly' };
  const oneLess = { ...cancelled, lines: rest };
  const moved = { ...kept, changed: ['address-changed'], address: elsewhere };

  it.each(['askingReviewer', 'held'])('the reviewer is asked again with the new address: %s', (state) => {
    const flow = state === 'held' ? concerned().answered('review-order', 'ReviewHeld', { reason: 'which bell?' }) : concerned();
    const { taskId } = flow.task('review-order');
    flow.when('ChangeClosed', moved);
    expect(flow.task('review-order').taskId).not.toBe(taskId);
    expect(flow.task('review-order').about).toMatchObject({ address: elsewhere, concerns: ['notes', 'address-changed'] });
    flow.answeredTask(taskId, 'ReviewPassed').thenStrayed(/closed/);
  });

  it('the reviewer is asked again without the cancelled lines', () => {
    const flow = concerned().when('ChangeClosed', cancelled);
    flow.then('open.askingReviewer', 'withdraw reviewer: review-order', 'ask reviewer: review-order');
    expect(flow.task('review-order').about).toMatchObject({ lines: lines.slice(0, 1), concerns: ['notes', 'lines-cancelled'] });
  });

  it('a new deliverable address removes the concern about the old one', () => {
    const flow = givenFlow(fulfilOrder, { ...start, concerns: ['address-not-deliverable'] }).when('ChangeClosed', moved);
    expect(flow.task('review-order').about).toMatchObject({ concerns: ['address-changed'] });
  });

  it('a full capture removes the payment concern, and the reviewer is asked again only about other concerns', () => {
    const unpaid = (...beside: string[]) => givenFlow(fulfilOrder, { ...start, concerns: ['not-fully-paid', ...beside] });
    unpaid('notes').when('CaptureRecorded', { outstanding: 1 }).then('open.askingReviewer');
    const flow = unpaid('notes').when('CaptureRecorded', { outstanding: 0 });
    flow.then('open.askingReviewer', 'withdraw reviewer: review-order', 'ask reviewer: review-order');
    expect(flow.task('review-order').about).toMatchObject({ concerns: ['notes'] });
    unpaid()
      .when('CaptureRecorded', { outstanding: 0 })
      .then('open.approving', 'withdraw reviewer: review-order', 'send order: ApproveOrder');
  });

  it('a capture by a payment method that the storefront does not list is part of the question, even if the order is paid by it', () => {
    const unlisted = 'payment-method-not-of-storefront';
    for (const outstanding of [0, 1]) {
      const flow = concerned().when('CaptureRecorded', { outstanding, concerns: [unlisted] });
      flow.then('open.askingReviewer', 'withdraw reviewer: review-order', 'ask reviewer: review-order');
      expect(flow.task('review-order').about).toMatchObject({ concerns: ['notes', unlisted] });
    }
    givenFlow(fulfilOrder, { ...start, concerns: ['not-fully-paid'] })
      .when('CaptureRecorded', { outstanding: 0, concerns: [unlisted] })
      .then('open.askingReviewer', 'withdraw reviewer: review-order', 'ask reviewer: review-order');
  });

  it('a supervisor is informed of such a capture after the review', () => {
    confirming()
      .when('CaptureRecorded', { outstanding: 0, concerns: ['payment-method-not-of-storefront'] })
      .then('open.confirmingStock', 'inform supervisor: payment-method-not-of-storefront');
  });

  it('an order that the reviewer held is not approved by a full capture', () => {
    const flow = givenFlow(fulfilOrder, { ...start, concerns: ['not-fully-paid'] }).answered('review-order', 'ReviewHeld', {
      reason: 'unpaid',
    });
    flow.when('CaptureRecorded', { outstanding: 0 });
    expect(flow.instance.state).toEqual({ open: 'held' });
    expect(flow.task('review-order').about).toMatchObject({ concerns: [] });
  });

  it('purchasing is asked again without the cancelled lines', () => {
    const flow = confirming().when('ChangeClosed', cancelled);
    flow.then('open.confirmingStock', 'withdraw purchasing: confirm-stock', 'ask purchasing: confirm-stock');
    expect(flow.task('confirm-stock').about).toMatchObject({ lines: lines.slice(0, 1) });
  });

  it('the order continues without a choice if the cancelled lines are the missing ones', () => {
    choosing()
      .when('ChangeClosed', oneLess)
      .then('open.releasing', 'withdraw customer: choose-without-missing', 'send order: ReleaseOrder');
    choosing().when('ChangeClosed', cancelled).then('open.offeringChoice');
  });

  const both = { lines: [1, 2] };

  it('the customer is asked again about the lines that are still missing', () => {
    const flow = confirming().answered('confirm-stock', 'StockNotToBeHad', both);
    const { taskId } = flow.task('choose-without-missing');
    flow
      .when('ChangeClosed', oneLess)
      .then('open.offeringChoice', 'withdraw customer: choose-without-missing', 'ask customer: choose-without-missing');
    expect(flow.task('choose-without-missing').about).toEqual({ orderNumber, lines: [2] });
    flow.answeredTask(taskId, 'LinesGivenUp').thenStrayed(/closed/);
    flow.answered('choose-without-missing', 'LinesGivenUp');
    expect(flow.last('CommandSent', 'CancelOrder').data).toMatchObject({ lines: [{ line: 2, quantity: 5 }] });
  });

  it('purchasing is asked again about the lines that are still missing, without a second message to the customer', () => {
    const flow = confirming().answered('confirm-stock', 'StockArrivesLater', { ...both, expectedAt: '2010-12-06T09:00:00.000000Z' });
    flow
      .when('ChangeClosed', oneLess)
      .then('open.awaitingArrival', 'withdraw purchasing: confirm-arrival', 'ask purchasing: confirm-arrival');
    expect(flow.task('confirm-arrival').about).toMatchObject({ lines: [2] });
  });
});

describe('another change of the same order', () => {
  it.each([[[]], [['lines-cancelled']], [['address-changed']], [['product-changed']]])(
    'the release is deferred until the change is closed: %j',
    (changed) => {
      const flow = releasing().when('ReleaseDeferred', { changeId: 'change-1' }).then('open.awaitingChange');
      flow.when('ChangeClosed', { ...kept, changed }).then('open.releasing', 'send order: ReleaseOrder');
    },
  );

  it('a change that leaves the order as it was withdraws no question', () => {
    concerned().when('ChangeClosed', kept).then('open.askingReviewer');
    confirming().when('ChangeClosed', kept).then('open.confirmingStock');
  });

  it('a changed address does not ask purchasing again', () => {
    confirming()
      .when('ChangeClosed', { ...kept, changed: ['address-changed'] })
      .then('open.confirmingStock');
  });

  it('a changed product asks purchasing again, and its line is no longer missing (ORD-23)', () => {
    const other = [...rest, { line: 3, sku: '84029E', quantity: 10, unitPrice: 120 }];
    const replaced = { ...kept, changed: ['product-changed'], lines: other };
    const flow = confirming().when('ChangeClosed', replaced);
    expect(flow.task('confirm-stock').about).toMatchObject({ lines: other });
    choosing()
      .when('ChangeClosed', replaced)
      .then('open.releasing', 'withdraw customer: choose-without-missing', 'send order: ReleaseOrder');
  });

  it('a cancelled order ends its fulfilment at any time before dispatch, without a refund of its own (ORD-13, ORD-14)', () => {
    for (const flow of [placedNow(), releasing(), awaitingDispatch()])
      flow.when('OrderCancelled', others).then('cancelled', 'end: cancelled');
    confirming().when('OrderCancelled', others).then('cancelled', 'withdraw purchasing: confirm-stock', 'end: cancelled');
  });

  it('a cancellation of lines by another flow is not taken for the own one', () => {
    const flow = choosing().answered('choose-without-missing', 'LinesGivenUp').when('OrderLinesCancelled', others);
    flow.then('open.cancellingLines').when('OrderLinesCancelled', ours);
    expect(flow.last('CommandSent', 'RequestRefund').data).toMatchObject({ amount: 1000, cause: 'not-to-be-had' });
  });

  it('that was faster is what the customer hears: the same amount and reason, or that nothing was left to give up (ORD-12)', () => {
    const whole = choosing().answered('choose-without-missing', 'OrderGivenUp');
    whole.when('OrderCancelled', { ...others, reason: 'ordered twice' });
    whole.then('cancelled', 'tell customer: order-cancelled', 'end: cancelled');
    expect(whole.last('CustomerTold').fields).toEqual({ orderNumber, refund: 1000, currency, reason: 'ordered twice' });
    const some = choosing().answered('choose-without-missing', 'LinesGivenUp');
    some.when('OrderLinesCancelled', { ...ours, refund: 0, lines: [] });
    some.then('open.releasing', 'tell customer: lines-cancelled-before', 'send order: ReleaseOrder');
  });
});
