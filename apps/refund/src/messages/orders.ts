import { orderPlaced } from '@orderloom/contracts';
import { hearFor } from '@orderloom/platform';
import { refunds } from '../refunds.js';

const hear = hearFor(refunds);

/** REF-03: what was captured is known from the order. */
export const fromOrders = [
  hear(orderPlaced, ({ orderNumber, currency, payment }) => ({
    id: orderNumber,
    command: { type: 'RecordCapture', orderNumber, currency, payment },
  })),
];
