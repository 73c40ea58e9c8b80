import { logisticsMessages, messageOf, orderMessages, orderPlaced, refundMessages } from '@orderloom/contracts';
import { routesTo, routesToEach } from '@orderloom/platform';
import { purchase } from '../purchase/purchase.js';

const route = routesTo(purchase);
/** For messages that a flow consumes as well and that it applies to the purchase itself. */
const routeAlsoConsumed = routesToEach(purchase);

/** Routes facts about an order from other services to its purchase. */
export const purchaseRoutes = [
  route(orderPlaced, ({ orderNumber, lines, charges, currency, payment, payments, reship }) => {
    const shipping = charges.filter((c) => c.kind === 'shipping').reduce((sum, c) => sum + c.amount, 0);
    return {
      id: orderNumber,
      command: {
        type: 'LearnPurchase',
        orderNumber,
        lines,
        shipping,
        charges,
        currency,
        payment,
        ...(payments && { payments }),
        ...(reship && { reship }),
      },
    };
  }),
  route(messageOf(orderMessages, 'OrderLinesCancelled'), ({ orderNumber, lines, refund, agreedLoss }) => ({
    id: orderNumber,
    command: { type: 'ReducePurchase', orderNumber, lines, settled: refund + agreedLoss },
  })),
  route(messageOf(orderMessages, 'OrderLinesReplaced'), ({ orderNumber, remaining, charges, refund }) => ({
    id: orderNumber,
    command: { type: 'ReplaceLines', orderNumber, lines: remaining, charges, settled: refund },
  })),
  // the order service refunds a capture after a cancellation, so it is not refunded here
  route(messageOf(orderMessages, 'SurplusCaptured'), ({ orderNumber, amount }) => ({
    id: orderNumber,
    command: { type: 'ReducePurchase', orderNumber, lines: [], settled: amount },
  })),
  route(messageOf(orderMessages, 'OrderCancelled'), ({ orderNumber }) => ({
    id: orderNumber,
    command: { type: 'NoteCancellation', orderNumber },
  })),
  route(messageOf(orderMessages, 'CaptureRecorded'), ({ orderNumber, method, captured, reference }) => ({
    id: orderNumber,
    command: { type: 'LearnCapture', orderNumber, payment: { method, captured, reference } },
  })),
  routeAlsoConsumed(
    messageOf(refundMessages, 'RefundApplicationSettled'),
    ({ orderNumber, refundId, caseId, paid, again, reason, filers, flow = refundId }) => {
      const more = { ...(again && { again }), ...(reason !== undefined && { reason }), ...(filers && { filers }) };
      const command = { type: 'NoteRefundOutcome' as const, orderNumber, refundId, paid, ...more, flow };
      return Promise.resolve(caseId === undefined ? [] : [{ id: orderNumber, command }]);
    },
  ),
  route(messageOf(orderMessages, 'OrderDispatched'), ({ orderNumber, at, trackingNumber }) => ({
    id: orderNumber,
    command: { type: 'NoteDispatch', orderNumber, at, trackingNumber },
  })),
  route(messageOf(logisticsMessages, 'ParcelShipped'), ({ orderNumber, at, trackingNumber }) => ({
    id: orderNumber,
    command: { type: 'NoteParcel', orderNumber, at, trackingNumber },
  })),
  route(messageOf(logisticsMessages, 'ParcelRenumbered'), ({ orderNumber, at, trackingNumber, replaces }) => ({
    id: orderNumber,
    command: { type: 'NoteParcel', orderNumber, at, trackingNumber, replaces },
  })),
  route(messageOf(logisticsMessages, 'ParcelDelivered'), ({ orderNumber, trackingNumber, at }) => ({
    id: orderNumber,
    command: { type: 'NoteParcelDelivery', orderNumber, trackingNumber, at },
  })),
  route(messageOf(logisticsMessages, 'ShipmentDelivered'), ({ orderNumber, at }) => ({
    id: orderNumber,
    command: { type: 'NoteDelivery', orderNumber, at },
  })),
];
