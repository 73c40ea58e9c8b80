import { entriesOf } from './books.js';
import { lastEntry, orderOf, row } from './row.fixture.js';
import { shopTime } from './row.js';

const only = (...changes: Parameters<typeof row>[0][]) => lastEntry(...changes.map((change) => row(change)));

describe('an invoice without prefix', () => {
  it('the invoice becomes one order with its lines in file order', () => {
    const { order, refused } = only({}, { sku: '71053', quantity: 2, price: '3.39' }, {});
    expect(order).toMatchObject({
      orderNumber: '536365',
      placedAt: '2010-12-01T08:26:00.000Z',
      currency: 'GBP',
      lines: [
        { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 },
        { line: 2, sku: '71053', quantity: 2, unitPrice: 339 },
        { line: 3, sku: '85123A', quantity: 6, unitPrice: 255 },
      ],
      total: 3738,
      payment: { captured: 3738, reference: 'pay-536365' },
    });
    expect(refused).toEqual([]);
  });

  it('the order is placed at the time of its first line', () => {
    expect(only({ at: 1000 }, { at: 61_000 }).order?.placedAt).toBe('1970-01-01T00:00:01.000Z');
  });

  it('separated rows of an invoice become one order', () => {
    const [first, second] = entriesOf([row(), row({ invoice: '536366' }), row({ sku: '71053' })]);
    expect(first?.order?.lines.map((l) => l.sku)).toEqual(['85123A', '71053']);
    expect(second?.order?.lines).toHaveLength(1);
  });

  it.each([
    ['POST', 'shipping', 495],
    ['DOT', 'shipping', 495],
    ['C2', 'shipping', 495],
    ['D', 'discount', -495],
    ['M', 'adjustment', 495],
    ['m', 'adjustment', 495],
  ])('a line %s becomes a charge of kind %s', (sku, kind, amount) => {
    const { order } = only({ sku, quantity: 1, price: '4.95' }, {});
    expect(order).toMatchObject({ charges: [{ kind, amount }], lines: [{ line: 2 }], total: 1530 + amount });
  });

  it('a line at price 0 beside priced lines becomes a free line', () => {
    expect(only({}, { price: '0.0' }).order).toMatchObject({ lines: [{ unitPrice: 255 }, { line: 2, unitPrice: 0 }], total: 1530 });
  });

  it('an invoice without a customer becomes a guest order', () => {
    const guest = orderOf(only({ customer: '' }));
    expect(guest.customer).toMatchObject({ id: null, email: 'guest-536365@example.test' });
  });

  it('name, e-mail, phone and street are derived from the customer number, under example.test', () => {
    const one = orderOf(only({}));
    const other = orderOf(only({ invoice: '999', sku: 'x' }));
    expect(other.customer).toEqual(one.customer);
    expect(other.address).toEqual(one.address);
    expect(one.customer.email).toMatch(/17850@example\.test$/);
    expect(orderOf(only({ customer: '1' })).customer.email).not.toBe(one.customer.email);
  });

  it.each([
    ['EIRE', 'IE'],
    ['RSA', 'ZA'],
    ['Channel Islands', 'JE'],
    ['United Kingdom', 'GB'],
  ])('the country %s becomes %s', (country, code) => {
    expect(only({ country }).order).toMatchObject({ address: { country: code } });
    expect(only({ country }).order).not.toHaveProperty('notes');
  });

  it.each(['Unspecified', 'European Community', 'Narnia'])('the unknown country %s is noted for the reviewer', (country) => {
    expect(only({ country }).order).toMatchObject({ address: { country: 'GB' }, notes: `country in the books: ${country}` });
  });
});

describe('a line that is not a sale', () => {
  it.each(['AMAZONFEE', 'BANK CHARGES', 'CRUK', 'S', 'B'])(
    '%s is refused as an accounting entry, and the other lines form an order',
    (sku) => {
      const { order, refused } = only({}, { sku }, { sku: '71053' });
      expect(order?.lines.map((l) => l.line)).toEqual([1, 3]);
      expect(refused).toMatchObject([{ entry: '536365', lines: [2], reason: 'accounting-entry' }]);
    },
  );

  it('an invoice A… is refused whole as an accounting entry', () => {
    const { order, refused } = only({ invoice: 'A563185', sku: 'B', price: '11062.06' }, { invoice: 'A563185', price: '1.00' });
    expect(order).toBeUndefined();
    expect(refused).toMatchObject([{ lines: [1, 2], reason: 'accounting-entry' }]);
  });

  it.each([
    ['a negative quantity', { quantity: -10, price: '0.0' }, 'stock-write-off'],
    ['nothing to pay at all', { price: '0.0' }, 'nothing-to-pay'],
    ['a price below 0', { price: '-2.55' }, 'negative-price'],
    ['a price finer than a penny', { price: '0.001' }, 'finer-than-minor-unit'],
    ['charges that eat up what is to pay', { sku: 'D', quantity: 1, price: '15.30' }, 'nothing-to-pay'],
    ['charges without goods', { sku: 'M', quantity: 1 }, 'accounting-entry'],
  ] as const)('%s is refused', (_, change, reason) => {
    const rows = reason === 'nothing-to-pay' && 'sku' in change ? [{}, change] : [change];
    const { order, refused } = only(...rows);
    expect(order).toBeUndefined();
    expect(refused).toMatchObject([{ lines: rows.map((_row, i) => i + 1), reason }]);
    expect(refused[0]?.detail).toMatch(/\w{3,}/);
  });

  it('several reasons in one invoice become one message each', () => {
    const { order, refused } = only({ quantity: -1 }, { price: '0.001' }, {}, { quantity: -2 });
    expect(order?.lines.map((l) => l.line)).toEqual([3]);
    expect(refused.map(({ lines, reason }) => [reason, lines])).toEqual([
      ['stock-write-off', [1, 4]],
      ['finer-than-minor-unit', [2]],
    ]);
  });
});

describe('the times of the data set', () => {
  it('they are local times of the shop', () => {
    expect(new Date(shopTime('2010-12-01T08:26')).toISOString()).toBe('2010-12-01T08:26:00.000Z');
    expect(new Date(shopTime('2011-06-01T08:26')).toISOString()).toBe('2011-06-01T07:26:00.000Z');
    expect(shopTime('yesterday')).toBeNaN();
  });
});
