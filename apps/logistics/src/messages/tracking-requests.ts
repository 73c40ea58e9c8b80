import { messageOf, orderMessages, trackingRequested } from '@orderloom/contracts';
import { routesTo } from '@orderloom/platform';
import { shipment } from '../shipment.js';

const route = routesTo(shipment);

/** LOG-02: somebody asked the order service where the parcel is. */
export const trackingRoutes = [
  route(trackingRequested, ({ orderNumber, requestId, cancelled, promisedDispatchBy }) => ({
    id: orderNumber,
    command: { type: 'OpenTracking', orderNumber, requestId, cancelled, promisedDispatchBy },
  })),
  route(messageOf(orderMessages, 'OrderCancelled'), ({ orderNumber }) => ({
    id: orderNumber,
    command: { type: 'NoteOrderCancelled', orderNumber },
  })),
];
