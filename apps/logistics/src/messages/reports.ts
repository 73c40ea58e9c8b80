import { courierStatusReported, parcelPacked, parcelPicked, parcelScanned, parcelShipped } from '@orderloom/contracts';
import { routesTo } from '@orderloom/platform';
import { shipment } from '../shipment.js';

const route = routesTo(shipment);

/** LOG-09: routes warehouse reports and courier scans to commands of a shipment. */
export const reportRoutes = [
  route(parcelPicked, (pick) => ({ id: pick.orderNumber, command: { type: 'ReportPicked', ...pick } })),
  route(parcelPacked, ({ orderNumber, at }) => ({ id: orderNumber, command: { type: 'ReportPacked', orderNumber, at } })),
  route(parcelShipped, (parcel) => ({ id: parcel.orderNumber, command: { type: 'ReportShipped', ...parcel } })),
  route(courierStatusReported, (status) => ({ id: status.orderNumber, command: { type: 'RecordCourierStatus', ...status } })),
  route(parcelScanned, (scan) => ({ id: scan.orderNumber, command: { type: 'RecordScan', ...scan } })),
];
