import { effects, flowOf, only } from '@orderloom/flows';
import type { LineQuantity } from '../placed.js';
import { policies } from '../policies.js';

interface Waiting {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** Missing for the whole order. */
  lines?: readonly LineQuantity[];
}

type Input =
  { type: 'ShipmentHeld' | 'HoldRefused' | 'HoldReleased' | 'OrderCancelled' } | { type: 'CancellationRequested'; changeId: string };

const { inform, send, tell } = effects<Waiting>();
const number = ({ orderNumber }: Waiting) => ({ orderNumber });

const flow = flowOf<Waiting, Input>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: ({ orderNumber, changeId, reason, lines }: Waiting) => ({ orderNumber, changeId, reason, lines }) },
  listensTo: ['CancellationRequested', 'OrderCancelled', 'HoldReleased'],
  guards: { thisChange: ({ changeId }, input) => only(input, 'CancellationRequested').changeId === changeId },
});

/** ORD-14, AFT-02 不发货,要退款: a cancellation that waits for the end of another change holds the goods meanwhile, and is never lost. */
export const queueCancellation = flow.chart({
  id: 'queue-cancellation',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'ORD-14',
      entry: [
        inform('reviewer', 'cancellation-requested', ({ orderNumber, lines, reason }) => ({ orderNumber, lines, reason })),
        tell('ORD-14', 'cancellation-noted', number),
      ],
      initial: 'holding',
      on: { CancellationRequested: { guard: 'thisChange', target: 'takenUp' }, OrderCancelled: 'cancelled' },
      states: {
        holding: {
          description: 'ORD-10',
          entry: send('logistics', 'HoldShipment', number),
          on: { ShipmentHeld: 'waiting', HoldRefused: 'waiting' },
        },
        // the change before lets go what it held: it is held again
        waiting: { description: 'ORD-14', on: { HoldReleased: 'holding' } },
      },
    },
    takenUp: { type: 'final', description: 'ORD-14' },
    cancelled: { type: 'final', description: 'ORD-13' },
  },
});
