import { effects, defineFlow } from '@orderloom/flows';
import type { LineQuantity } from '../../order-details.js';
import { policies } from '../../policies.js';

interface Waiting {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** Missing for the whole order. */
  lines?: readonly LineQuantity[];
}

const { inform, tell } = effects<Waiting>();

const flow = defineFlow<Waiting, never>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: ({ orderNumber, changeId, reason, lines }: Waiting) => ({ orderNumber, changeId, reason, lines }) },
});

/** As it was: it held nothing, since logistics knew one hold of an order. */
export const queueCancellationV1 = flow.chart({
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
