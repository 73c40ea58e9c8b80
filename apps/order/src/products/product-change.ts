import { totalCaptured, valueOf, allocateCharges } from '@orderloom/contracts';
import { countDeadline, InvalidInput, Refusal } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';
import { assertChangeable } from '../cancellation.js';
import { dispatchOf } from '../changes.js';
import type { Known, OrderCommand, OrderEvent } from '../order-facts.js';
import { otherPayments } from '../payments.js';
import type { Listed } from './product-facts.js';
import type { Offered } from './product-change-facts.js';
import { replaceUnits } from './pricing.js';

/** Products that are recommended at most. */
const mostSimilar = 5;

type Of<T extends OrderCommand['type']> = Extract<OrderCommand, { type: T }>;

/** ORD-20: refuses what is impossible, and fixes the prices. Logistics decides whether the order has shipped. */
export function requestProductChange(command: Of<'RequestProductChange'>, state: Known): readonly OrderEvent[] {
  assertChangeable(state);
  const { orderNumber, changeId, sku, product, category } = command;
  const { order, lines } = state;
  if (order.reship) throw new Refusal('reship-unchangeable', 'a re-ship is free of charge: its goods are changed by its case', 'AFT-34');
  const line = lines.find((one) => one.line === command.line);
  if (!line) throw wrong('line', `is ${command.line}, but the order has the lines ${lines.map((one) => one.line).join(', ')}`);
  const { quantity = line.quantity } = command;
  if (quantity < 1 || quantity > line.quantity) throw wrong('quantity', `is ${quantity}, but line ${line.line} has ${line.quantity} left`);
  const { storefront, currency, payment } = order;
  if (!product) throw wrong('sku', `is ${sku}, which the catalogue of storefront ${storefront} does not list (ProductListed)`);
  if (product.sku === line.sku) throw wrong('sku', `is ${sku}, which is the product of line ${line.line}`);
  if (product.currency !== currency) throw wrong('sku', `is ${sku}, which is sold in ${product.currency}, but the order is in ${currency}`);
  if (product.stock === 'discontinued') throw wrong('sku', `is ${sku}, which is discontinued`);
  const similar = category
    .filter((other) => other.sku !== sku && other.sku !== line.sku && other.stock === 'in-stock' && other.currency === currency)
    .sort((a, b) => Math.abs(a.price - product.price) - Math.abs(b.price - product.price) || (a.sku < b.sku ? -1 : 1))
    .slice(0, mostSimilar);
  return [
    {
      type: 'ProductChangeRequested',
      data: {
        ...{ orderNumber, changeId, line: { ...line, quantity }, wanted: offered(product), similar: similar.map(offered) },
        ...{ currency, payment, ...dispatchOf(state) },
      },
    },
  ];
}

const wrong = (field: string, message: string): InvalidInput => new InvalidInput([{ field, message }]);

const offered = ({ sku, name, attributes, price }: Listed): Offered => ({
  ...{ sku, description: name, unitPrice: price },
  ...(attributes && { attributes }),
});

/**
 * ORD-22, ORD-23: replaces the units, unless they are no longer there or the difference is not paid. What is refunded of a negative
 * difference is never more than was paid for it.
 */
export function replaceLines(command: Of<'ReplaceOrderLines'>, state: Known, settings: StorefrontSettings): readonly OrderEvent[] {
  const { orderNumber, changeId, quantity, product, flow, now } = command;
  const { order, lines, pricing, payments, settled, reserved } = state;
  const refused = (reason: string): readonly OrderEvent[] => [
    { type: 'ProductChangeRefused', data: { orderNumber, changeId, reason, flow } },
  ];
  const left = lines.find(({ line }) => line === command.line)?.quantity ?? 0;
  if (state.status === 'cancelled' || left < quantity) return refused('lines-cancelled');
  const removed = { line: command.line, quantity };
  const added = { ...product, line: state.lastLine + 1, quantity };
  const { remaining, charges, difference } = replaceUnits(pricing, lines, removed, added);
  if (difference > reserved) return refused('not-paid');
  const allocation = allocateCharges({ lines: remaining, charges, currency: pricing.currency });
  const stays = valueOf(allocation, remaining) + allocation.shipping;
  const free = Math.max(0, totalCaptured(payments) - settled - reserved - stays);
  const { dueAt: promised } = countDeadline(settings.policies('order'), 'changedDispatch', now, {});
  return [
    {
      type: 'OrderLinesReplaced',
      data: {
        ...{ orderNumber, changeId, removed: [removed], added: [added], remaining, charges, difference },
        ...{
          refund: difference < 0 ? Math.min(-difference, free) : 0,
          currency: order.currency,
          payment: order.payment,
          ...otherPayments(state),
        },
        promisedDispatchBy: promised > state.promisedDispatchBy ? promised : state.promisedDispatchBy,
        flow,
      },
    },
  ];
}

/** ORD-22: what was paid for a change that did not come is owed back. */
export function closeProductChange(command: Of<'CloseProductChange'>, state: Known): readonly OrderEvent[] {
  const { orderNumber, changeId, changed, reason, flow } = command;
  if (state.change !== changeId) return [];
  const { order, payments, reserved: amount } = state;
  const reference = state.requests.find((one) => payments.some((paid) => paid.reference === one.reference))?.reference ?? '';
  const surplus = { orderNumber, reference, amount, currency: order.currency, payment: order.payment, payments };
  return [
    { type: 'ProductChangeClosed', data: { orderNumber, changeId, changed, ...(reason !== undefined && { reason }), flow } },
    ...(amount > 0 ? [{ type: 'SurplusCaptured' as const, data: surplus }] : []),
  ];
}

const allClosed = ({ requests }: Known) => requests.map((request) => ({ ...request, open: false }));

/** Nothing more is paid for a change that is over, or for an order that is cancelled. */
export const withoutRequests = (state: Known): Known => ({ ...state, requests: allClosed(state), reserved: 0 });

/** The state after an event of a change of product; undefined for another event. */
export function evolveProductChange(state: Known, event: OrderEvent): Known | undefined {
  switch (event.type) {
    case 'ProductChangeRequested':
      return { ...state, change: event.data.changeId };
    case 'DifferenceRequested': {
      const { reference, amount } = event.data;
      const others = allClosed(state).filter((request) => request.reference !== reference);
      return { ...state, requests: [...others, { reference, amount, open: true }] };
    }
    case 'OrderLinesReplaced': {
      const { remaining: lines, charges, added, difference, refund, flow, promisedDispatchBy } = event.data;
      return {
        ...{ ...state, lines, promisedDispatchBy, settled: state.settled + refund, amendedBy: [...state.amendedBy, flow] },
        pricing: { ...state.pricing, lines, charges },
        reserved: state.reserved - Math.max(0, difference),
        requests: allClosed(state),
        lastLine: Math.max(state.lastLine, ...added.map(({ line }) => line)),
      };
    }
    case 'ProductChangeClosed':
      return { ...withoutRequests(state), change: state.change === event.data.changeId ? null : state.change };
    default:
      return undefined;
  }
}
