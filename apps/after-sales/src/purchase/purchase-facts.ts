import type { Charge } from '@orderloom/contracts';
import type { Fact } from '@orderloom/event-sourcing';
import type { Bought, Parcel, Payment, Dispatch, Claim, Line, LostParcel, Sent, PaidBack, LineQuantity } from './purchase-details.js';
import type { Instant } from '@orderloom/kernel';

/** Settled units of a case and their refund. */
export interface Settled {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  /** Price of these units beyond the refund, since they were not paid for. */
  readonly short?: number;
  /** The last settlement. */
  readonly last?: { readonly lines: readonly LineQuantity[]; readonly refund: number };
}

/** A refund filed for units of a case, or for a surplus, which has no units. `paid` is the amount that counts as paid, `gone` the units that count as refunded. */
export interface FiledRefund {
  readonly caseId: string;
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly paid: number;
  readonly gone: readonly LineQuantity[];
  readonly returned?: Returned;
}

/** REF-05: the units lie in the warehouse. `open`: the case waits for the first outcome of their refund; `closed`: it does not. */
type Returned = 'open' | 'closed';

/** Link from the order of a re-ship to the flow of its case. */
export interface OfReship {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly reshipNumber: string;
  readonly flow: string;
}

/** LOG-06: a lost parcel of the order, by its case. `originalOrder`: it was a re-ship, and its case continued there. */
export interface LostParcelState extends LostParcel {
  readonly flow: string;
  readonly remedy?: Remedy;
  readonly originalOrder?: string;
  /** It was delivered after all. */
  readonly found?: boolean;
}

type Remedy = 'reship' | 'refund';

interface Ids {
  readonly orderNumber: string;
  readonly caseId: string;
}

/** Units of a case and their refund. */
interface RefundOfCase extends Ids {
  readonly refundId: string;
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly flow: string;
}

// These names are stored and must not change.
export type PurchaseEvent =
  | Fact<'PurchaseLearned', { orderNumber: string } & Bought>
  | Fact<'PurchaseCaptured', { orderNumber: string } & Payment>
  | Fact<'PurchaseReduced', { orderNumber: string; lines: readonly LineQuantity[]; settled: number }>
  | Fact<'PurchaseReplaced', { orderNumber: string; lines: readonly Line[]; charges: readonly Charge[]; settled: number }>
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
        /** Number of the re-ship that contained the units. Its case no longer claims the units in `takenFrom`. */
        reshipNumber?: string;
        takenFrom?: { readonly caseId: string; readonly lines: readonly LineQuantity[] };
        lostParcel?: LostParcel;
      }
    >
  | Fact<
      'ClaimReferred',
      { orderNumber: string; caseId: string; flow: string; originalOrder: string; lines: readonly LineQuantity[]; sent: Sent } & Pick<
        Claim,
        'lostParcel'
      >
    >
  | Fact<
      'GoodsNotDispatched',
      { orderNumber: string; caseId: string; lines: readonly LineQuantity[]; flow: string; originalOrder?: string }
    >
  | Fact<'ClaimRefused', { orderNumber: string; caseId: string; flow: string; code: RefusalCode; reason: string }>
  | Fact<'UnitsReleased', { orderNumber: string; caseId: string; kept?: readonly LineQuantity[] }>
  | Fact<'UnitsRestored', Omit<RefundOfCase, 'refundId'> & { refundId?: string }>
  | Fact<
      'UnitsSettled',
      { orderNumber: string; caseId: string; flow: string; refundId?: string; kept?: readonly LineQuantity[] } & PaidBack
    >
  | Fact<'CaseRefundFiled', RefundOfCase & { returned?: Returned }>
  | Fact<'CaseSettledByHand', Ids & { amount: number; flow: string }>
  | Fact<
      'ReturnUnpaid',
      Ids & {
        refundId: string;
        lines: readonly LineQuantity[];
        amount: number;
        currency: string;
        payment: Payment;
        reason: string;
        filers?: readonly string[];
      }
    >
  | Fact<
      'CaseSurplusCaptured',
      { orderNumber: string; caseId: string; amount: number; currency: string; payment: Payment; payments: readonly Payment[] }
    >
  | Fact<'ParcelContentsUnknown', Ids & { trackingNumber: string | null; lines: readonly Line[]; flow: string }>
  | Fact<'RemedyDecided', Ids & { remedy: Remedy; flow: string }>
  | Fact<'LostParcelFound', Ids & { trackingNumber: string; at: Instant; flow: string }>
  | Fact<'ParcelFoundAfterRemedy', Ids & { trackingNumber: string; at: Instant; flow: string; remedy?: Remedy; originalOrder?: string }>
  | Fact<'ReshipDispatched', OfReship & { trackingNumber: string | null }>
  | Fact<'ReshipReduced', OfReship & { lines: readonly LineQuantity[] }>
  | Fact<'ReshipCancelled' | 'ReshipDelivered' | 'ReshipLost', OfReship>;

export type RefusalCode = 'too-late' | 'not-enough-left' | 'order-cancelled';

type Command =
  | ({ type: 'LearnPurchase' } & Bought)
  | { type: 'LearnCapture'; payment: Payment }
  | { type: 'ReducePurchase'; lines: readonly LineQuantity[]; settled: number }
  | { type: 'ReplaceLines'; lines: readonly Line[]; charges: readonly Charge[]; settled: number }
  | { type: 'NoteCancellation' }
  | ({ type: 'NoteDispatch' } & Dispatch)
  | { type: 'NoteDelivery'; at: Instant }
  | ({ type: 'NoteParcel'; replaces?: string | null } & Dispatch)
  | { type: 'NoteParcelDelivery'; trackingNumber: string; at: Instant }
  | ({ type: 'ClaimUnits' } & Claim)
  | { type: 'DecideRemedy'; caseId: string; remedy: Remedy; flow: string }
  | { type: 'ReleaseUnits'; caseId: string; sentAgain?: true }
  | { type: 'NoteRefundFiled'; caseId: string; refundId: string; surplus?: number; returned?: Returned; flow: string }
  | { type: 'NoteRefundOutcome'; refundId: string; paid: number; again?: true; reason?: string; filers?: readonly string[]; flow: string }
  | { type: 'NoteSettledByHand'; caseId: string; amount: number; flow: string }
  | { type: 'SettleUnits'; caseId: string; lines: readonly LineQuantity[]; flow: string; keepsRest?: true };

export type PurchaseCommand = Command & { orderNumber: string; now: Instant; by: string };

/** Facts about an order, received from topics that are not ordered among each other, and the claims on its units. */
export interface PurchaseState {
  readonly bought: Bought | null;
  /** Bought lines less cancelled and refunded units. */
  readonly lines: readonly Line[];
  /** Amount paid for cancelled and refunded goods, in minor units. */
  readonly settled: number;
  readonly cancelled: boolean;
  readonly dispatch: Dispatch | null;
  readonly deliveredAt: Instant | null;
  /** Absent if no parcel was recorded. */
  readonly parcels?: readonly Parcel[];
  readonly waiting: readonly Claim[];
  /** Lost parcels by case; absent if there was none. */
  readonly lost?: Readonly<Record<string, LostParcelState>>;
  /** Settlements by case. */
  readonly settledFor: Readonly<Record<string, Settled>>;
  /** Filed refunds by refund id. */
  readonly filed?: Readonly<Record<string, FiledRefund>>;
  /** Claimed units by case. */
  readonly claimed: Readonly<Record<string, readonly LineQuantity[]>>;
  /** Units of re-ships that the customer kept, and the cases with claims on re-ships. */
  readonly kept: readonly LineQuantity[];
  readonly ofReships: readonly string[];
}
