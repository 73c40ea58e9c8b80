import { end, notation, type On, type State } from '@orderloom/flows';
import type { ShipmentCommand } from '../../shipment-facts.js';
import { type Hold, hold, order, request } from '../hold-shipment.js';

const { asking, inform, keep, send } = notation<Hold, { logistics: ShipmentCommand }>();

const states = (confirmed: On<Hold>): Readonly<Record<string, State<Hold, 'warehouseAnswer'>>> => ({
  askingWarehouse: asking('LOG-09', 'hold-order', order, {
    on: {
      HoldConfirmed: 'confirming',
      HoldDenied: { target: 'denying', actions: keep('reason') },
      ParcelPicked: 'denying',
      ParcelShipped: 'denying',
    },
    remindedAfter: 'warehouseAnswer',
  }),
  confirming: { description: 'LOG-09', entry: send('logistics', 'ConfirmHold', request), on: confirmed },
  denying: { description: 'LOG-09', entry: send('logistics', 'DenyHold', request), on: { HoldRefused: 'refused' } },
  held: end('ORD-10'),
  refused: end('ORD-11'),
});

/** As it was: a warehouse that had confirmed what it had reported as picked kept holding it. */
export const holdShipmentV1 = hold.chart({
  id: 'hold-shipment',
  version: '1',
  initial: 'askingWarehouse',
  states: states({ ShipmentHeld: 'held', HoldRefused: 'refused' }),
});

/** As it was: it took the answer to another flow that held the same order for its own. */
export const holdShipmentV2 = hold.chart({
  id: 'hold-shipment',
  version: '2',
  initial: 'askingWarehouse',
  states: states({ ShipmentHeld: 'held', HoldRefused: { target: 'refused', actions: inform('warehouse', 'hold-released', order) } }),
});
