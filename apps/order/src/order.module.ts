import { eventsTopicOf } from '@orderloom/contracts';
import { deriveId } from '@orderloom/kernel';
import { publishAll, type ServiceDefinition } from '@orderloom/platform';
import { cancelOrder } from './flows/cancellation/cancel-order.js';
import { changeAddress } from './flows/changes/change-address.js';
import { changeProduct } from './flows/changes/change-product.js';
import { checkRepeatedOrder } from './flows/check-repeated-order.js';
import { confirmOrder } from './flows/confirm-order.js';
import { fulfilOrder } from './flows/fulfilment/fulfil-order.js';
import { queueCancellation } from './flows/cancellation/queue-cancellation.js';
import { refundSurplus } from './flows/cancellation/refund-surplus.js';
import { traceCapture } from './flows/trace-capture.js';
import { cancelOrderV1 } from './flows/v1/cancel-order.js';
import { changeAddressV1 } from './flows/v1/change-address.js';
import { fulfilOrderV1 } from './flows/v1/fulfil-order.js';
import { queueCancellationV1 } from './flows/v1/queue-cancellation.js';
import { ChangeOrderHandler } from './http/orders.commands.js';
import { OrdersController } from './http/orders.controller.js';
import { ProductsController } from './http/products.controller.js';
import { FindOrdersHandler, ShowOrderHandler } from './http/orders.queries.js';
import { reshipRoutes, paymentRoutes, storefrontRoutes } from './messages/storefront.js';
import {
  Orders1764000000101,
  OrdersByNumber1764000000102,
  OrdersRebuilt1764000000103,
  Products1764000000104,
} from './migrations/orders.js';
import { order as orderDecider } from './order.js';
import { product } from './products/product.js';

const toOrder = { decider: orderDecider, id: 'orderNumber' };

export const order: ServiceDefinition = {
  name: 'order',
  description: 'Orders: placed, reviewed, confirmed by purchasing, released, changed and cancelled.',
  deciders: [orderDecider, product],
  flows: [
    fulfilOrderV1,
    fulfilOrder,
    confirmOrder,
    cancelOrderV1,
    cancelOrder,
    queueCancellationV1,
    queueCancellation,
    refundSurplus,
    changeAddressV1,
    changeAddress,
    changeProduct,
    checkRepeatedOrder,
    traceCapture,
  ],
  commands: {
    ApproveOrder: toOrder,
    HoldOrder: toOrder,
    ReleaseOrder: toOrder,
    RecordDispatch: toOrder,
    RequestCancellation: { ...toOrder, derive: (commandId) => ({ changeId: deriveId('change', commandId) }) },
    CancelOrder: toOrder,
    RefuseCancellation: toOrder,
    ChangeAddress: toOrder,
    RefuseAddressChange: toOrder,
    RequestDifference: toOrder,
    ReplaceOrderLines: toOrder,
    CloseProductChange: toOrder,
    RequestReship: toOrder,
  },
  subscribes: [...storefrontRoutes, ...paymentRoutes, ...reshipRoutes],
  publishes: [publishAll(orderDecider, eventsTopicOf('order'))],
  migrations: [Orders1764000000101, OrdersByNumber1764000000102, OrdersRebuilt1764000000103, Products1764000000104],
  controllers: [OrdersController, ProductsController],
  providers: [ChangeOrderHandler, FindOrdersHandler, ShowOrderHandler],
};
