import type { LineQuantity, OrderPlaced } from './entry.js';

/** A quantity of one line of an order that was bought. */
export interface Part extends LineQuantity {
  readonly orderNumber: string;
  readonly placedAt: number;
}

type Purchase = { -readonly [K in keyof Part]: Part[K] };

/** What each customer has bought and not undone yet. */
export class Purchases {
  private readonly left = new Map<string, Purchase[]>();

  add({ orderNumber, placedAt, customer, lines }: OrderPlaced): void {
    for (const { line, sku, quantity } of lines) {
      const key = `${customer.id ?? ''} ${sku}`;
      this.left.set(key, [{ orderNumber, line, quantity, placedAt: Date.parse(placedAt) }, ...(this.left.get(key) ?? [])]);
    }
  }

  /** How many of `sku` the customer still has. */
  count(customer: string, sku: string): number {
    return this.of(customer, sku).reduce((sum, p) => sum + p.quantity, 0);
  }

  /** Takes `quantity` back: from the latest purchase with enough left, else from several, latest first; undefined, and nothing is taken, where there are fewer. */
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
