import type { Fact } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

export interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

export interface Ids {
  readonly orderNumber: string;
  readonly refundId: string;
}

/** REF-01: a refund application. Its parts add up to its amount, in minor units. */
export interface Application {
  readonly cause: string;
  readonly declaredReason?: string;
  /** REF-07: declared to the marketplace; never rewritten. */
  readonly declaredCause?: string;
  readonly caseId?: string;
  readonly amount: number;
  readonly currency: string;
  readonly parts: readonly { readonly kind: string; readonly amount: number }[];
}

/** REF-02: none of these people may approve it. */
interface Filing {
  readonly filedBy: string;
  readonly alsoFiledBy?: readonly string[];
}

/** Outcome of all refunds of an application, with the reason of the last rejection. */
interface Outcome {
  /** Includes amounts settled by hand. */
  readonly paid: number;
  readonly byHand?: number;
  readonly rejected: number;
  readonly currency: string;
  readonly reason?: string;
  readonly caseId?: string;
  /** REF-02: of a rejected refund of a case: they do not approve it when it is applied for again. */
  readonly filers?: readonly string[];
  /** The application had another outcome before. */
  readonly again?: true;
}

/** A payment to the customer with the reference of the provider or bank. */
type Payout = Ids & { amount: number; currency: string; providerReference: string; flow: string };

// These names are stored and must not change.
export type RefundEvent =
  | Fact<'PaymentCaptured', { orderNumber: string; currency: string } & Payment>
  | Fact<
      'RefundRequested',
      Ids &
        Application &
        Filing & { twoApprovals: boolean; method: string; reference: string; partOf?: string; insteadOf?: string; flow?: string }
    >
  | Fact<'RefundApplicationRefused', Ids & { amount: number; reason: string; flow?: string }>
  | Fact<'RefundRefiled', Ids & { filedBy: string }>
  | Fact<'RefundCauseVerified', Ids & { cause: string; declaredCause?: string; note: string; verifiedBy: string }>
  | Fact<'RefundApproved', Ids & { approvedBy: readonly string[]; flow: string }>
  | Fact<'RefundRejected', Ids & { reason: string; flow: string }>
  | Fact<'RefundExecutionStarted', Ids & { idempotencyKey: string }>
  | Fact<'RefundOutcomeUnknown', Ids>
  | Fact<'RefundFailed', Ids & { reason: string }>
  | Fact<'RefundPaid', Payout>
  | Fact<'RefundApplicationSettled', Ids & Outcome & { flow?: string }>
  | Fact<'RefundBounced', Payout & { reason: string; cause: string; caseId?: string; filers: readonly string[] }>
  | Fact<'BouncedRefundSettled', Ids & { amount: number; currency: string; flow: string }>
  | Fact<'LatePayoutReported', Payout & { method: string; was: string; excess: number }>
  | Fact<'LatePayoutReturned', Payout & { reference: string }>
  | Fact<'LatePayoutKept', Payout>
  | Fact<'PayoutNoticeIgnored', { orderNumber: string; payer: string; reason: string; flow: string }>;

/** REF-05: about a failed or late payment; `payer` is the flow that had requested it. */
export type PayoutCommand = { orderNumber: string; payer: string; flow: string } & (
  { type: 'RecordPayoutBack'; providerReference?: string; reason: string } | { type: 'RecordLatePayout'; providerReference: string }
);

type Command =
  | PayoutCommand
  | { type: 'RefileRefund'; refundId: string; filedBy: string; flow: string }
  | { type: 'VerifyRefundCause'; refundId: string; cause: string; note: string }
  | { type: 'FileRefundAgain'; refundId: string; filedBy: string; flow: string }
  | { type: 'RecordRefundSettled'; refundId: string; flow: string }
  | { type: 'KeepLatePayout'; refundId: string; providerReference: string; flow: string }
  | { type: 'RecordPayoutReturned'; refundId: string; providerReference: string; reference: string; flow: string }
  | { type: 'RecordCaptures'; currency: string; payments: readonly Payment[] }
  | ({ type: 'RequestRefund'; refundId: string; flow?: string; payment?: Payment; payments?: readonly Payment[] } & Partial<Filing> &
      Application)
  | { type: 'ApproveRefund'; refundId: string; approvedBy: readonly string[]; flow: string }
  | { type: 'RejectRefund' | 'RecordRefundFailed'; refundId: string; reason: string; flow: string }
  | { type: 'StartRefundExecution' | 'RecordOutcomeUnknown'; refundId: string; flow: string }
  | { type: 'RecordRefundPaid'; refundId: string; providerReference: string; flow: string };
export type RefundCommand = Command & { orderNumber: string; now: Instant; by: string };
