import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { entriesOf } from './books.js';
import type { Entry } from './entry.js';
import { readRows } from './row.js';

const rows = readRows(gunzipSync(readFileSync('test/data/online-retail-week.csv.gz')));
const entries = entriesOf(rows);
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
const refusedLines = (entry: Entry): number[] => entry.refused.flatMap((r) => r.lines);

describe('the sample week', () => {
  it('it has 16,985 lines in 757 invoices, of which 79 are cancellations', () => {
    expect([rows.length, entries.length, entries.filter((e) => e.invoice.startsWith('C')).length]).toEqual([16_985, 757, 79]);
  });

  it('every invoice becomes an order, a reversal or a refusal', () => {
    expect(entries.filter((e) => !e.order && e.reversals.length === 0 && e.refused.length === 0)).toEqual([]);
  });

  it('each line of a sale is in exactly one message', () => {
    for (const { invoice, rows: lines, order, refused } of entries.filter((e) => !e.invoice.startsWith('C'))) {
      const numbered = [...(order?.lines.map((l) => l.line) ?? []), ...refused.flatMap((r) => r.lines)];
      expect([invoice, new Set(numbered).size, numbered.length + (order?.charges.length ?? 0)]).toEqual([invoice, numbered.length, lines]);
    }
  });

  it('each cancelled quantity is reversed in orders of that customer and SKU, or refused', () => {
    const orders = new Map(entries.flatMap((e) => (e.order ? [[e.invoice, e.order] as const] : [])));
    for (const entry of entries.filter((e) => e.invoice.startsWith('C'))) {
      const mine = rows.filter((r) => r.invoice === entry.invoice).filter((_, i) => !refusedLines(entry).includes(i + 1));
      const undone = entry.reversals.flatMap((u) => u.lines.map((l) => ({ ...l, order: orders.get(u.orderNumber) })));
      const skuOf = ({ order, line }: (typeof undone)[number]): string => order?.lines.find((l) => l.line === line)?.sku ?? 'none';
      for (const sku of new Set(mine.map((r) => r.sku))) {
        expect(sum(undone.filter((u) => skuOf(u) === sku).map((u) => u.quantity))).toBe(
          -sum(mine.filter((r) => r.sku === sku).map((r) => r.quantity)),
        );
      }
      expect(undone.every((u) => u.order?.customer.id === mine[0]?.customer)).toBe(true);
    }
  });

  it('no line is reversed beyond its quantity', () => {
    const left = new Map(entries.flatMap((e) => e.order?.lines.map((l) => [`${e.invoice} ${l.line}`, l.quantity] as const) ?? []));
    for (const { orderNumber, lines } of entries.flatMap((e) => e.reversals)) {
      for (const { line, quantity } of lines) left.set(`${orderNumber} ${line}`, (left.get(`${orderNumber} ${line}`) ?? 0) - quantity);
    }
    expect([...left].filter(([, quantity]) => quantity < 0)).toEqual([]);
  });

  it('the amounts equal those of the data set to the penny', () => {
    const sold = new Set(entries.filter((e) => e.order).map((e) => e.invoice));
    const booked = rows.filter((r) => sold.has(r.invoice)).map((r) => Math.round(r.quantity * Number(r.price) * 100));
    expect(sum(entries.map((e) => e.order?.total ?? 0))).toBe(sum(booked));
  });
});
