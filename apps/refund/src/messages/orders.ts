import { messageOf, orderMessages, orderPlaced, paymentsOf } from '@orderloom/contracts';
import { routesTo } from '@orderloom/platform';
import { refunds } from '../refunds.js';

const route = routesTo(refunds);

/** REF-03: records captures from the order's facts. */
export const captureRoutes = [
  route(orderPlaced, ({ orderNumber, currency, payment, payments }) => ({
    id: orderNumber,
    command: { type: 'RecordCaptures', orderNumber, currency, payments: paymentsOf({ payment, payments }) },
  })),
  route(messageOf(orderMessages, 'CaptureRecorded'), ({ orderNumber, currency, method, captured, reference }) => ({
    id: orderNumber,
    command: { type: 'RecordCaptures', orderNumber, currency, payments: [{ method, captured, reference }] },
  })),
];
