import type { Entry, Line, OrderPlaced } from '../dataset/entry.js';
import type { OutgoingMessage } from '../messaging/message.js';
import { storefrontProducts } from '../messaging/topics.js';
import { chineseShop } from '../dataset/chinese-shop.js';

/** The products that the Chinese shop sells: those of its orders, listed with each order at their prices of that day. */
export class Catalogue {
  private readonly orders: readonly OrderPlaced[];

  constructor(entries: readonly Entry[]) {
    this.orders = entries.flatMap(({ order }) => (order && order.storefront === chineseShop ? [order] : []));
  }

  /** The listings of an order's products; none of a shop that lists nothing. */
  listings({ orderNumber, storefront, lines, currency, placedAt }: OrderPlaced): OutgoingMessage[] {
    if (storefront !== chineseShop) return [];
    return onePerSku(lines).map(({ sku, description = sku, unitPrice: price }) => ({
      ...{ topic: storefrontProducts, key: `${storefront}/${sku}`, id: `product-${orderNumber}-${sku}`, source: 'storefront' },
      ...{ type: 'ProductListed', time: placedAt, hasNoEffect: true },
      data: { storefront, sku, name: description, category: 'gifts', price, currency, stock: 'in-stock', listedAt: placedAt },
    }));
  }

  /** Products of the shop's order before this one, which this one does not have; none of its first order. */
  others({ orderNumber, lines }: OrderPlaced): string[] {
    const before = this.orders[this.orders.findIndex((order) => order.orderNumber === orderNumber) - 1];
    return onePerSku(before?.lines ?? []).flatMap(({ sku, unitPrice }) =>
      unitPrice > 0 && lines.every((line) => line.sku !== sku) ? [sku] : [],
    );
  }
}

const onePerSku = (lines: readonly Line[]): Line[] => [...new Map(lines.map((line) => [line.sku, line])).values()];
