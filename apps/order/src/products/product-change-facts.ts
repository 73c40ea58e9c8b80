import type { Charge } from '@orderloom/contracts';
import type { Fact } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import type { Line, LineQuantity, Payment } from '../order-details.js';
import type { CatalogueEntry } from './catalogue.js';

/** A product as it is offered, at the price of the request. */
export interface Offered {
  readonly sku: string;
  readonly description?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unitPrice: number;
}

interface Change {
  readonly orderNumber: string;
  readonly changeId: string;
}

interface OfChange extends Change {
  readonly flow: string;
}

// These names are stored and must not change.
export type ProductChangeEvent =
  | Fact<
      'ProductChangeRequested',
      Change & {
        line: Line;
        wanted: Offered;
        similar: readonly Offered[];
        currency: string;
        payment: Payment;
        promisedDispatchBy?: Instant;
        dispatchedAt?: Instant;
      }
    >
  | Fact<'DifferenceRequested', OfChange & { reference: string; amount: number; currency: string }>
  | Fact<
      'OrderLinesReplaced',
      OfChange & {
        removed: readonly LineQuantity[];
        added: readonly Line[];
        remaining: readonly Line[];
        charges: readonly Charge[];
        difference: number;
        refund: number;
        currency: string;
        payment: Payment;
        payments?: readonly Payment[];
        promisedDispatchBy: Instant;
      }
    >
  | Fact<'ProductChangeRefused', OfChange & { reason: string }>
  | Fact<'ProductChangeClosed', OfChange & { changed: boolean; reason?: string }>;

export type ProductChangeCommand =
  | ({ type: 'RequestProductChange'; changeId: string; line: number; quantity?: number | undefined; sku: string } & CatalogueEntry)
  | { type: 'RequestDifference'; changeId: string; reference: string; amount: number; flow: string }
  | { type: 'ReplaceOrderLines'; changeId: string; line: number; quantity: number; product: Offered; flow: string }
  | { type: 'CloseProductChange'; changeId: string; changed: boolean; reason?: string; flow: string };

/** ORD-22: a difference that the customer was asked to pay, as a payment with this reference. */
export interface DifferenceRequest {
  readonly reference: string;
  readonly amount: number;
  /** Whether a payment of it is for a change that can still come; else it is owed back. */
  readonly open: boolean;
}
