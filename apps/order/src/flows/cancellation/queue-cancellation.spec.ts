import { givenFlow } from '@orderloom/flows';
import { orderNumber } from '../../order.fixture.js';
import { queueCancellation } from './queue-cancellation.js';

const queued = { type: 'CancellationQueued', orderNumber, changeId: 'change-2', behind: 'change-1', reason: 'ordered twice' };
const waiting = () => givenFlow(queueCancellation, queued);

describe('a cancellation queued behind another change (ORD-14)', () => {
  it('the shipment is held, and the reviewer and the customer are told', () => {
    waiting().then(
      'holding',
      'inform reviewer: cancellation-requested',
      'tell customer: cancellation-noted',
      'send logistics: HoldShipment',
    );
  });

  it.each(['CancellationRefused', 'OrderLinesCancelled'])('the hold lasts until the queued cancellation is decided: %s', (type) => {
    const flow = waiting().when('ShipmentHeld').then('held');
    flow.when(type, { changeId: 'change-1' }).thenStrayed(/no reachable state/);
    flow.when(type, { changeId: 'change-2' }).then('releasing', 'send logistics: ReleaseHold');
    flow.when('HoldReleased').then('noted', 'end: noted');
  });

  it('a cancelled order has no hold to release', () => {
    waiting().when('ShipmentHeld').when('OrderCancelled', { changeId: 'change-1' }).then('noted', 'end: noted');
  });

  it('a hold confirmed after the decision is released', () => {
    const flow = waiting().when('CancellationRefused', { changeId: 'change-2' }).thenKept();
    flow.when('ShipmentHeld').then('releasing', 'send logistics: ReleaseHold');
  });

  it('a shipped order has no hold to release', () => {
    waiting().when('HoldRefused', { reason: 'shipped' }).then('noted', 'end: noted');
  });
});
