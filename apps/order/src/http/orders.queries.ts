import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@orderloom/event-sourcing';
import { NotFound } from '@orderloom/kernel';
import { EVENT_STORE } from '@orderloom/platform';
import { digits, type OrderRow, searchable } from '../views/orders.view.js';

/** ORD-06: found by number, by e-mail, by name or by phone. */
export interface OrderSearch {
  readonly number?: string;
  readonly email?: string;
  readonly name?: string;
  readonly phone?: string;
}

export interface FoundOrders {
  readonly orders: readonly OrderRow[];
  /** What to ask the customer next. */
  readonly advice?: string;
}

export class FindOrders extends Query<FoundOrders> {
  constructor(readonly search: OrderSearch) {
    super();
  }
}

@QueryHandler(FindOrders)
export class FindOrdersHandler implements IQueryHandler<FindOrders> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ search: { number, email, name, phone } }: FindOrders): Promise<FoundOrders> {
    const where: Record<string, string> = {
      ...(number === undefined ? {} : { orderNumber: number }),
      ...(email === undefined ? {} : { email: searchable(email) }),
      ...(name === undefined ? {} : { name: searchable(name) }),
      ...(phone === undefined ? {} : { phone: digits(phone) }),
    };
    const orders = await this.store.rows<OrderRow>('orders', where, 50);
    if (orders.length === 0) return { orders, advice: 'Nothing found: ask for the order number, or the e-mail or name that was used.' };
    return orders.length === 1 ? { orders } : { orders, advice: 'Several found: let the customer choose.' };
  }
}

export class ShowOrder extends Query<OrderRow> {
  constructor(readonly orderNumber: string) {
    super();
  }
}

@QueryHandler(ShowOrder)
export class ShowOrderHandler implements IQueryHandler<ShowOrder> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ orderNumber }: ShowOrder): Promise<OrderRow> {
    const row = await this.store.row<OrderRow>('orders', orderNumber);
    if (!row) throw new NotFound(`order ${orderNumber}`);
    return row;
  }
}
