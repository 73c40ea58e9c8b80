import type { Fact } from '@orderloom/event-sourcing';
import type { Bought, Parcel, Payment, Dispatch, Claim, Line, Sent, PaidBack, LineQuantity } from './purchase-details.js';
import type { Instant } from '@orderloom/kernel';

/** What a case was counted as, and what was to be paid back for it. */
export interface Settled {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  /** What these units cost beyond that: they were not paid for. */
  readonly short?: number;
  /** What it was counted as the last time. */
  readonly last?: { readonly lines: readonly LineQuantity[]; readonly refund: number };
}

/** A refund that was filed for units of a case; `paid` of it counts as paid, and `gone` of its units as paid back, by now. */
export interface FiledRefund {
  readonly caseId: string;
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly paid: number;
  readonly gone: readonly LineQuantity[];
}

/** A re-ship's own order says to the flow of its case what becomes of it. */
export interface OfReship {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly reshipNumber: string;
  readonly flow: string;
}

/** Units of a case, and what is refunded for them, or not any more. */
interface RefundOfCase {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly refundId: string;
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly flow: string;
}

// These names are stored for ever.
export type PurchaseEvent =
  | Fact<'PurchaseLearned', { orderNumber: string } & Bought>
  | Fact<'PurchaseCaptured', { orderNumber: string } & Payment>
  | Fact<'PurchaseReduced', { orderNumber: string; lines: readonly LineQuantity[]; settled: number }>
  | Fact<'PurchaseCancelled', { orderNumber: string }>
  | Fact<'PurchaseDispatched', { orderNumber: string } & Dispatch>
  | Fact<'PurchaseDelivered', { orderNumber: string; at: Instant }>
  | Fact<'PurchaseParcelNoted', { orderNumber: string; replaces?: string | null } & Dispatch>
  | Fact<'PurchaseParcelDelivered', { orderNumber: string; trackingNumber: string; at: Instant }>
  | Fact<'ClaimDeferred', { orderNumber: string } & Claim>
  | Fact<
      'UnitsClaimed',
      {
        orderNumber: string;
        caseId: string;
        flow: string;
        lines: readonly Line[];
        withinWindow: boolean;
        currency: string;
        payment: Bought['payment'];
        /** That brought them; the case that it was sent for claims what is taken from it no more. */
        reshipNumber?: string;
        takenFrom?: { readonly caseId: string; readonly lines: readonly LineQuantity[] };
      }
    >
  | Fact<
      'ClaimReferred',
      { orderNumber: string; caseId: string; flow: string; originalOrder: string; lines: readonly LineQuantity[]; sent: Sent }
    >
  | Fact<
      'GoodsNotDispatched',
      { orderNumber: string; caseId: string; lines: readonly LineQuantity[]; flow: string; originalOrder?: string }
    >
  | Fact<'ClaimRefused', { orderNumber: string; caseId: string; flow: string; code: RefusalCode; reason: string }>
  | Fact<'UnitsReleased', { orderNumber: string; caseId: string; kept?: readonly LineQuantity[] }>
  | Fact<'UnitsRestored', Omit<RefundOfCase, 'refundId'> & { refundId?: string }>
  | Fact<'UnitsSettled', { orderNumber: string; caseId: string; flow: string; refundId?: string } & PaidBack>
  | Fact<'CaseRefundFiled', RefundOfCase>
  | Fact<
      'CaseSurplusCaptured',
      { orderNumber: string; caseId: string; amount: number; currency: string; payment: Payment; payments: readonly Payment[] }
    >
  | Fact<'ReshipDispatched', OfReship & { trackingNumber: string | null }>
  | Fact<'ReshipReduced', OfReship & { lines: readonly LineQuantity[] }>
  | Fact<'ReshipCancelled' | 'ReshipDelivered', OfReship>;

export type RefusalCode = 'too-late' | 'not-enough-left' | 'order-cancelled';

type Command =
  | ({ type: 'LearnPurchase' } & Bought)
  | { type: 'LearnCapture'; payment: Payment }
  | { type: 'ReducePurchase'; lines: readonly LineQuantity[]; settled: number }
  | { type: 'NoteCancellation' }
  | ({ type: 'NoteDispatch' } & Dispatch)
  | { type: 'NoteDelivery'; at: Instant }
  | ({ type: 'NoteParcel'; replaces?: string | null } & Dispatch)
  | { type: 'NoteParcelDelivery'; trackingNumber: string; at: Instant }
  | ({ type: 'ClaimUnits' } & Claim)
  | { type: 'ReleaseUnits'; caseId: string; sentAgain?: true }
  | { type: 'NoteRefundFiled'; caseId: string; refundId: string; flow: string }
  | { type: 'NoteRefundOutcome'; refundId: string; paid: number; flow: string }
  | { type: 'SettleUnits'; caseId: string; lines: readonly LineQuantity[]; flow: string; keepsRest?: true };

export type PurchaseCommand = Command & { orderNumber: string; now: Instant; by: string };

/** What after-sales knows of an order, from topics that have no order across each other; and who claims which of its units. */
export interface PurchaseState {
  readonly bought: Bought | null;
  /** What the customer has bought, less what was cancelled and what is paid back. */
  readonly lines: readonly Line[];
  /** What was paid for the goods that are gone, in minor units. */
  readonly settled: number;
  readonly cancelled: boolean;
  readonly dispatch: Dispatch | null;
  readonly deliveredAt: Instant | null;
  /** Absent where none was noted. */
  readonly parcels?: readonly Parcel[];
  readonly waiting: readonly Claim[];
  /** What each case was settled for. */
  readonly settledFor: Readonly<Record<string, Settled>>;
  /** Refunds of units of cases. */
  readonly filed?: Readonly<Record<string, FiledRefund>>;
  /** Units that are the matter of a case, by case. */
  readonly claimed: Readonly<Record<string, readonly LineQuantity[]>>;
  /** Units that were sent again and kept, and the cases that claim what a re-ship brought. */
  readonly kept: readonly LineQuantity[];
  readonly ofReships: readonly string[];
}
