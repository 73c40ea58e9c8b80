import type { Address, Customer } from './buyer.js';

/** Reasons why an entry is not an order. */
type Reason =
  | 'unreadable'
  | 'accounting-entry'
  | 'stock-write-off'
  | 'nothing-to-pay'
  | 'negative-price'
  | 'finer-than-minor-unit'
  | 'no-purchase-found';

export interface Line {
  /** Position in the invoice, from 1. */
  readonly line: number;
  readonly sku: string;
  readonly description?: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface Charge {
  readonly kind: 'shipping' | 'discount' | 'adjustment';
  readonly amount: number;
}

export interface LineQuantity {
  readonly line: number;
  readonly quantity: number;
}

export interface OrderPlaced {
  readonly orderNumber: string;
  readonly storefront: string;
  readonly placedAt: string;
  readonly customer: Customer;
  readonly address: Address;
  readonly lines: readonly Line[];
  readonly charges: readonly Charge[];
  readonly currency: string;
  readonly total: number;
  readonly payment: { readonly method: string; readonly captured: number; readonly reference: string };
  readonly notes?: string;
}

export interface EntryRefused {
  readonly entry: string;
  readonly lines: readonly number[];
  readonly reason: Reason;
  readonly detail: string;
}

/** Reversal of an order by a `C…` invoice. `inTime`: the order cannot have shipped yet by the clock of the replay. */
export interface Reversal {
  readonly orderNumber: string;
  readonly invoice: string;
  readonly lines: readonly LineQuantity[];
  /** True for all goods of the order. */
  readonly whole: boolean;
  readonly inTime: boolean;
}

/** Result of one invoice: each of its lines is in the order, in a reversal or refused. */
export interface Entry {
  readonly invoice: string;
  readonly at: number;
  readonly rows: number;
  readonly order?: OrderPlaced;
  readonly reversals: readonly Reversal[];
  readonly refused: readonly EntryRefused[];
}

/** A refused line with its reason. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: Reason;
  readonly detail: string;
}

/** One message per reason, with the lines in file order. */
export function refusals(entry: string, lines: readonly RefusedLine[]): EntryRefused[] {
  const reasons = [...new Set(lines.map((l) => l.reason))];
  return reasons.map((reason) => {
    const these = lines.filter((l) => l.reason === reason);
    const detail = [...new Set(these.map((l) => l.detail))].join('; ');
    return { entry, lines: these.map((l) => l.line), reason, detail: detail.length > 500 ? `${detail.slice(0, 499)}…` : detail };
  });
}
