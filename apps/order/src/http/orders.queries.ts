import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { partsOf, referenceOf } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { NotFound } from '@orderloom/kernel';
import { EVENT_STORE, type Sealing, SEALING } from '@orderloom/platform';
import type { OrderRow } from '../views/orders.view.js';

/** ORD-06: found by number, by e-mail, by name or by phone. A bare number is one of any storefront, unless that is said. */
export interface OrderSearch {
  readonly number?: string;
  readonly storefront?: string;
  readonly email?: string;
  readonly name?: string;
  readonly phone?: string;
}

export interface FoundOrders {
  readonly orders: readonly OrderRow[];
  /** The next question to the customer. */
  readonly advice?: string;
}

const most = 50;

export class FindOrders extends Query<FoundOrders> {
  constructor(readonly search: OrderSearch) {
    super();
  }
}

@QueryHandler(FindOrders)
export class FindOrdersHandler implements IQueryHandler<FindOrders> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  async execute({ search: { number, storefront, ...contacts } }: FindOrders): Promise<FoundOrders> {
    const orders = (
      await Promise.all(
        (await this.searches(sought(number, storefront), contacts)).map((where) => this.store.rows<OrderRow>('orders', where, most)),
      )
    )
      .flat()
      .slice(0, most);
    if (orders.length === 0) return { orders, advice: 'Nothing found: ask for the order number, or the e-mail or name that was used.' };
    return orders.length === 1 ? { orders } : { orders, advice: 'Several found: let the customer choose.' };
  }

  /** One search per customer whom the contacts fit; they are known to the key ring alone. */
  private async searches(
    byNumber: Record<string, string>,
    contacts: Pick<OrderSearch, 'email' | 'name' | 'phone'>,
  ): Promise<Record<string, string>[]> {
    if (Object.values(contacts).every((contact) => contact === undefined)) return [byNumber];
    return (await this.sealing.find(contacts)).slice(0, most).map((customerKey) => ({ ...byNumber, customerKey }));
  }
}

/** A reference as orders are known by: the storefront `main` has none before its numbers. */
function referenceMeant(reference: string): string {
  const { storefront, number } = partsOf(reference);
  return referenceOf(storefront, number);
}

/** Of a reference the order itself; of a bare number the orders of all storefronts. */
const sought = (number: string | undefined, storefront: string | undefined): Record<string, string> => ({
  ...(number !== undefined && (number.includes(':') ? { orderNumber: referenceMeant(number) } : { number })),
  ...(storefront !== undefined && { storefront }),
});

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
