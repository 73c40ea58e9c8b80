import type { View } from '@orderloom/event-sourcing';
import type { OrderEvent } from '../order.js';

/** An order as people look it up (ORD-06). `email`, `name` and `phone` are folded for searching. */
export interface OrderRow {
  readonly orderNumber: string;
  readonly status: string;
  readonly placedAt: string;
  readonly promisedDispatchBy: string;
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  readonly country: string;
  readonly total: number;
  readonly captured: number;
  readonly currency: string;
  readonly openChange: string | null;
}

export const searchable = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
export const digits = (phone: string): string => phone.replace(/\D/g, '');

const statusAfter: Partial<Record<OrderEvent['type'], string>> = {
  OrderApproved: 'approved',
  OrderHeld: 'held',
  OrderReleased: 'released',
  OrderDispatched: 'dispatched',
  OrderCancelled: 'cancelled',
};

export const ordersView: View<OrderEvent, OrderRow> = {
  table: 'orders',
  key: (event) => event.subject,
  evolve: (row, event) => {
    if (event.type === 'OrderPlaced') {
      const { orderNumber, placedAt, promisedDispatchBy, customer, address, total, payment, currency } = event.data as Extract<
        OrderEvent,
        { type: 'OrderPlaced' }
      >['data'];
      return {
        orderNumber,
        status: 'placed',
        placedAt,
        promisedDispatchBy,
        email: searchable(customer.email),
        name: searchable(customer.name),
        phone: digits(customer.phone ?? address.phone ?? ''),
        country: address.country,
        total,
        captured: payment.captured,
        currency,
        openChange: null,
      };
    }
    if (!row) return null;
    const status = statusAfter[event.type] ?? row.status;
    if (event.type === 'CancellationRequested' || event.type === 'AddressChangeRequested') {
      return { ...row, openChange: (event.data as { changeId: string }).changeId };
    }
    const closes = ['OrderLinesCancelled', 'OrderCancelled', 'CancellationRefused', 'AddressChanged', 'AddressChangeRefused'].includes(
      event.type,
    );
    return { ...row, status, openChange: closes ? null : row.openChange };
  },
};
