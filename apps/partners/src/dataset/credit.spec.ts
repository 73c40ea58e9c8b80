import { entriesOf } from './books.js';
import { lastEntry, row } from './row.fixture.js';
import type { Row } from './row.js';

const hour = 3_600_000;
const start = Date.parse('2010-12-01T08:00:00Z');
const bought = (invoice: string, quantity: number, hours: number, change: Partial<Row> = {}) =>
  row({ invoice, quantity, at: start + hours * hour, ...change });
const undo = (quantity: number, hours: number, change: Partial<Row> = {}) =>
  row({ invoice: 'C1', quantity: -quantity, at: start + hours * hour, ...change });

describe('a line of a C… invoice', () => {
  it('the line reverses the most recent earlier purchase with enough units left', () => {
    const { reversals } = lastEntry(bought('1', 10, 0), bought('2', 10, 1), bought('3', 4, 2), undo(6, 3));
    expect(reversals).toMatchObject([{ orderNumber: '2', lines: [{ line: 1, quantity: 6 }] }]);
  });

  it('the line reverses several purchases, latest first, if no single one has enough', () => {
    const { reversals } = lastEntry(bought('1', 10, 0), bought('2', 5, 1), bought('3', 4, 2), undo(11, 3));
    expect(reversals.map((u) => [u.orderNumber, u.lines])).toEqual([
      ['3', [{ line: 1, quantity: 4 }]],
      ['2', [{ line: 1, quantity: 5 }]],
      ['1', [{ line: 1, quantity: 2 }]],
    ]);
  });

  it('the line reverses only units that earlier lines have left', () => {
    const { reversals } = lastEntry(bought('1', 6, 0), bought('2', 6, 1), undo(6, 2), undo(6, 3, { invoice: 'C2' }));
    expect(reversals.map((u) => u.orderNumber)).toEqual(['1']);
  });

  it('a line that reverses more than was bought is refused whole', () => {
    const [, tooMuch, enough] = entriesOf([bought('1', 6, 0), undo(7, 1), undo(6, 2, { invoice: 'C2' })]);
    expect(tooMuch).toMatchObject({ reversals: [], refused: [{ entry: 'C1', lines: [1], reason: 'no-purchase-found' }] });
    expect(enough?.reversals).toHaveLength(1);
  });

  it.each<[string, Partial<Row>, string]>([
    ['another customer’s purchase', { customer: '2' }, 'customer 2'],
    ['another SKU', { sku: '71053' }, '71053 is not among'],
    ['nobody’s: a guest', { customer: '' }, 'names no customer'],
    ['a discount', { sku: 'D' }, 'D is a charge'],
  ])('is refused where it would undo %s', (_, change, detail) => {
    const entry = lastEntry(bought('1', 6, 0, { customer: change.customer === '' ? '' : '17850' }), undo(6, 1, change));
    expect(entry).toMatchObject({
      reversals: [],
      refused: [{ reason: 'no-purchase-found', detail: expect.stringContaining(detail) as unknown }],
    });
  });

  it('a line that books a fee is refused as an accounting entry', () => {
    expect(lastEntry(bought('1', 6, 0), undo(1, 1, { sku: 'AMAZONFEE' })).refused).toMatchObject([{ reason: 'accounting-entry' }]);
  });

  it('a line that returns no goods is refused', () => {
    expect(lastEntry(bought('1', 6, 0), undo(-6, 1))).toMatchObject({ reversals: [], refused: [{ reason: 'accounting-entry' }] });
  });

  it('a later purchase is never reversed', () => {
    expect(entriesOf([undo(6, 0), bought('1', 6, 1)])[0]?.reversals).toEqual([]);
  });
});

describe('a reversal', () => {
  it('it is a cancellation until a day after the purchase, then a return', () => {
    expect(lastEntry(bought('1', 6, 0), undo(1, 23.99)).reversals[0]?.inTime).toBe(true);
    expect(lastEntry(bought('1', 6, 0), undo(1, 24)).reversals[0]?.inTime).toBe(false);
  });

  it('it covers the whole order if all goods are reversed', () => {
    const order = [bought('1', 6, 0), bought('1', 2, 0, { sku: '71053' }), bought('1', 1, 0, { sku: 'POST' })];
    expect(lastEntry(...order, undo(6, 1), undo(2, 1, { sku: '71053' })).reversals).toMatchObject([{ whole: true }]);
    expect(lastEntry(...order, undo(6, 1), undo(1, 1, { sku: '71053' })).reversals).toMatchObject([{ whole: false }]);
    expect(lastEntry(...order, undo(6, 1)).reversals).toMatchObject([{ whole: false }]);
  });

  it('the lines of one order are combined, and the quantities of one line added', () => {
    const { reversals } = lastEntry(
      bought('1', 6, 0),
      bought('1', 2, 0, { sku: '71053' }),
      undo(1, 1, { sku: '71053' }),
      undo(2, 1),
      undo(3, 1),
    );
    expect(reversals).toMatchObject([
      {
        lines: [
          { line: 1, quantity: 5 },
          { line: 2, quantity: 1 },
        ],
      },
    ]);
  });
});
