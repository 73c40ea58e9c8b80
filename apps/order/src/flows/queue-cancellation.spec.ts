import { givenFlow } from '@orderloom/flows';
import { orderNumber } from '../order.fixture.js';
import { queueCancellation } from './queue-cancellation.js';

const queued = { type: 'CancellationQueued', orderNumber, changeId: 'change-2', behind: 'change-1', reason: 'ordered twice' };

describe('a cancellation that waits for another change (ORD-14)', () => {
  it('is told to the reviewer and the customer at once, and holds nothing that the change before it may release', () => {
    givenFlow(queueCancellation, queued).then(
      'noted',
      'inform reviewer: cancellation-requested',
      'tell customer: cancellation-noted',
      'end: noted',
    );
  });
});
