import { type Entry, type Line, type LineQuantity, refusals, type RefusedLine, type Reversal } from './entry.js';
import type { Part, Purchases } from './purchases.js';
import type { Row } from './row.js';
import { bookingDetail, isBooking, isCharge } from './sale.js';

const dayMs = 24 * 3_600_000;

/** A `C…` invoice: the reversals by order, and the lines without a matching purchase. `goodsOf` returns the lines of an order. */
export function credit(
  invoice: string,
  rows: readonly [Row, ...Row[]],
  purchases: Purchases,
  goodsOf: (orderNumber: string) => readonly Line[],
): Entry {
  const refused: RefusedLine[] = [];
  const parts: Part[] = [];
  rows.forEach((row, i) => {
    const found = undone(row, purchases);
    if ('reason' in found) refused.push({ line: i + 1, ...found });
    else parts.push(...found);
  });
  const at = rows[0].at;
  const orders = [...new Set(parts.map((p) => p.orderNumber))];
  const reversals = orders.map((number) =>
    undoing(
      invoice,
      at,
      parts.filter((p) => p.orderNumber === number),
      goodsOf(number),
    ),
  );
  return { invoice, at, rows: rows.length, reversals, refused: refusals(invoice, refused) };
}

function undone({ customer, sku, quantity, fault }: Row, purchases: Purchases): Part[] | Omit<RefusedLine, 'line'> {
  if (fault !== undefined) return { reason: 'unreadable', detail: fault };
  if (isBooking(sku)) return { reason: 'accounting-entry', detail: bookingDetail(sku) };
  if (quantity >= 0) return { reason: 'accounting-entry', detail: `${quantity} of ${sku} on a cancelling invoice: gives nothing back` };
  const reason = 'no-purchase-found';
  if (customer === '') return { reason, detail: 'the invoice names no customer, so nobody knows whose purchase it undoes' };
  if (isCharge(sku)) return { reason, detail: `${sku} is a charge: only goods can be undone` };
  const left = purchases.count(customer, sku);
  const detail =
    left === 0
      ? `${sku} is not among what customer ${customer} bought before`
      : `customer ${customer} has ${left} of ${sku} left, not ${-quantity}`;
  return purchases.undo(customer, sku, -quantity) ?? { reason, detail };
}

function undoing(invoice: string, at: number, parts: readonly Part[], goods: readonly Line[]): Reversal {
  const byLine = new Map<number, number>();
  for (const { line, quantity } of parts) byLine.set(line, (byLine.get(line) ?? 0) + quantity);
  const lines: LineQuantity[] = [...byLine].map(([line, quantity]) => ({ line, quantity })).sort((a, b) => a.line - b.line);
  const { orderNumber = '', placedAt = 0 } = parts[0] ?? {};
  return { orderNumber, invoice, lines, whole: goods.every((g) => byLine.get(g.line) === g.quantity), inTime: at - placedAt < dayMs };
}
