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

describe('fulfilling an order', () => {
  it('against which nothing speaks approves it, asks purchasing, releases and prepares it (ORD-03, ORD-04)', () => {
    placedNow().then('open.approving', 'send order: ApproveOrder');
    confirming().then('open.confirmingStock', 'ask purchasing: confirm-stock');
    releasing().then('open.releasing', 'send order: ReleaseOrder');
    awaitingDispatch().then('open.awaitingDispatch.waiting', 'send logistics: PrepareShipment');
  });

  it('prepares what was released, not what was placed', () => {
    const flow = releasing().when('OrderReleased', { lines: rest, address: { ...address, street: '6 Piccadilly' } });
    expect(flow.last('CommandSent', 'PrepareShipment').data).toEqual({
      orderNumber,
      lines: rest,
      address: { ...address, street: '6 Piccadilly' },
      placedAt: '2010-12-01T08:26:00.000000Z',
    });
  });

  it('says which cancellations what it prepares is without (ORD-13)', () => {
    const flow = releasing().when('OrderReleased', { lines: lines.slice(1), address, amendedBy: ['cancel-order-1'] });
    expect(flow.last('CommandSent', 'PrepareShipment').data).toMatchObject({ lines: lines.slice(1), amendedBy: ['cancel-order-1'] });
  });

  it('ends with the mail on dispatch: method, tracking number (ORD-08)', () => {
    const flow = awaitingDispatch().when('ParcelShipped', handover);
    flow.then('dispatched', 'send order: RecordDispatch', 'tell customer: order-dispatched', 'end: dispatched');
    expect(flow.last('CustomerTold').fields).toMatchObject({ method: 'Tracked 48', trackingNumber: 'RM1GB' });
    expect(flow.dueAt('dispatchPromise')).toBeUndefined();
  });
});

describe('the promise of dispatch (ORD-05)', () => {
  it('raises an alert before it is broken, and tells the customer when it is; each once', () => {
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
  it('is asked for where something speaks against the order', () => {
    concerned()
      .then('open.askingReviewer', 'ask reviewer: review-order')
      .answered('review-order', 'ReviewPassed')
      .then('open.approving', 'send order: ApproveOrder');
  });

  it('that holds the order goes on until it passes', () => {
    const flow = concerned().answered('review-order', 'ReviewHeld', { reason: 'which bell?' });
    flow.then('open.held', 'send order: HoldOrder', 'ask reviewer: review-order');
    expect(flow.last('CommandSent', 'HoldOrder').data).toMatchObject({ reason: 'which bell?' });
    flow
      .answered('review-order', 'ReviewHeld', { reason: 'no answer' })
      .then('open.held', 'send order: HoldOrder', 'ask reviewer: review-order');
    flow.answered('review-order', 'ReviewPassed').then('open.approving', 'send order: ApproveOrder');
  });

  it('is reminded after half an hour, twice, then escalated', () => {
    const flow = concerned();
    expect(flow.task('review-order').dueAt).toBe('2010-12-01T09:30:00.000000Z');
    flow.due('reviewerAnswer').due('reviewerAnswer').then('open.askingReviewer', 'remind reviewer: review-order');
    flow.due('reviewerAnswer').then('open.askingReviewer', 'escalate reviewer: review-order', 'inform supervisor: task-escalated');
  });
});

describe('what comes early, twice or late', () => {
  it('is kept where it came before its question: approved before it was asked', () => {
    concerned()
      .when('OrderApproved')
      .thenKept()
      .answered('review-order', 'ReviewPassed')
      .then(...(['open.confirmingStock', 'send order: ApproveOrder', 'ask purchasing: confirm-stock'] as const));
  });

  it('confirms the stock once', () => {
    const flow = confirming();
    const { taskId } = flow.task('confirm-stock');
    flow
      .answeredTask(taskId, 'StockConfirmed')
      .answeredTask(taskId, 'StockNotToBeHad', { lines: [1] })
      .thenStrayed(/closed/)
      .then('open.releasing');
  });

  it('dispatches once', () => {
    awaitingDispatch().when('ParcelShipped', handover).when('ParcelShipped', handover).thenStrayed(/ended/).then('dispatched');
  });
});
