import type { LineQuantity, OrderPlaced } from './entry.js';

/** Quantity of one line of a purchased order. */
export interface Part extends LineQuantity {
  readonly orderNumber: string;
  readonly placedAt: number;
}

type Purchase = { -readonly [K in keyof Part]: Part[K] };

/** Purchases of each customer that are not reversed yet. */
export class Purchases {
  private readonly left = new Map<string, Purchase[]>();

  add({ orderNumber, placedAt, customer, lines }: OrderPlaced): void {
    for (const { line, sku, quantity } of lines) {
      const key = `${customer.id ?? ''} ${sku}`;
      this.left.set(key, [{ orderNumber, line, quantity, placedAt: Date.parse(placedAt) }, ...(this.left.get(key) ?? [])]);
    }
  }

  /** Remaining quantity of `sku` for the customer. */
  count(customer: string, sku: string): number {
    return this.of(customer, sku).reduce((sum, p) => sum + p.quantity, 0);
  }

  /**
   * Reverses `quantity`: from the latest purchase with a sufficient remainder, otherwise from several, latest first. Returns undefined and
   * changes nothing if the total is too small.
   */
  undo(customer: string, sku: string, quantity: number): Part[] | undefined {
    const purchases = this.of(customer, sku);
    if (this.count(customer, sku) < quantity) return undefined;
    const enough = purchases.find((p) => p.quantity >= quantity);
    const parts: Part[] = [];
    let missing = quantity;
    for (const purchase of enough ? [enough] : purchases) {
      const taken = Math.min(missing, purchase.quantity);
      if (taken > 0) parts.push({ ...purchase, quantity: taken });
      purchase.quantity -= taken;
      missing -= taken;
    }
    return parts;
  }

  private of(customer: string, sku: string): Purchase[] {
    return this.left.get(`${customer} ${sku}`) ?? [];
  }
}
