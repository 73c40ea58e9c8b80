import type { IncomingMessage } from '../messaging/message.js';

interface TrackedOrder {
  status: 'open' | 'dispatched' | 'delivered' | 'cancelled';
  /** Events that promise a refund, refunds that were filed, and refunds that are completed. */
  readonly owed: Set<string>;
  readonly filed: Set<string>;
  readonly over: Set<string>;
  /** Messages that open a case, cases that were opened, and cases that are closed. */
  readonly expected: Set<string>;
  readonly cases: Set<string>;
  readonly closed: Set<string>;
  /** Number of a dispatched line. */
  line: number;
  deliveredAt?: number;
  readonly leaves: { readonly promise: Promise<void>; readonly resolve: () => void };
}

/** Status of the storefront's orders, from the events of the services. */
export class OrderTracker {
  private readonly orders = new Map<string, TrackedOrder>();

  follow(orderNumber: string): void {
    if (this.orders.has(orderNumber)) return;
    const refunds = { owed: new Set<string>(), filed: new Set<string>(), over: new Set<string>() };
    const cases = { expected: new Set<string>(), cases: new Set<string>(), closed: new Set<string>() };
    this.orders.set(orderNumber, { status: 'open', ...refunds, ...cases, line: 1, leaves: deferred() });
  }

  follows(orderNumber: string): boolean {
    return this.orders.has(orderNumber);
  }

  /** Expects that message `id` opens a case; the order is not completed before that case. */
  expectCase(orderNumber: string, id: string): void {
    this.orders.get(orderNumber)?.expected.add(id);
  }

  /** A dispatched line. */
  someLine(orderNumber: string): number {
    return this.orders.get(orderNumber)?.line ?? 1;
  }

  /** Milliseconds since 1970; undefined until the delivery is known. */
  deliveredAt(orderNumber: string): number | undefined {
    return this.orders.get(orderNumber)?.deliveredAt;
  }

  /** Resolves when the order is dispatched or cancelled. */
  async whenDispatched(orderNumber: string): Promise<'dispatched' | 'cancelled'> {
    const order = this.orders.get(orderNumber);
    if (!order) throw new RangeError(`order ${orderNumber} is not followed: call follow first`);
    await order.leaves.promise;
    return order.status === 'cancelled' ? 'cancelled' : 'dispatched';
  }

  /**
   * Numbers of open orders. An order is completed once it is delivered (untracked: dispatched) or cancelled, all refunds are paid or
   * rejected, and all cases closed.
   */
  get open(): string[] {
    return [...this.orders].filter(([, order]) => !hasEnded(order)).map(([number]) => number);
  }

  onEvent({ id, type, data }: IncomingMessage): void {
    const order = this.orders.get(String(data['orderNumber']));
    if (!order) return;
    const refund = String(data['refundId']);
    switch (type) {
      case 'OrderDispatched':
        move(order, data['trackingNumber'] === null ? 'delivered' : 'dispatched');
        break;
      case 'ParcelDelivered':
        move(order, 'delivered');
        order.deliveredAt = Date.parse(String(data['at']));
        break;
      case 'OrderReleased':
        order.line = (data['lines'] as { line: number }[] | null | undefined)?.[0]?.line ?? order.line;
        break;
      case 'OrderLinesReplaced':
        order.line = (data['remaining'] as { line: number }[] | null | undefined)?.[0]?.line ?? order.line;
        if (isOwed(data['refund'])) order.owed.add(id);
        break;
      case 'CaseOpened':
        order.cases.add(String(data['caseId']));
        break;
      case 'CaseClosed':
        order.closed.add(String(data['caseId']));
        break;
      case 'UnitsSettled':
        if (isOwed(data['refund'])) order.owed.add(id);
        break;
      case 'OrderCancelled':
        move(order, 'cancelled');
        if (isOwed(data['refund'])) order.owed.add(id);
        break;
      case 'OrderLinesCancelled':
        if (isOwed(data['refund'])) order.owed.add(id);
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

const isOwed = (refund: unknown): boolean => typeof refund === 'number' && refund !== 0;

const hasEnded = ({ status, owed, filed, over, expected, cases, closed }: TrackedOrder): boolean =>
  (status === 'delivered' || status === 'cancelled') &&
  filed.size >= owed.size &&
  filed.size === over.size &&
  cases.size >= expected.size &&
  closed.size === cases.size;

/** Events of two topics may arrive out of order: a delivered order stays delivered. */
function move(order: TrackedOrder, status: TrackedOrder['status']): void {
  if (order.status !== 'delivered') order.status = status;
  order.leaves.resolve();
}

function deferred(): TrackedOrder['leaves'] {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
