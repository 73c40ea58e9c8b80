export interface Order {
  readonly orderNumber: string;
  readonly lines: readonly { readonly line: number; readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
  readonly charges: readonly { readonly kind: string; readonly amount: number }[];
  readonly total: number;
  readonly [field: string]: unknown;
}

export const london = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };
export const leeds = { recipient: 'Ada Lovelace', street: '1 Park Row', city: 'Leeds', postcode: 'LS1 5AB', country: 'GB' };

/** A paid domestic order of two lines: 6 lamps for 15.30 GBP and 3 lanterns for 10.17 GBP; `change` replaces fields. */
export function anOrder(orderNumber: string, change: Partial<Order> = {}): Order {
  const lines = change.lines ?? [
    { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 },
    { line: 2, sku: '71053', quantity: 3, unitPrice: 339 },
  ];
  const charges = change.charges ?? [];
  const total = [...lines.map((l) => l.quantity * l.unitPrice), ...charges.map((c) => c.amount)].reduce((a, b) => a + b, 0);
  return {
    orderNumber,
    storefront: 'main',
    placedAt: '2026-11-02T09:00:00Z',
    customer: { id: '17850', name: 'Ada Lovelace', email: 'ada@example.test', phone: '+44 20 7946 0000' },
    address: london,
    currency: 'GBP',
    payment: { method: 'paypal', captured: total, reference: `pay-${orderNumber}` },
    ...change,
    lines,
    charges,
    total: change.total ?? total,
  };
}
