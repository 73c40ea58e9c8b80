import { entriesOf } from './books.js';
import type { Entry, OrderPlaced } from './entry.js';
import type { Row } from './row.js';

/** A row for specs: by default 6 hearts at 2.55 to customer 17850. */
export const row = (change: Partial<Row> = {}): Row => ({
  invoice: '536365',
  sku: '85123A',
  description: 'WHITE HANGING HEART',
  quantity: 6,
  at: Date.parse('2010-12-01T08:26:00Z'),
  price: '2.55',
  customer: '17850',
  country: 'United Kingdom',
  ...change,
});

/** Entry of the last invoice of these rows. */
export function lastEntry(...rows: readonly Row[]): Entry {
  const entry = entriesOf(rows).at(-1);
  if (!entry) throw new RangeError('no rows');
  return entry;
}

/** Order of an entry. Throws if there is none. */
export function orderOf({ invoice, order }: Entry): OrderPlaced {
  if (!order) throw new RangeError(`invoice ${invoice} is no order`);
  return order;
}
