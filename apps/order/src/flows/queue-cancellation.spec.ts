import { givenFlow } from '@orderloom/flows';
import { orderNumber } from '../order.fixture.js';
import { queueCancellation } from './queue-cancellation.js';

const queued = { type: 'CancellationQueued', orderNumber, changeId: 'change-2', behind: 'change-1', reason: 'ordered twice' };
const asked = () => givenFlow(queueCancellation, queued);

describe('a cancellation that waits for another change (ORD-14)', () => {
  it('holds the goods at once, tells the reviewer, and the customer', () => {
    asked().then(
      'open.holding',
      'inform reviewer: cancellation-requested',
      'tell customer: cancellation-noted',
      'send logistics: HoldShipment',
    );
  });

  it('is over when the order takes it up: from then on it is a cancellation like any other', () => {
    const flow = asked().when('ShipmentHeld').then('open.waiting');
    flow.when('CancellationRequested', { changeId: 'change-3' }).thenStrayed(/no state/);
    flow.when('CancellationRequested', { changeId: 'change-2' }).then('takenUp', 'end: takenUp');
  });

  it('holds again what the change before lets go', () => {
    const flow = asked().when('ShipmentHeld').when('HoldReleased').then('open.holding', 'send logistics: HoldShipment');
    flow.when('ShipmentHeld').then('open.waiting');
  });

  it('waits all the same where it is too late to hold: whoever takes it up says so', () => {
    asked()
      .when('HoldRefused', { reason: 'picked' })
      .then('open.waiting')
      .when('CancellationRequested', { changeId: 'change-2' })
      .then('takenUp', 'end: takenUp');
  });

  it('is over where the change before cancels the order', () => {
    asked().when('OrderCancelled', { changeId: 'change-1' }).then('cancelled', 'end: cancelled');
  });
});
