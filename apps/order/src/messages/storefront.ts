import {
  paymentCaptured,
  reshipRequested,
  storefrontAddressChangeRequested,
  storefrontCancellationRequested,
  storefrontOrderPlaced,
  storefrontTrackingRequested,
  storefrontProductChangeRequested,
  productListed,
} from '@orderloom/contracts';
import { deriveId, InvalidInput, type Refusal } from '@orderloom/kernel';
import { routesTo, routesWithLookup } from '@orderloom/platform';
import { order } from '../order.js';
import { lookUpProduct } from '../products/catalogue.js';
import { product } from '../products/product.js';
import { productId } from '../products/product-facts.js';

const route = routesTo(order);

/** The customer's request broke a rule: others learn it as a fact, and nothing is parked. */
const noted = (request: string) => (data: { orderNumber: string }, refusal: Refusal | InvalidInput) => ({
  id: data.orderNumber,
  command: {
    type: 'NoteRefusal' as const,
    orderNumber: data.orderNumber,
    request,
    code: refusal instanceof InvalidInput ? 'invalid-request' : refusal.code,
    message: refusal.message,
  },
});

/** Commands to an order from the records on `orderloom.storefront.orders`. */
export const storefrontRoutes = [
  route(storefrontOrderPlaced, (placed) => ({ id: placed.orderNumber, command: { type: 'PlaceOrder', ...placed } })),
  route(
    storefrontCancellationRequested,
    ({ orderNumber, reason, declaredCause, lines }, { source, id }) => ({
      id: orderNumber,
      command: { type: 'RequestCancellation', orderNumber, changeId: deriveId('change', source, id), reason, declaredCause, lines },
    }),
    noted('CancellationRequested'),
  ),
  route(
    storefrontAddressChangeRequested,
    ({ orderNumber, address, noticed }, message) => ({
      id: orderNumber,
      command: { type: 'RequestAddressChange', orderNumber, changeId: deriveId('change', message.source, message.id), address, noticed },
    }),
    noted('AddressChangeRequested'),
  ),
  route(
    storefrontTrackingRequested,
    ({ orderNumber, text }, message) => ({
      id: orderNumber,
      command: { type: 'RequestTracking', orderNumber, requestId: deriveId('tracking', message.source, message.id), text },
    }),
    noted('TrackingRequested'),
  ),
  // the price is that of the catalogue when the request is read: another topic, so a product is listed before it is asked for
  routesWithLookup(order)(
    storefrontProductChangeRequested,
    ({ orderNumber, sku }, store) => lookUpProduct(store, orderNumber, sku),
    ({ orderNumber, line, quantity, sku }, message, found) => ({
      id: orderNumber,
      command: {
        ...{ type: 'RequestProductChange', orderNumber, changeId: deriveId('change', message.source, message.id) },
        ...{ line, quantity, sku, ...found },
      },
    }),
    noted('ProductChangeRequested'),
  ),
  routesTo(product)(productListed, (listed) => ({ id: productId(listed), command: { type: 'ListProduct', ...listed } })),
];

/** Captures after the placement of an order, from the payment systems' records on `orderloom.payments.notices`. */
export const paymentRoutes = [
  route(paymentCaptured, ({ orderNumber, reference, method, amount, currency, capturedAt }, { source, id }) => ({
    id: orderNumber,
    command: {
      ...{ type: 'RecordCapture', orderNumber, captureId: deriveId('capture', source, id) },
      ...{ reference, method, amount, currency, capturedAt },
    },
  })),
];

/** AFT-34: a re-ship that this service was asked for is placed like any order: it passes review, and is fulfilled. */
export const reshipRoutes = [
  route(reshipRequested, ({ orderNumber, caseId, reshipNumber, at, flow, lines, gifts, ...like }) => ({
    id: reshipNumber,
    command: {
      type: 'PlaceOrder',
      ...like,
      ...{ orderNumber: reshipNumber, placedAt: at, lines, charges: [], total: 0 },
      reship: { caseId, originalOrder: orderNumber, flow, ...(gifts && { gifts }) },
    },
  })),
];
