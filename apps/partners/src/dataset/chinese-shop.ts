import type { Address, Customer } from './buyer.js';
import type { Entry, OrderPlaced } from './entry.js';

/** The storefront's name. */
export const chineseShop = 'shop-cn';
/** One order of the Chinese shop per so many orders of the books. */
const share = 25;
/** Fen per penny: a rate of 10, so that amounts stay whole. */
const rate = 10;

const buyers: readonly (readonly [name: string, email: string, street: string, city: string])[] = [
  ['王芳', 'wang.fang', '中山路 18 号', '上海'],
  ['李伟', 'li.wei', '解放大道 205 号', '武汉'],
  ['张敏', 'zhang.min', '天府大道 7 号', '成都'],
  ['刘洋', 'liu.yang', '朝阳路 66 号', '北京'],
];
const methods = ['alipay', 'wechat-pay', 'unionpay'] as const;

/**
 * The entries of the books, and beside each 25th order one of a second shop at the same instant: the same goods for Chinese customers, in
 * yuan. The books have one shop only.
 */
export function withChineseShop(entries: readonly Entry[]): Entry[] {
  let orders = 0;
  return entries.flatMap((entry) => {
    if (!entry.order) return [entry];
    orders += 1;
    return orders % share === 0 ? [entry, chineseEntry(entry, entry.order, orders / share)] : [entry];
  });
}

function chineseEntry({ at }: Entry, order: OrderPlaced, n: number): Entry {
  const invoice = `${chineseShop}:${80_000 + n}`;
  return { invoice, at, rows: 0, order: chineseOrder(invoice, order, n), reversals: [], refused: [] };
}

function chineseOrder(orderNumber: string, { placedAt, lines, charges, total }: OrderPlaced, n: number): OrderPlaced {
  const [name, mailbox, street, city] = buyers[n % buyers.length] ?? ['王芳', 'wang.fang', '中山路 18 号', '上海'];
  const phone = `+86 21 5550 ${String(1000 + n)}`;
  const customer: Customer = { id: `cn-${1000 + n}`, name, email: `${mailbox}.${n}@example.test`, phone };
  const address: Address = { recipient: name, street, city, country: 'CN', phone };
  const captured = total * rate;
  return {
    ...{ orderNumber, storefront: chineseShop, placedAt, customer, address },
    lines: lines.map((line) => ({ ...line, unitPrice: line.unitPrice * rate })),
    charges: charges.map((charge) => ({ ...charge, amount: charge.amount * rate })),
    ...{ currency: 'CNY', total: captured },
    payment: { method: methods[n % methods.length] ?? methods[0], captured, reference: `pay-cn-${80_000 + n}` },
  };
}
