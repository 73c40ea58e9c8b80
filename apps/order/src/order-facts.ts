import type { RefundCause } from '@orderloom/contracts';
import type { Placed, LineQuantity, Line, Address, OfReship, Payment } from './order-details.js';
import type { Repeat } from './repeat.js';
import type { Reship, ReshipAsked } from './reship.js';
import type { Pricing } from './products/pricing.js';
import type { DifferenceRequest, ProductChangeCommand, ProductChangeEvent } from './products/product-change-facts.js';
import type { RefundPart } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';
import type { Fact } from '@orderloom/event-sourcing';

/** One capture of a payment, or of a part of it; `amount` in minor units of `currency`. */
export interface Capture {
  readonly orderNumber: string;
  readonly captureId: string;
  readonly reference: string;
  readonly method: string;
  readonly amount: number;
  readonly currency: string;
  readonly capturedAt: Instant;
}

export type CaptureCommand = { readonly type: 'RecordCapture' } & Omit<Capture, 'orderNumber'>;

// These names are stored and must not change.
export type PaymentEvent =
  | Fact<'CaptureAwaitsOrder', Capture>
  | Fact<'CaptureRecorded', Capture & { readonly captured: number; readonly outstanding?: number; readonly concerns?: readonly string[] }>
  | Fact<'CaptureRefused', Omit<Capture, 'capturedAt' | 'method'> & { readonly reason: string }>
  | Fact<
      'SurplusCaptured',
      { orderNumber: string; reference: string; amount: number; currency: string; payment: Payment; payments: readonly Payment[] }
    >;

/** Captures that arrived before their order, since topics are not ordered among each other. */
type EarlyCaptures = readonly Capture[];

export interface Change {
  readonly orderNumber: string;
  readonly changeId: string;
}

/** The requester of a cancellation: a person, or a flow of another service for its case. */
export interface CancellationRequester {
  /** REF-07: never rewritten. */
  readonly declaredCause?: RefundCause;
  readonly requestedBy?: string;
  readonly alsoRequestedBy?: readonly string[];
  readonly caseId?: string;
  readonly flow?: string;
}

/** A queued cancellation, of the whole order where it has no lines. */
interface Waiting extends Change, CancellationRequester {
  readonly reason: string;
  readonly lines?: readonly LineQuantity[];
}

/** The decision about a cancelled order. */
export interface CancellationDecision {
  readonly changeId: string;
  readonly refund: number;
  readonly agreedLoss: number;
  /** Absent in events stored before it was kept. */
  readonly reason?: string;
}

/** ORD-08: the dispatch that the customer is told when the order goes on. */
export interface Dispatch {
  readonly promisedDispatchBy?: Instant;
  readonly dispatchedAt?: Instant;
}

/** Results of a change; none where the order stays as it was. */
export type Changed = readonly ('lines-cancelled' | 'product-changed' | 'address-changed')[];

/** The changed parts of the order, for every kind of change, and the order after it. */
interface OrderAsChanged {
  readonly changed: Changed;
  readonly lines: readonly Line[];
  readonly address: Address;
  readonly promisedDispatchBy: Instant;
}

// These names are stored and must not change.
type ChangeEvent =
  | Fact<
      'CancellationRequested',
      Change &
        CancellationRequester &
        Dispatch & {
          reason: string;
          whole: boolean;
          lines: readonly Line[];
          paid: number;
          payment: Payment;
          currency: string;
          reship?: OfReship;
        }
    >
  | Fact<'CancellationQueued', Waiting & { behind: string }>
  | Fact<'CancellationRequestRefused', { orderNumber: string; code: string; reason: string; caseId?: string; flow: string }>
  | Fact<
      'OrderLinesCancelled',
      Change & {
        lines: readonly LineQuantity[];
        remaining: readonly Line[];
        refund: number;
        payments?: readonly Payment[];
        parts?: readonly RefundPart[];
        agreedLoss: number;
        currency: string;
        reason: string;
        flow: string;
      }
    >
  | Fact<
      'OrderCancelled',
      Change &
        Omit<CancellationDecision, 'changeId' | 'reason'> & {
          payments?: readonly Payment[];
          parts?: readonly RefundPart[];
          currency: string;
          reason: string;
          flow: string;
          decided?: CancellationDecision;
        }
    >
  | Fact<'CancellationRefused', Change & { reason: string; flow: string; decided?: CancellationDecision }>
  | Fact<'AddressChangeRequested', Change & Dispatch & { address: Address; deliverable: boolean; noticed?: readonly string[] }>
  | Fact<'AddressChanged', Change & { address: Address; flow: string }>
  | Fact<'AddressChangeRefused', Change & { reason: string; flow: string }>
  | Fact<'ChangeClosed', Change & OrderAsChanged>;

type ChangeCommand =
  | {
      type: 'RequestCancellation';
      changeId: string;
      reason: string;
      lines?: readonly LineQuantity[];
      declaredCause?: RefundCause | undefined;
      requestedBy?: string;
      alsoRequestedBy?: readonly string[];
      caseId?: string;
      flow?: string;
    }
  | {
      type: 'CancelOrder';
      changeId: string;
      whole: boolean;
      lines: readonly LineQuantity[];
      agreedLoss: number;
      reason: string;
      flow: string;
    }
  | { type: 'RefuseCancellation'; changeId: string; reason: string; flow: string }
  | { type: 'RefuseAddressChange'; changeId: string; reason: string; flow: string }
  | { type: 'RequestAddressChange'; changeId: string; address: Address; noticed?: readonly string[] | undefined }
  | { type: 'ChangeAddress'; changeId: string; address: Address; flow: string };

// These names are stored and must not change.
export type OrderEvent =
  | Fact<'OrderPlaced', Placed & { promisedDispatchBy: Instant; processedUntil: Instant; concerns: readonly string[] }>
  | Fact<'OrderRepeated', { orderNumber: string } & Partial<Repeat>>
  | Fact<'OrderApproved', { orderNumber: string }>
  | Fact<'OrderHeld', { orderNumber: string; reason: string }>
  | Fact<'ReleaseDeferred', Change>
  | Fact<'OrderReleased', { orderNumber: string; lines: readonly Line[]; address: Address; amendedBy?: readonly string[] }>
  | Fact<'OrderDispatched', { orderNumber: string; at: Instant; carrier: string; method: string; trackingNumber: string | null }>
  | ChangeEvent
  | ProductChangeEvent
  | PaymentEvent
  | Fact<'RequestRefused', { orderNumber: string; request: string; code: string; message: string }>
  | Fact<'TrackingRequested', { orderNumber: string; requestId: string; cancelled: boolean; promisedDispatchBy: Instant; text?: string }>
  | Fact<'ReshipRequested', Reship & { flow: string }>
  // published until after-sales opened cases itself
  | Fact<'AfterSalesNeeded', { orderNumber: string; lines: readonly LineQuantity[]; reason: string }>;

type Command =
  | ({ type: 'PlaceOrder'; noticed?: readonly string[] } & Placed)
  | { type: 'ApproveOrder' | 'ReleaseOrder' }
  | { type: 'HoldOrder'; reason: string }
  | { type: 'RecordDispatch'; at: Instant; carrier: string; method: string; trackingNumber: string | null }
  | ChangeCommand
  | { type: 'RequestTracking'; requestId: string; text?: string | undefined }
  | ProductChangeCommand
  | ({ type: 'RequestReship' } & ReshipAsked)
  | CaptureCommand
  | { type: 'NoteRefusal'; request: string; code: string; message: string };

export type OrderCommand = Command & { orderNumber: string; now: Instant; by: string };

export type OrderState =
  | { readonly status: 'none'; readonly early?: EarlyCaptures }
  | {
      readonly status: 'placed' | 'held' | 'approved' | 'released' | 'dispatched' | 'cancelled';
      readonly order: Placed;
      /** Lines that are not cancelled. */
      readonly lines: readonly Line[];
      readonly address: Address;
      /** ORD-01: payments, later captures included. */
      readonly payments: readonly Payment[];
      /** Ids of recorded captures. */
      readonly captures: readonly string[];
      /** Amount paid for cancelled goods, which is refunded or borne by the customer. */
      readonly settled: number;
      /** Current prices of the lines: as placed, until a product is changed (ORD-23). */
      readonly pricing: Pricing;
      /** ORD-22: differences that the customer was asked to pay, and what is captured for a change that is open. */
      readonly requests: readonly DifferenceRequest[];
      readonly reserved: number;
      /** The highest line number that the order has ever had. */
      readonly lastLine: number;
      /** Flows that have cancelled quantities, which `lines` no longer contain. */
      readonly amendedBy: readonly string[];
      readonly change: string | null;
      /** Queued cancellations in the order of their requests (ORD-14). */
      readonly queue: readonly Waiting[];
      /** Different contents received under the same order number, each reported once. */
      readonly repeats: readonly string[];
      /** ORD-05: the promise, and the actual dispatch. */
      readonly promisedDispatchBy: Instant;
      readonly dispatchedAt?: Instant;
      /** The change that cancelled the order, and its amounts. */
      readonly decided?: CancellationDecision;
    };

export type Known = Exclude<OrderState, { status: 'none' }>;
