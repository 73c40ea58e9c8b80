import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { ShipmentCommand } from '../shipment-facts.js';

type Watched = FactOf<'ParcelsWatched'>;

const { keep, send } = notation<Watched, { logistics: ShipmentCommand }>();

/** LOG-11: shipped parcels are looked at on a schedule before somebody asks, until they are delivered, lost or settled. */
export const watchParcels = defineFlow<Watched>()({
  service: 'logistics',
  policies,
  startedBy: { ParcelsWatched: starts({}) },
  listensTo: ['ShipmentDelivered'],
}).chart({
  id: 'watch-parcels',
  version: '1',
  initial: 'waiting',
  states: {
    waiting: { description: 'LOG-11', on: { ShipmentDelivered: 'delivered' }, after: { nextLook: 'looking' } },
    looking: {
      description: 'LOG-11',
      entry: send('logistics', 'CheckParcels', ({ orderNumber }) => ({ orderNumber })),
      on: {
        ParcelsChecked: [
          { guard: isOver, target: 'over' },
          { target: 'waiting', actions: keep('lookAgainAt') },
        ],
        ShipmentDelivered: 'delivered',
      },
    },
    delivered: end('LOG-11'),
    over: end('LOG-11'),
  },
});

function isOver(_: Watched, { over }: FactOf<'ParcelsChecked'>) {
  return over;
}
