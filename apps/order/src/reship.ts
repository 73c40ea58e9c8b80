import type { Instant } from '@orderloom/kernel';
import type { Address, Line, Placed } from './order-details.js';

/** AFT-34: goods that are sent again free of charge, as a separate order. */
export interface Reship extends Pick<Placed, 'storefront' | 'customer' | 'address' | 'lines' | 'currency' | 'payment'> {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly reshipNumber: string;
  readonly at: Instant;
  readonly gifts?: readonly number[];
}

export interface ReshipAsked {
  readonly caseId: string;
  readonly reshipNumber: string;
  readonly lines: readonly Line[];
  readonly gifts?: readonly number[];
  readonly flow: string;
}

/** AFT-34: sent to the latest address of the original order, free of charge. */
export function reshipOf(
  { orderNumber, caseId, reshipNumber, lines, gifts, flow, now }: ReshipAsked & { readonly orderNumber: string; readonly now: Instant },
  { order, address }: { readonly order: Placed; readonly address: Address },
): Reship & { flow: string } {
  const { storefront: shop, customer, currency, payment } = order;
  const ids = { orderNumber, caseId, reshipNumber, storefront: shop };
  return { ...ids, customer, address, lines, currency, payment: { ...payment, captured: 0 }, at: now, flow, ...(gifts && { gifts }) };
}
