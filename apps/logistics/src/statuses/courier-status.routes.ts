import { logisticsMessages, messageOf } from '@orderloom/contracts';
import { routesTo } from '@orderloom/platform';
import { courierStatus, courierStatusId } from './courier-status.js';

const route = routesTo(courierStatus);

/** LOG-01: lists what shipments have recorded. */
export const courierStatusRoutes = [
  route(messageOf(logisticsMessages, 'CourierStatusReported'), ({ place: _place, ...status }) => ({
    id: courierStatusId(status),
    command: { type: 'NoteCourierStatus', ...status },
  })),
];
