import { effects, flowOf } from '@orderloom/flows';
import type { LineQuantity } from '../placed.js';
import { policies } from '../policies.js';

interface Waiting {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** Missing for the whole order. */
  lines?: readonly LineQuantity[];
}

const { inform, tell } = effects<Waiting>();

const flow = flowOf<Waiting, never>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: ({ orderNumber, changeId, reason, lines }: Waiting) => ({ orderNumber, changeId, reason, lines }) },
});

/**
 * ORD-14, AFT-02 不发货,要退款: a cancellation that waits for the end of another change is told to reviewer and customer at once. The goods
 * are held when it begins: logistics knows one hold of an order, and two flows that hold it would release each other's.
 */
export const queueCancellation = flow.chart({
  id: 'queue-cancellation',
  version: '1',
  initial: 'noted',
  states: {
    noted: {
      type: 'final',
      description: 'ORD-14',
      entry: [
        inform('reviewer', 'cancellation-requested', ({ orderNumber, lines, reason }) => ({ orderNumber, lines, reason })),
        tell('ORD-14', 'cancellation-noted', ({ orderNumber }) => ({ orderNumber })),
      ],
    },
  },
});
