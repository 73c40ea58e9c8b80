import { readBooks } from './books.js';
import { withChineseShop } from './chinese-shop.js';

describe('the orders of the Chinese shop', () => {
  const books = readBooks('test/data/online-retail-week.csv.gz');
  const entries = withChineseShop(books);
  const chinese = entries.filter(({ order }) => order?.storefront === 'shop-cn');

  it('every 25th order of the data set has a Chinese one at the same instant', () => {
    expect(chinese).toHaveLength(Math.floor(books.filter(({ order }) => order).length / 25));
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort((a, b) => a - b));
    expect(entries.filter((entry) => !chinese.includes(entry))).toEqual(books);
  });

  it('the orders are in yuan, from customers in China, paid by Chinese payment methods', () => {
    const orders = chinese.flatMap(({ order }) => order ?? []);
    expect(new Set(orders.map(({ currency, address }) => `${currency} ${address.country}`))).toEqual(new Set(['CNY CN']));
    expect(new Set(orders.map(({ payment }) => payment.method))).toEqual(new Set(['alipay', 'wechat-pay', 'unionpay']));
    expect(new Set(orders.map(({ orderNumber }) => orderNumber)).size).toBe(orders.length);
    for (const { lines, charges, total } of orders)
      expect(lines.reduce((sum, l) => sum + l.quantity * l.unitPrice, 0) + charges.reduce((sum, c) => sum + c.amount, 0)).toBe(total);
  });
});
