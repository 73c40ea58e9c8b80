import { logisticsMessages, messageOf } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { routesToEach } from '@orderloom/platform';
import { shipment } from '../shipment.js';
import { scansOf, type ShipmentRow } from '../views/shipments.view.js';

const route = routesToEach(shipment);

/**
 * LOG-01: a parcel may contain goods of several orders. The warehouse reports each order, the courier names only the one on the label.
 * Report and scan each search for the other after they are recorded, so that their order does not matter.
 */
export const sharedParcelRoutes = [
  route(messageOf(logisticsMessages, 'ParcelScanned'), async ({ orderNumber, ...scan }, store) =>
    (await ordersWith(store, scan.trackingNumber))
      .filter((row) => row.orderNumber !== orderNumber && hasParcel(row, scan.trackingNumber))
      .map((row) => ({ id: row.orderNumber, command: { type: 'RecordScans', orderNumber: row.orderNumber, scans: [scan] } })),
  ),
  ...(['ParcelShipped', 'ParcelRenumbered'] as const).map((type) =>
    route(messageOf(logisticsMessages, type), async ({ orderNumber, trackingNumber }, store) => {
      if (trackingNumber === null) return [];
      const others = (await ordersWith(store, trackingNumber)).filter((row) => row.orderNumber !== orderNumber);
      const scans = others.flatMap((row) => scansOf(row, trackingNumber));
      return scans.length > 0 ? [{ id: orderNumber, command: { type: 'RecordScans', orderNumber, scans } }] : [];
    }),
  ),
];

const ordersWith = (store: EventStore, trackingNumber: string): Promise<readonly ShipmentRow[]> =>
  store.rows<ShipmentRow>('shipments', { trackingNumbers: trackingNumber });

const hasParcel = ({ parcels = [] }: ShipmentRow, trackingNumber: string): boolean =>
  parcels.some((parcel) => parcel.trackingNumber === trackingNumber);
