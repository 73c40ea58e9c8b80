import { totalCaptured, firstKeyId, partsOf, paymentsOf } from '@orderloom/contracts';
import type { Projection } from '@orderloom/event-sourcing';
import type { OrderEvent } from '../order-facts.js';

/** An order as people look it up (ORD-06): found by the key of its customer; `email`, `name` and `phone` are sealed. */
export interface OrderRow {
  readonly orderNumber: string;
  readonly storefront: string;
  /** The number that it has in its storefront: orders of several may have the same. */
  readonly number: string;
  readonly status: string;
  readonly placedAt: string;
  readonly promisedDispatchBy: string;
  readonly customerKey: string | null;
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
  readonly country: string;
  readonly total: number;
  readonly captured: number;
  readonly currency: string;
  readonly openChange: string | null;
}

const statusAfter: Partial<Record<OrderEvent['type'], string>> = {
  OrderApproved: 'approved',
  OrderHeld: 'held',
  OrderReleased: 'released',
  OrderDispatched: 'dispatched',
  OrderCancelled: 'cancelled',
};

export const ordersView: Projection<OrderEvent, OrderRow> = {
  table: 'orders',
  key: (event) => event.subject,
  evolve: (row, event) => {
    if (event.type === 'OrderPlaced') {
      const { orderNumber, storefront, placedAt, promisedDispatchBy, customer, address, total, currency, ...paid } = event.data as Extract<
        OrderEvent,
        { type: 'OrderPlaced' }
      >['data'];
      return {
        orderNumber,
        storefront,
        number: partsOf(orderNumber).number,
        status: 'placed',
        placedAt,
        promisedDispatchBy,
        customerKey: firstKeyId(customer.email, customer.name, address.recipient, address.street) ?? null,
        email: customer.email,
        name: customer.name,
        phone: customer.phone ?? address.phone ?? null,
        country: address.country,
        total,
        captured: totalCaptured(paymentsOf(paid)),
        currency,
        openChange: null,
      };
    }
    if (!row) return null;
    if (event.type === 'CaptureRecorded') return { ...row, captured: row.captured + (event.data as { amount: number }).amount };
    if (event.type === 'OrderLinesReplaced') return { ...row, total: row.total + (event.data as { difference: number }).difference };
    const status = statusAfter[event.type] ?? row.status;
    if (event.type === 'CancellationRequested' || event.type === 'AddressChangeRequested' || event.type === 'ProductChangeRequested') {
      return { ...row, openChange: (event.data as { changeId: string }).changeId };
    }
    const closes = [
      'OrderLinesCancelled',
      'OrderCancelled',
      'CancellationRefused',
      'AddressChanged',
      'AddressChangeRefused',
      'ProductChangeClosed',
    ].includes(event.type);
    return { ...row, status, openChange: closes ? null : row.openChange };
  },
};
