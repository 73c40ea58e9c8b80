import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../../policies.js';
import { orderNumberOnly, releaseState } from '../fragments.js';

type Waiting = Pick<FactOf<'CancellationQueued'>, 'orderNumber' | 'changeId' | 'reason' | 'lines'>;

const { inform, send, tell } = notation<Waiting>();

/**
 * ORD-14, AFT-02 不发货,要退款: a cancellation that waits for the end of another change holds the goods and is told to reviewer and
 * customer at once. Its hold lasts until it is decided, beside that of the change before it and that of its own cancellation.
 */
export const queueCancellation = defineFlow<Waiting>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: starts({}, 'orderNumber', 'changeId', 'reason', 'lines') },
  listensTo: ['OrderCancelled', 'OrderLinesCancelled', 'CancellationRefused'],
}).chart({
  id: 'queue-cancellation',
  version: '2',
  initial: 'holding',
  states: {
    holding: {
      description: 'ORD-14',
      entry: [
        inform('reviewer', 'cancellation-requested', ({ orderNumber, lines, reason }) => ({ orderNumber, lines, reason })),
        tell('ORD-14', 'cancellation-noted', orderNumberOnly),
        send('logistics', 'HoldShipment', orderNumberOnly),
      ],
      on: { ShipmentHeld: 'held', HoldRefused: 'noted' },
    },
    held: {
      description: 'ORD-10',
      on: {
        OrderCancelled: 'noted',
        OrderLinesCancelled: { guard: ours, target: 'releasing' },
        CancellationRefused: { guard: ours, target: 'releasing' },
      },
    },
    releasing: releaseState('ORD-12', 'noted'),
    noted: end('ORD-14'),
  },
});

function ours({ changeId }: Waiting, input: { readonly changeId: string }) {
  return input.changeId === changeId;
}
