import type { ReturnCause, LineQuantity, LostParcel, Sent } from './purchase/purchase-details.js';
import type { Openers } from './openers.js';
import type { RefundCause } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';
import type { Fact } from '@orderloom/event-sourcing';

/** AFT-01: kind of the customer's claim. */
export type CaseKind =
  'not-as-described' | 'wrong-item' | 'missing-items' | 'quality' | 'return' | 'exchange' | 'not-received' | 'review' | 'other';

/** AFT-03: result of the check. */
export type Finding = 'none' | 'untrue' | 'wrong-item' | 'missing-items' | 'listing-wrong' | 'defect';

/** AFT-33: inspected quantities of one line, and the destination of the accepted goods. */
export interface InspectedLine {
  readonly line: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly stock: 'sellable' | 'repair' | 'scrap';
}

export interface Ids {
  readonly caseId: string;
  readonly orderNumber: string;
}

export interface Intake {
  readonly kind: CaseKind;
  readonly cause: ReturnCause | null;
  readonly lines: readonly LineQuantity[];
  readonly text: string;
  /** REF-07: never rewritten. */
  readonly declaredCause?: RefundCause | undefined;
  /** `storefront`, or `desk` for a person. */
  readonly channel: string;
}

/** Data with which a flow starts. */
export interface Begun extends Openers {
  readonly lines: readonly LineQuantity[];
  readonly reason: string;
  readonly declaredCause?: RefundCause | undefined;
  readonly openedAt: Instant;
  /** Present if the goods came with a re-ship of the order. */
  readonly sent?: Sent;
}

interface HandOver {
  /** Null if nobody is available. */
  readonly to: string | null;
  readonly problem: string;
  readonly promised: string;
  readonly open: string;
}

// These names are stored and must not change.
export type CaseEvent =
  | Fact<'CaseOpened', Ids & Intake & { openedAt: Instant; openedBy?: string }>
  | Fact<'ReturnBegun', Ids & { cause: ReturnCause | null } & Begun>
  | Fact<'MissingItemsBegun', Ids & Begun>
  | Fact<'LostParcelBegun', Ids & LostParcel & Begun>
  | Fact<'CaseLeftToService', Ids & Omit<Intake, 'channel'>>
  | Fact<'EvidenceRecorded', Ids & { items: readonly string[] }>
  | Fact<'EvidenceLacking', Ids>
  | Fact<'CaseFound', Ids & { found: Finding; note: string }>
  | Fact<'GoodsInspected', Ids & { lines: readonly InspectedLine[]; found: Finding; photos: readonly string[] }>
  | Fact<'CaseHandedOver', Ids & HandOver & { from: string }>
  | Fact<'CasePickedUp', Ids & { by: string }>
  | Fact<'CaseClosed', Ids & { outcome: string; cause: string }>;

type Command =
  | ({ type: 'OpenCase'; saidAt?: Instant; lostParcel?: LostParcel } & Openers & Pick<Begun, 'sent'> & Intake)
  | { type: 'BeginReturn'; cause: ReturnCause | null; lines: readonly LineQuantity[] }
  | { type: 'RecordEvidence'; items: readonly string[] }
  | { type: 'RecordNoEvidence' }
  | { type: 'RecordFinding'; found: Finding; note: string; lines?: readonly LineQuantity[] }
  | { type: 'RecordInspection'; lines: readonly InspectedLine[]; found: Finding; photos: readonly string[] }
  | ({ type: 'HandOverCase' } & HandOver)
  | { type: 'PickUpCase' }
  | { type: 'CloseWorkedCase'; outcome: string; cause: string }
  | { type: 'CloseCase'; outcome: string; cause: string; flow?: string };

export type CaseCommand = Command & Ids & { now: Instant; by: string };

export type CaseState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open' | 'closed';
      readonly orderNumber: string;
      readonly intake: Intake;
      readonly openedAt: Instant;
      readonly openedBy?: string;
      /** AFT-03: kept beside the claim. */
      readonly found: Finding | null;
      /** Flow that works on the case; null if people do. */
      readonly branch: 'return' | 'missing-items' | 'lost-parcel' | null;
      readonly owner: string | null;
    };

export type OpenCaseState = Exclude<CaseState, { status: 'none' }>;
