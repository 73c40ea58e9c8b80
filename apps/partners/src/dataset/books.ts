import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { credit } from './credit.js';
import type { Entry, Line } from './entry.js';
import { Purchases } from './purchases.js';
import { readRows, type Row } from './row.js';
import { sale } from './sale.js';

/** Converts the rows of a data set to entries, in file order. */
export function entriesOf(rows: readonly Row[]): Entry[] {
  const purchases = new Purchases();
  const goods = new Map<string, readonly Line[]>();
  return invoicesOf(rows).map(([invoice, lines]) => {
    if (invoice.startsWith('C')) return credit(invoice, lines, purchases, (number) => goods.get(number) ?? []);
    const entry = sale(invoice, lines);
    if (entry.order) {
      purchases.add(entry.order);
      goods.set(invoice, entry.order.lines);
    }
    return entry;
  });
}

/** Reads the entries of a file, `.csv` or `.csv.gz`. */
export function readBooks(path: string): Entry[] {
  const bytes = readFileSync(path);
  return entriesOf(readRows(path.endsWith('.gz') ? gunzipSync(bytes) : bytes));
}

/** Groups rows by invoice, which may be scattered; an invoice is positioned at its first row. */
function invoicesOf(rows: readonly Row[]): [string, [Row, ...Row[]]][] {
  const invoices = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const others = invoices.get(row.invoice);
    if (others) others.push(row);
    else invoices.set(row.invoice, [row]);
  }
  return [...invoices];
}
