import { allocateCharges, type Charged, paidFor, valueOf } from './allocation.js';
import { type Charge, type LineQuantity, totalOf } from './messages/common.js';

const currency = 'GBP';
const line = (n: number, quantity: number, unitPrice: number) => ({ line: n, quantity, unitPrice });
const shipping = (amount: number): Charge => ({ kind: 'shipping', amount });
const discount = (amount: number, appliesTo?: Charge['appliesTo']): Charge => ({ kind: 'discount', amount, appliesTo });
/** Prices of the lines, then of the shipping. */
const costs = (lines: Charged['lines'], ...charges: Charge[]): number[] => {
  const allocation = allocateCharges({ lines, charges, currency });
  return [...allocation.lines.map((l) => l.amount), allocation.shipping];
};
const two = [line(1, 2, 500), line(2, 1, 500)];

describe('the allocation of a charge', () => {
  it('a charge goes to what it names: the goods by value, the shipping, or one line', () => {
    expect(costs(two, shipping(495), discount(-300, 'goods'))).toEqual([800, 400, 495]);
    expect(costs(two, shipping(495), discount(-300, 'shipping'))).toEqual([1000, 500, 195]);
    expect(costs(two, shipping(495), discount(-300, { line: 2 }))).toEqual([1000, 200, 495]);
    expect(costs(two, shipping(495), discount(-495, 'goods'))).toEqual([670, 335, 495]);
    expect(costs(two, { kind: 'adjustment', amount: 30, appliesTo: { line: 2 } })).toEqual([1000, 530, 0]);
  });

  it('a discount equal to a shipping charge goes to the shipping, each charge once', () => {
    expect(costs(two, shipping(495), discount(-495))).toEqual([1000, 500, 0]);
    expect(costs(two, discount(-495), shipping(495))).toEqual([1000, 500, 0]);
    expect(costs(two, shipping(495), discount(-495), discount(-495))).toEqual([670, 335, 0]);
    expect(costs(two, shipping(300), shipping(195), discount(-195))).toEqual([1000, 500, 300]);
    expect(costs(two, shipping(300), shipping(195), discount(-495))).toEqual([1000, 500, 0]);
  });

  it('other discounts and adjustments go to the goods', () => {
    expect(costs(two, shipping(495), discount(-300))).toEqual([800, 400, 495]);
    expect(costs(two, shipping(300), { kind: 'adjustment', amount: -300 })).toEqual([800, 400, 300]);
    expect(costs(two, { kind: 'adjustment', amount: 3 })).toEqual([1002, 501, 0]);
  });

  it('a discount that exceeds its target continues to the goods, then to the shipping', () => {
    expect(costs(two, shipping(100), discount(-400, 'shipping'))).toEqual([800, 400, 0]);
    expect(costs(two, discount(-800, { line: 2 }))).toEqual([700, 0, 0]);
    expect(costs(two, shipping(495), discount(-1600))).toEqual([0, 0, 395]);
    expect(costs(two, discount(-600, { line: 2 }), { kind: 'adjustment', amount: 100, appliesTo: { line: 2 } })).toEqual([1000, 0, 0]);
  });

  it('a charge on goods without a price is shared by quantity', () => {
    expect(costs([line(1, 3, 0), line(2, 1, 0)], { kind: 'adjustment', amount: 100 })).toEqual([75, 25, 0]);
  });
});

describe('the refund for goods that leave an order (ORD-13, AFT-32)', () => {
  const order = { lines: [line(1, 2, 500)], charges: [shipping(495), discount(-495)], currency };
  const one = [{ line: 1, quantity: 1 }];
  const whole = { before: order.lines, captured: 1000, settled: 0, shippingToo: true };

  const goods = (amount: number) => ({ goods: amount, freight: 0 });

  it('a discount on the shipping does not reduce the refund', () => {
    expect(paidFor(order, { ...whole, after: one })).toEqual(goods(500));
    expect(paidFor(order, { ...whole, after: [] })).toEqual(goods(1000));
  });

  it('the last goods also refund the shipping as freight, unless it was used', () => {
    const sent = { ...order, charges: [shipping(495)] };
    const last = { ...whole, captured: 1495, settled: 500, before: one, after: [] };
    expect(paidFor(sent, last)).toEqual({ goods: 500, freight: 495 });
    expect(paidFor(sent, { ...last, shippingToo: false })).toEqual(goods(500));
    expect(paidFor(sent, { ...last, captured: 1100 })).toEqual({ goods: 500, freight: 100 });
    expect(paidFor(sent, { ...last, captured: 700 })).toEqual(goods(200));
  });

  it('a partly captured order keeps the amount of the remaining goods, and the refund is at least zero', () => {
    expect(paidFor(order, { ...whole, captured: 700, after: one })).toEqual(goods(200));
    expect(paidFor(order, { ...whole, captured: 300, after: one })).toEqual(goods(0));
    expect(paidFor(order, { ...whole, captured: 700, settled: 200, before: one, after: [] })).toEqual(goods(500));
  });

  it('the last goods of a shipped order refund at most their price', () => {
    const last = { ...whole, before: one, after: [], captured: 1000, shippingToo: false };
    // 300 of the other unit were rejected, or are owed by somebody who has not said so yet
    expect(paidFor(order, { ...last, settled: 200 })).toEqual(goods(500));
    expect(paidFor(order, { ...last, settled: 700 })).toEqual(goods(300));
  });

  it('no goods refund nothing', () => {
    expect(paidFor(order, { ...whole, after: order.lines })).toEqual(goods(0));
  });
});

describe('any order, charges and sequence of departures', () => {
  /** Park and Miller's generator: the same orders in every run. */
  const randoms = (seed: number) => {
    let state = seed;
    return (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  };
  const orders = Array.from({ length: 400 }, (_, i) => {
    const random = randoms(i + 1);
    const lines = Array.from({ length: 1 + random(4) }, (_line, n) => line(n + 1, 1 + random(7), random(5) === 0 ? 0 : random(2000)));
    const aims: Charge['appliesTo'][] = [undefined, 'goods', 'shipping', { line: 1 + random(lines.length) }];
    const charges: Charge[] = [];
    for (let n = random(4); n > 0; n--) charges.push(random(2) === 0 ? shipping(random(700)) : discount(-random(1500), aims[random(4)]));
    if (charges.length > 0 && random(3) === 0) charges.push(discount(-Math.abs(charges[0]?.amount ?? 0)));
    if (random(4) === 0) charges.push({ kind: 'adjustment', amount: random(99) - 49 });
    while (totalOf(lines, charges) < 0) charges.pop();
    return { lines, charges, currency, random };
  });

  it('lines and shipping are never negative and add up to the total', () => {
    for (const order of orders) {
      const { lines, shipping: way } = allocateCharges(order);
      expect([...lines.map((l) => l.amount), way].filter((a) => a < 0)).toEqual([]);
      expect(lines.reduce((sum, l) => sum + l.amount, way)).toBe(totalOf(order.lines, order.charges));
    }
  });

  it.each([
    ['before shipping', true],
    ['after it', false],
  ])('refunds of parts that leave %s add up to the amount paid', (_, shippingToo) => {
    for (const order of orders) {
      const allocation = allocateCharges(order);
      const total = totalOf(order.lines, order.charges);
      const captured = order.random(3) === 0 ? order.random(total + 1) : total;
      let before: readonly LineQuantity[] = order.lines;
      let settled = 0;
      while (before.length > 0) {
        const after = before
          .map((l) => ({ line: l.line, quantity: order.random(2) === 0 ? l.quantity : order.random(l.quantity + 1) }))
          .filter((l) => l.quantity > 0);
        const parts = paidFor(order, { before, after, captured, settled, shippingToo });
        const paid = parts.goods + parts.freight;
        const goes = valueOf(allocation, before) - valueOf(allocation, after);
        expect(paid).toBeGreaterThanOrEqual(0);
        expect(paid).toBeLessThanOrEqual(goes + (after.length === 0 && shippingToo ? allocation.shipping : 0));
        expect(parts.freight).toBeLessThanOrEqual(after.length === 0 && shippingToo ? allocation.shipping : 0);
        settled += paid;
        before = after;
      }
      expect(settled).toBe(Math.max(0, captured - (shippingToo ? 0 : allocation.shipping)));
    }
  });
});
