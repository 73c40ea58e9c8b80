import { buyerOf, methodOf } from './buyer.js';
import { type Charge, type Entry, type Line, type OrderPlaced, refusals, type RefusedLine } from './entry.js';
import { tooFine, minorUnits } from './price.js';
import type { Row } from './row.js';

const chargeKinds: Readonly<Record<string, Charge['kind']>> = {
  POST: 'shipping',
  DOT: 'shipping',
  C2: 'shipping',
  D: 'discount',
  M: 'adjustment',
  m: 'adjustment',
};
const bookings = new Set(['AMAZONFEE', 'BANK CHARGES', 'CRUK', 'S', 'B']);

export const isCharge = (sku: string): boolean => sku in chargeKinds;
export const isBooking = (sku: string): boolean => bookings.has(sku);
export const bookingDetail = (sku: string): string => `${sku} is a booking of the shop, not a sale`;

/** Limit of lines of an order in the storefront's contract. */
const maxLines = 2000;
const mostCharges = 100;

type Kept = { readonly line: number } & ({ readonly goods: Line } | { readonly charge: Charge });

/** An invoice without `C`: an order, refused lines, or both. */
export function sale(invoice: string, rows: readonly [Row, ...Row[]]): Entry {
  const sorted = rows.map((row, i) => sort(row, i + 1));
  const kept = sorted.filter((s): s is Kept => !('reason' in s));
  const refused = sorted.filter((s): s is RefusedLine => 'reason' in s);
  const order = orderOf(invoice, rows.find(({ fault }) => fault === undefined) ?? rows[0], kept);
  const unsold = 'reason' in order ? kept.map(({ line }) => ({ line, ...order })) : [];
  return {
    invoice,
    at: rows[0].at,
    rows: rows.length,
    ...('reason' in order ? {} : { order }),
    reversals: [],
    refused: refusals(
      invoice,
      [...refused, ...unsold].sort((a, b) => a.line - b.line),
    ),
  };
}

/** Classifies one line. */
function sort({ invoice, sku, description, quantity, price, fault }: Row, line: number): Kept | RefusedLine {
  if (fault !== undefined) return { line, reason: 'unreadable', detail: fault };
  if (invoice.startsWith('A')) return { line, reason: 'accounting-entry', detail: `${invoice} adjusts the books: ${description || sku}` };
  if (isBooking(sku)) return { line, reason: 'accounting-entry', detail: bookingDetail(sku) };
  if (quantity <= 0)
    return {
      line,
      reason: 'stock-write-off',
      detail: `${quantity} of ${sku}${description && ` (${description})`}: taken off stock, not sold`,
    };
  const unitPrice = minorUnits(price);
  if (unitPrice === tooFine) return { line, reason: 'finer-than-minor-unit', detail: `${sku} at ${price} GBP: finer than a penny` };
  if (unitPrice < 0) return { line, reason: 'negative-price', detail: `${sku} at ${price} GBP: below 0` };
  const kind = chargeKinds[sku];
  if (kind) return { line, charge: { kind, amount: (kind === 'discount' ? -1 : 1) * quantity * unitPrice } };
  return { line, goods: { line, sku, ...(description && { description }), quantity, unitPrice } };
}

function orderOf(orderNumber: string, first: Row, kept: readonly Kept[]): OrderPlaced | Omit<RefusedLine, 'line'> {
  const lines = kept.flatMap((k) => ('goods' in k ? [k.goods] : []));
  const charges = kept.flatMap((k) => ('charge' in k ? [k.charge] : []));
  const total = lines.reduce((sum, l) => sum + l.quantity * l.unitPrice, 0) + charges.reduce((sum, c) => sum + c.amount, 0);
  if (lines.length > maxLines || charges.length > mostCharges || !Number.isSafeInteger(total))
    return {
      reason: 'unreadable',
      detail: `${lines.length} lines and ${charges.length} charges over ${total} pence: more than an order can be`,
    };
  if (total <= 0) return { reason: 'nothing-to-pay', detail: `comes to ${total} pence: nothing to pay` };
  if (lines.length === 0) return { reason: 'accounting-entry', detail: 'charges without goods: there is nothing to send' };
  const { customer, address, doubt } = buyerOf(first);
  return {
    orderNumber,
    storefront: 'main',
    placedAt: new Date(first.at).toISOString(),
    customer,
    address,
    lines,
    charges,
    currency: 'GBP',
    total,
    payment: { method: methodOf(first.customer || orderNumber), captured: total, reference: `pay-${orderNumber}` },
    ...(doubt && { notes: doubt }),
  };
}
