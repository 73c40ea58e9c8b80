import type { Entry, Line } from '../dataset/entry.js';
import { Catalogue } from './catalogue.js';

const line = (n: number, sku: string, unitPrice: number): Line => ({ line: n, sku, description: `the ${sku}`, quantity: 1, unitPrice });
const entry = (orderNumber: string, storefront: string, lines: readonly Line[]): Entry => ({
  ...{ invoice: orderNumber, at: 0, rows: 0, reversals: [], refused: [] },
  order: {
    ...{ orderNumber, storefront, placedAt: '2010-12-01T09:00:00Z', lines, charges: [], currency: 'CNY', total: 0 },
    customer: { id: 'c-1', name: '王芳', email: 'wang.fang@example.test', phone: '' },
    address: { recipient: '王芳', street: '中山路 18 号', city: '上海', country: 'CN', phone: '' },
    payment: { method: 'alipay', captured: 0, reference: 'pay-1' },
  },
});

describe('the catalogue of the Chinese shop (ORD-21)', () => {
  const [first, second] = [
    entry('shop-cn:1', 'shop-cn', [line(1, 'A', 100), line(2, 'B', 0)]),
    entry('shop-cn:2', 'shop-cn', [line(1, 'C', 300), line(2, 'C', 300)]),
  ];
  const ofBooks = entry('1', 'main', [line(1, 'D', 100)]);
  const catalogue = new Catalogue([first, ofBooks, second]);
  const orderOf = ({ order }: Entry) => {
    if (!order) throw new Error('no order');
    return order;
  };

  it('each product of an order is listed once with its price; the main shop lists none', () => {
    const listed = catalogue.listings(orderOf(second));
    expect(listed.map(({ key, data }) => [key, data])).toEqual([
      ['shop-cn/C', expect.objectContaining({ sku: 'C', name: 'the C', price: 300, currency: 'CNY' })],
    ]);
    expect(catalogue.listings(orderOf(ofBooks))).toEqual([]);
  });

  it('a change offers the priced products of the previous order that this order lacks', () => {
    expect(catalogue.others(orderOf(second))).toEqual(['A']);
    expect(catalogue.others(orderOf(first))).toEqual([]);
    expect(catalogue.others(orderOf(ofBooks))).toEqual([]);
  });
});
