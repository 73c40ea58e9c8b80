import { allocateCharges, type Charge, type Charged, valueOf } from '@orderloom/contracts';
import { type Line, type LineQuantity, remainingAfter } from '../order-details.js';

/** Current prices of the lines of an order; `total` in minor units is the upper limit of its captures. */
export interface Pricing extends Charged {
  readonly lines: readonly Line[];
  readonly total: number;
}

interface Replaced {
  readonly remaining: readonly Line[];
  readonly charges: readonly Charge[];
  /** Price of the new units less that of the old ones; the new price is never below the old one. */
  readonly difference: number;
}

/**
 * ORD-22: replaces units of a line by `added`. Every other line, and the shipping, cost what they cost before, however charges were shared;
 * the new line costs what the old units did in the end, and the difference of the list prices.
 */
export function replaceUnits(pricing: Pricing, lines: readonly Line[], part: LineQuantity, added: Line): Replaced {
  const allocation = allocateCharges(pricing);
  const kept = remainingAfter(lines, [part]);
  const unitPrice = lines.find(({ line }) => line === part.line)?.unitPrice ?? 0;
  const before = valueOf(allocation, lines) - valueOf(allocation, kept);
  const difference = Math.max(added.quantity * added.unitPrice - part.quantity * unitPrice, -before);
  const costs = [...kept.map((line) => ({ line, amount: valueOf(allocation, [line]) })), { line: added, amount: before + difference }];
  const adjustments = costs.map(({ line, amount }) => adjustment(line, amount)).filter(({ amount }) => amount !== 0);
  const shipping: Charge[] = allocation.shipping > 0 ? [{ kind: 'shipping', amount: allocation.shipping, appliesTo: 'shipping' }] : [];
  return { remaining: [...kept, added], charges: [...shipping, ...adjustments], difference };
}

const adjustment = ({ line, quantity, unitPrice }: Line, amount: number): Charge => ({
  kind: 'adjustment',
  amount: amount - quantity * unitPrice,
  appliesTo: { line },
});
