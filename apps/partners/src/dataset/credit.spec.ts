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
  it('undoes the most recent earlier purchase with enough left', () => {
    const { reversals } = lastEntry(bought('1', 10, 0), bought('2', 10, 1), bought('3', 4, 2), undo(6, 3));
    expect(reversals).toMatchObject([{ orderNumber: '2', lines: [{ line: 1, quantity: 6 }] }]);
  });

  it('undoes several, latest first, where no single one has enough', () => {
    const { reversals } = lastEntry(bought('1', 10, 0), bought('2', 5, 1), bought('3', 4, 2), undo(11, 3));
    expect(reversals.map((u) => [u.orderNumber, u.lines])).toEqual([
      ['3', [{ line: 1, quantity: 4 }]],
      ['2', [{ line: 1, quantity: 5 }]],
      ['1', [{ line: 1, quantity: 2 }]],
    ]);
  });

  it('takes what earlier lines have left only', () => {
    const { reversals } = lastEntry(bought('1', 6, 0), bought('2', 6, 1), undo(6, 2), undo(6, 3, { invoice: 'C2' }));
    expect(reversals.map((u) => u.orderNumber)).toEqual(['1']);
  });

  it('is refused where more is undone than was bought, and takes nothing', () => {
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

  it('is refused as an accounting entry where it books a fee', () => {
    expect(lastEntry(bought('1', 6, 0), undo(1, 1, { sku: 'AMAZONFEE' })).refused).toMatchObject([{ reason: 'accounting-entry' }]);
  });

  it('is refused where it gives nothing back', () => {
    expect(lastEntry(bought('1', 6, 0), undo(-6, 1))).toMatchObject({ reversals: [], refused: [{ reason: 'accounting-entry' }] });
  });

  it('never undoes what comes later in the books', () => {
    expect(entriesOf([undo(6, 0), bought('1', 6, 1)])[0]?.reversals).toEqual([]);
  });
});

describe('an undoing', () => {
  it('is a cancellation until a day after the purchase, then a return', () => {
    expect(lastEntry(bought('1', 6, 0), undo(1, 23.99)).reversals[0]?.inTime).toBe(true);
    expect(lastEntry(bought('1', 6, 0), undo(1, 24)).reversals[0]?.inTime).toBe(false);
  });

  it('is of the whole order when all its goods are undone', () => {
    const order = [bought('1', 6, 0), bought('1', 2, 0, { sku: '71053' }), bought('1', 1, 0, { sku: 'POST' })];
    expect(lastEntry(...order, undo(6, 1), undo(2, 1, { sku: '71053' })).reversals).toMatchObject([{ whole: true }]);
    expect(lastEntry(...order, undo(6, 1), undo(1, 1, { sku: '71053' })).reversals).toMatchObject([{ whole: false }]);
    expect(lastEntry(...order, undo(6, 1)).reversals).toMatchObject([{ whole: false }]);
  });

  it('gathers the lines of one order, and quantities of one line', () => {
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
