import { givenFlow } from '@orderloom/flows';
import { accepted, address, orderNumber, placed } from '../../order.fixture.js';
import { fulfilOrder } from './fulfil-order.js';

const { lines } = placed;
const start = { type: 'OrderPlaced', ...accepted.data };
const handover = { at: '2010-12-01T17:00:00.000000Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' };
const rest = lines.slice(1);

const placedNow = () => givenFlow(fulfilOrder, start);
const concerned = () => givenFlow(fulfilOrder, { ...start, concerns: ['notes'], notes: 'ring twice' });
const confirming = () => placedNow().when('OrderApproved');
const releasing = () => confirming().answered('confirm-stock', 'StockConfirmed');
const awaitingDispatch = () => releasing().when('OrderReleased', { lines, address });

describe('the fulfilment of an order', () => {
  it('without concerns the order is approved, confirmed by purchasing, released and prepared (ORD-03, ORD-04)', () => {
    placedNow().then('open.approving', 'send order: ApproveOrder');
    confirming().then('open.confirmingStock', 'ask purchasing: confirm-stock');
    releasing().then('open.releasing', 'send order: ReleaseOrder');
    awaitingDispatch().then('open.awaitingDispatch.waiting', 'send logistics: PrepareShipment');
  });

  it('the shipment is prepared with the released lines and address, not the placed ones', () => {
    const flow = releasing().when('OrderReleased', { lines: rest, address: { ...address, street: '6 Piccadilly' } });
    expect(flow.last('CommandSent', 'PrepareShipment').data).toEqual({
      orderNumber,
      lines: rest,
      address: { ...address, street: '6 Piccadilly' },
      placedAt: '2010-12-01T08:26:00.000000Z',
    });
  });

  it('the prepared shipment names the cancellations that it contains already (ORD-13)', () => {
    const flow = releasing().when('OrderReleased', { lines: lines.slice(1), address, amendedBy: ['cancel-order-1'] });
    expect(flow.last('CommandSent', 'PrepareShipment').data).toMatchObject({ lines: lines.slice(1), amendedBy: ['cancel-order-1'] });
  });

  it('at dispatch the customer is told the delivery method and the tracking number (ORD-08)', () => {
    const flow = awaitingDispatch().when('ParcelShipped', handover);
    flow.then('dispatched', 'send order: RecordDispatch', 'tell customer: order-dispatched', 'end: dispatched');
    expect(flow.last('CustomerTold').fields).toMatchObject({ method: 'Tracked 48', trackingNumber: 'RM1GB' });
    expect(flow.dueAt('dispatchPromise')).toBeUndefined();
  });
});

describe('the dispatch promise (ORD-05)', () => {
  it('an alert is raised before the promise, and the customer is told after it; each once', () => {
    const flow = confirming();
    expect([flow.dueAt('dispatchAlert'), flow.dueAt('dispatchPromise')]).toEqual([
      '2010-12-02T05:00:00.000000Z',
      accepted.data.promisedDispatchBy,
    ]);
    flow.due('dispatchAlert').then('open.confirmingStock', 'inform supervisor: dispatch-promise-at-risk');
    flow.due('dispatchPromise').then('open.confirmingStock', 'tell customer: dispatch-delayed');
    expect(() => flow.due('dispatchPromise')).toThrow('no deadline');
  });
});

describe('review (ORD-03)', () => {
  it('an order with a concern is put to the reviewer', () => {
    concerned()
      .then('open.askingReviewer', 'ask reviewer: review-order')
      .answered('review-order', 'ReviewPassed')
      .then('open.approving', 'send order: ApproveOrder');
  });

  it('a held order continues when its review passes', () => {
    const flow = concerned().answered('review-order', 'ReviewHeld', { reason: 'which bell?' });
    flow.then('open.held', 'send order: HoldOrder', 'ask reviewer: review-order');
    expect(flow.last('CommandSent', 'HoldOrder').data).toMatchObject({ reason: 'which bell?' });
    flow
      .answered('review-order', 'ReviewHeld', { reason: 'no answer' })
      .then('open.held', 'send order: HoldOrder', 'ask reviewer: review-order');
    flow.answered('review-order', 'ReviewPassed').then('open.approving', 'send order: ApproveOrder');
  });

  it('the reviewer is reminded twice, each after half an hour, then the task is escalated', () => {
    const flow = concerned();
    expect(flow.task('review-order').dueAt).toBe('2010-12-01T09:30:00.000000Z');
    flow.due('reviewerAnswer').due('reviewerAnswer').then('open.askingReviewer', 'remind reviewer: review-order');
    flow.due('reviewerAnswer').then('open.askingReviewer', 'escalate reviewer: review-order', 'inform supervisor: task-escalated');
  });
});

describe('early, duplicate and late inputs', () => {
  it('an approval that comes before its question is deferred and then counts', () => {
    concerned()
      .when('OrderApproved')
      .thenKept()
      .answered('review-order', 'ReviewPassed')
      .then(...(['open.confirmingStock', 'send order: ApproveOrder', 'ask purchasing: confirm-stock'] as const));
  });

  it('only the first confirmation of the stock counts', () => {
    const flow = confirming();
    const { taskId } = flow.task('confirm-stock');
    flow
      .answeredTask(taskId, 'StockConfirmed')
      .answeredTask(taskId, 'StockNotToBeHad', { lines: [1] })
      .thenStrayed(/closed/)
      .then('open.releasing');
  });

  it('only the first dispatch counts', () => {
    awaitingDispatch().when('ParcelShipped', handover).when('ParcelShipped', handover).thenStrayed(/ended/).then('dispatched');
  });
});
