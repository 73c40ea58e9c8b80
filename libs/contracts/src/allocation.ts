import { money, portion, share } from '@orderloom/kernel';
import type { Charge, LineQuantity } from './messages/common.js';

interface Priced extends LineQuantity {
  readonly unitPrice: number;
}

/** Lines and charges of an order, in minor units of its currency. */
export interface Charged {
  readonly lines: readonly Priced[];
  readonly charges: readonly Charge[];
  readonly currency: string;
}

/** The final prices of each line and of the shipping. None is negative; together they are the total. */
export interface Allocation {
  readonly lines: readonly { readonly line: number; readonly quantity: number; readonly amount: number }[];
  readonly shipping: number;
  readonly currency: string;
}

/**
 * ORD-13, AFT-32: what a charge applies to is what it says; where it says nothing, a discount of exactly a shipping charge (or of all of
 * them) is the shipping's, and everything else is shared over the goods by value, by largest remainder. What a line or the shipping
 * can't bear is shared over the goods, and what the goods can't bear reduces the shipping.
 */
export function allocateCharges({ lines, charges, currency }: Charged): Allocation {
  const aims = aimsOf(charges);
  const amounts = lines.map((l) => l.quantity * l.unitPrice);
  let shipping = 0;
  let forGoods = 0;
  // what is added comes first, so that a discount finds everything that it can reduce
  for (const { amount, aim } of [...aims.filter((a) => a.amount > 0), ...aims.filter((a) => a.amount <= 0)]) {
    const at = typeof aim === 'object' ? lines.findIndex((l) => l.line === aim.line) : -1;
    if (aim === 'shipping') {
      forGoods += Math.min(0, shipping + amount);
      shipping = Math.max(0, shipping + amount);
    } else if (at >= 0) {
      const reduced = (amounts[at] ?? 0) + amount;
      forGoods += Math.min(0, reduced);
      amounts[at] = Math.max(0, reduced);
    } else forGoods += amount;
  }
  const goods = amounts.reduce((sum, a) => sum + a, 0);
  const borne = Math.max(forGoods, -goods);
  const weights = goods > 0 ? amounts : lines.map((l) => l.quantity);
  const shares = borne === 0 ? [] : share(money(borne, currency), weights);
  return {
    lines: lines.map(({ line, quantity }, i) => ({ line, quantity, amount: (amounts[i] ?? 0) + (shares[i]?.amount ?? 0) })),
    shipping: shipping + (forGoods - borne),
    currency,
  };
}

type Aim = 'goods' | 'shipping' | { readonly line: number };

/** Each shipping charge takes one discount of its own size. */
function aimsOf(charges: readonly Charge[]): { amount: number; aim: Aim }[] {
  const open = charges.filter((c) => c.kind === 'shipping').map((c) => c.amount);
  const all = open.reduce((sum, amount) => sum + amount, 0);
  return charges.map(({ kind, amount, appliesTo }) => {
    if (kind === 'shipping') return { amount, aim: 'shipping' };
    if (appliesTo !== undefined) return { amount, aim: appliesTo };
    if (kind === 'adjustment' || amount >= 0) return { amount, aim: 'goods' };
    const at = open.indexOf(-amount);
    const isAll = at < 0 && open.length > 1 && all === -amount;
    if (at >= 0) open.splice(at, 1);
    else if (isAll) open.length = 0;
    return { amount, aim: at >= 0 || isAll ? 'shipping' : 'goods' };
  });
}

/** Price of quantities of lines: the first k units of a line cost their portion of it, so that its units add up to it in any order. */
export const valueOf = ({ lines, currency }: Allocation, units: readonly LineQuantity[]): number =>
  units.reduce((sum, { line, quantity }) => {
    const found = lines.find((l) => l.line === line);
    return found ? sum + portion(money(found.amount, currency), Math.min(quantity, found.quantity), found.quantity).amount : sum;
  }, 0);

interface Leaving {
  /** The remaining lines of the order before and after. */
  readonly before: readonly LineQuantity[];
  readonly after: readonly LineQuantity[];
  /** The captured amount, and its settled part: paid back, or borne by the customer. */
  readonly captured: number;
  readonly settled: number;
  /** Whether the shipping goes with the last goods: it does while they have not been shipped. */
  readonly shippingToo: boolean;
}

/**
 * The amount to pay back when goods leave an order: their price, but never so much that the remaining goods are unpaid. With the last
 * goods of an order that has not been shipped, all that is left; of one that was, what else is left is rejected or owed by others.
 */
export function paidFor(order: Charged, { before, after, captured, settled, shippingToo }: Leaving): { goods: number; freight: number } {
  const allocation = allocateCharges(order);
  const stays = valueOf(allocation, after);
  const goes = valueOf(allocation, before) - stays;
  const isLast = after.length === 0 && before.length > 0;
  const way = isLast && shippingToo ? allocation.shipping : 0;
  const left = Math.max(0, captured - settled - stays - (allocation.shipping - way));
  if (!isLast) return { goods: Math.min(goes, left), freight: 0 };
  const freight = Math.min(way, Math.max(0, left - goes));
  return { goods: shippingToo ? left - freight : Math.min(goes, left), freight };
}
