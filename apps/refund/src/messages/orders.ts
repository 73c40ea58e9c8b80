import { messageOf, orderMessages, orderPlaced, paymentsOf } from '@orderloom/contracts';
import { hearFor } from '@orderloom/platform';
import { refunds } from '../refunds.js';

const hear = hearFor(refunds);

/** REF-03: what was captured is known from the order. */
export const fromOrders = [
  hear(orderPlaced, ({ orderNumber, currency, payment, payments }) => ({
    id: orderNumber,
    command: { type: 'RecordCaptures', orderNumber, currency, payments: paymentsOf({ payment, payments }) },
  })),
  hear(messageOf(orderMessages, 'CaptureRecorded'), ({ orderNumber, currency, method, captured, reference }) => ({
    id: orderNumber,
    command: { type: 'RecordCaptures', orderNumber, currency, payments: [{ method, captured, reference }] },
  })),
];
