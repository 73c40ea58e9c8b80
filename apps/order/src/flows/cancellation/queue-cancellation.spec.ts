import { givenFlow } from '@orderloom/flows';
import { orderNumber } from '../../order.fixture.js';
import { queueCancellation } from './queue-cancellation.js';

const queued = { type: 'CancellationQueued', orderNumber, changeId: 'change-2', behind: 'change-1', reason: 'ordered twice' };
const waiting = () => givenFlow(queueCancellation, queued);

describe('a cancellation that waits for another change (ORD-14)', () => {
  it('holds the goods at once, and is told to the reviewer and the customer', () => {
    waiting().then(
      'holding',
      'inform reviewer: cancellation-requested',
      'tell customer: cancellation-noted',
      'send logistics: HoldShipment',
    );
  });

  it.each(['CancellationRefused', 'OrderLinesCancelled'])('holds until it is decided itself: %s', (type) => {
    const flow = waiting().when('ShipmentHeld').then('held');
    flow.when(type, { changeId: 'change-1' }).thenStrayed(/no reachable state/);
    flow.when(type, { changeId: 'change-2' }).then('releasing', 'send logistics: ReleaseHold');
    flow.when('HoldReleased').then('noted', 'end: noted');
  });

  it('has nothing to release where the order is cancelled, by whomever', () => {
    waiting().when('ShipmentHeld').when('OrderCancelled', { changeId: 'change-1' }).then('noted', 'end: noted');
  });

  it('decided before the warehouse has stopped it releases the hold when it comes', () => {
    const flow = waiting().when('CancellationRefused', { changeId: 'change-2' }).thenKept();
    flow.when('ShipmentHeld').then('releasing', 'send logistics: ReleaseHold');
  });

  it('too late to be held has no hold', () => {
    waiting().when('HoldRefused', { reason: 'shipped' }).then('noted', 'end: noted');
  });
});
