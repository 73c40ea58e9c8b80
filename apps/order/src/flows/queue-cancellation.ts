import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { LineQuantity } from '../order-details.js';
import { policies } from '../policies.js';

interface Waiting {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** Missing for the whole order. */
  lines?: readonly LineQuantity[];
}

type Input =
  | { type: 'ShipmentHeld' | 'HoldRefused' | 'HoldReleased' | 'OrderCancelled' }
  | { type: 'OrderLinesCancelled' | 'CancellationRefused'; changeId: string };

const { inform, send, tell } = effects<Waiting>();
const number = ({ orderNumber }: Waiting) => ({ orderNumber });

const flow = defineFlow<Waiting, Input>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: ({ orderNumber, changeId, reason, lines }: Waiting) => ({ orderNumber, changeId, reason, lines }) },
  listensTo: ['OrderCancelled', 'OrderLinesCancelled', 'CancellationRefused'],
  guards: { ours: ({ changeId }, input) => narrowInput(input, 'OrderLinesCancelled', 'CancellationRefused').changeId === changeId },
});

/**
 * ORD-14, AFT-02 不发货,要退款: a cancellation that waits for the end of another change holds the goods and is told to reviewer and
 * customer at once. Its hold lasts until it is decided, beside that of the change before it and that of its own cancellation.
 */
export const queueCancellation = flow.chart({
  id: 'queue-cancellation',
  version: '2',
  initial: 'holding',
  states: {
    holding: {
      description: 'ORD-14',
      entry: [
        inform('reviewer', 'cancellation-requested', ({ orderNumber, lines, reason }) => ({ orderNumber, lines, reason })),
        tell('ORD-14', 'cancellation-noted', number),
        send('logistics', 'HoldShipment', number),
      ],
      on: { ShipmentHeld: 'held', HoldRefused: 'noted' },
    },
    held: {
      description: 'ORD-10',
      on: {
        OrderCancelled: 'noted',
        OrderLinesCancelled: { guard: 'ours', target: 'releasing' },
        CancellationRefused: { guard: 'ours', target: 'releasing' },
      },
    },
    releasing: { description: 'ORD-12', entry: send('logistics', 'ReleaseHold', number), on: { HoldReleased: 'noted' } },
    noted: { type: 'final', description: 'ORD-14' },
  },
});
