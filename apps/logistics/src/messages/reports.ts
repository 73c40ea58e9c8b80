import { parcelPacked, parcelPicked, parcelScanned, parcelShipped } from '@orderloom/contracts';
import { hearFor } from '@orderloom/platform';
import { shipment } from '../shipment.js';

const hear = hearFor(shipment);

/** LOG-09: what the warehouse reports and the courier scans, as commands to a shipment. */
export const reports = [
  hear(parcelPicked, (pick) => ({ id: pick.orderNumber, command: { type: 'ReportPicked', ...pick } })),
  hear(parcelPacked, ({ orderNumber, at }) => ({ id: orderNumber, command: { type: 'ReportPacked', orderNumber, at } })),
  hear(parcelShipped, (parcel) => ({ id: parcel.orderNumber, command: { type: 'ReportShipped', ...parcel } })),
  hear(parcelScanned, (scan) => ({ id: scan.orderNumber, command: { type: 'RecordScan', ...scan } })),
];
