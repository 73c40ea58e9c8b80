import type { Heard } from '../message.js';

interface Followed {
  fate: 'open' | 'dispatched' | 'delivered' | 'cancelled';
  /** Facts that promise a refund; refunds that were filed; refunds that are over. */
  readonly owed: Set<string>;
  readonly filed: Set<string>;
  readonly over: Set<string>;
  readonly leaves: { readonly promise: Promise<void>; readonly resolve: () => void };
}

/** What became of the orders that this storefront has placed, as the services tell. */
export class FollowedOrders {
  private readonly orders = new Map<string, Followed>();

  follow(orderNumber: string): void {
    if (!this.orders.has(orderNumber))
      this.orders.set(orderNumber, { fate: 'open', owed: new Set(), filed: new Set(), over: new Set(), leaves: deferred() });
  }

  /** Resolves when the order was dispatched or cancelled. */
  async left(orderNumber: string): Promise<'dispatched' | 'cancelled'> {
    const order = this.orders.get(orderNumber);
    if (!order) throw new RangeError(`nobody follows order ${orderNumber}`);
    await order.leaves.promise;
    return order.fate === 'cancelled' ? 'cancelled' : 'dispatched';
  }

  /** Numbers of those that have not come to their end: delivered (untracked: dispatched) or cancelled, and every refund paid or rejected. */
  get open(): string[] {
    return [...this.orders].filter(([, order]) => !hasEnded(order)).map(([number]) => number);
  }

  hear({ id, type, data }: Heard): void {
    const order = this.orders.get(String(data['orderNumber']));
    if (!order) return;
    const refund = String(data['refundId']);
    switch (type) {
      case 'OrderDispatched':
        move(order, data['trackingNumber'] === null ? 'delivered' : 'dispatched');
        break;
      case 'ParcelDelivered':
        move(order, 'delivered');
        break;
      case 'OrderCancelled':
        move(order, 'cancelled');
        if (data['refund'] !== 0) order.owed.add(id);
        break;
      case 'OrderLinesCancelled':
        if (data['refund'] !== 0) order.owed.add(id);
        break;
      case 'RefundRequested':
        order.filed.add(refund);
        break;
      case 'RefundApplicationRefused':
      case 'RefundRejected':
      case 'RefundPaid':
        order.filed.add(refund);
        order.over.add(refund);
    }
  }
}

const hasEnded = ({ fate, owed, filed, over }: Followed): boolean =>
  (fate === 'delivered' || fate === 'cancelled') && filed.size >= owed.size && filed.size === over.size;

/** Facts of two topics may overtake each other: delivered stays delivered. */
function move(order: Followed, fate: Followed['fate']): void {
  if (order.fate !== 'delivered') order.fate = fate;
  order.leaves.resolve();
}

function deferred(): Followed['leaves'] {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
