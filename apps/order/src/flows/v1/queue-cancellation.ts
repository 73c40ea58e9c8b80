import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../../policies.js';
import { orderNumberOnly } from '../fragments.js';

type Waiting = Pick<FactOf<'CancellationQueued'>, 'orderNumber' | 'changeId' | 'reason' | 'lines'>;

const { inform, tell } = notation<Waiting>();

/** As it was: it held nothing, since logistics knew one hold of an order. */
export const queueCancellationV1 = defineFlow<Waiting>()({
  service: 'order',
  policies,
  startedBy: { CancellationQueued: starts({}, 'orderNumber', 'changeId', 'reason', 'lines') },
}).chart({
  id: 'queue-cancellation',
  version: '1',
  initial: 'noted',
  states: {
    noted: end(
      'ORD-14',
      inform('reviewer', 'cancellation-requested', ({ orderNumber, lines, reason }) => ({ orderNumber, lines, reason })),
      tell('ORD-14', 'cancellation-noted', orderNumberOnly),
    ),
  },
});
