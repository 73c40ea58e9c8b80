import { partsOf, referenceOf } from '@orderloom/contracts';
import { capturedBy, type Charge, paidFor, paymentsOf, totalOf } from '@orderloom/contracts';
import { deriveId, type Instant } from '@orderloom/kernel';

export interface LineQuantity {
  readonly line: number;
  readonly quantity: number;
}

export interface Line extends LineQuantity {
  readonly sku: string;
  readonly description?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unitPrice: number;
}

/** AFT-34: what links a re-ship to the case that it belongs to. */
export interface Reship {
  readonly caseId: string;
  readonly originalOrder: string;
  readonly flow: string;
}

/** A claim that comes from a re-ship: which one, for which case it was sent, and whether it is in time by the delivery of that one. */
export interface Sent {
  readonly reshipNumber: string;
  readonly caseId: string;
  readonly withinWindow: boolean;
}

/** What is paid back for units of a case. */
export interface PaidBack {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly currency: string;
  /** All payments, where the order has several. */
  readonly payments?: readonly Payment[];
  /** The case keeps its claim on what else was claimed. */
  readonly keepsRest?: true;
}

export interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

/** An order as after-sales needs it, in minor units. */
export interface Bought {
  readonly lines: readonly Line[];
  /** The sum of its shipping charges. */
  readonly shipping: number;
  /** Absent in what was learned before charges were. */
  readonly charges?: readonly Charge[];
  readonly currency: string;
  readonly payment: Payment;
  /** All payments by now, where they are not just that one. */
  readonly payments?: readonly Payment[];
  readonly reship?: Reship;
}

/** AFT-35: why goods come back. */
export type ReturnCause = 'dislike' | 'dissatisfied' | 'quality' | 'freight' | 'wrong' | 'missing';

/** AFT-35: quality, wrong and missing are the merchant's. */
export const isMerchants = (cause: ReturnCause | null): boolean => cause === 'quality' || cause === 'wrong' || cause === 'missing';

/** What a case claims: units to return, or units that were not in the parcel; `openedAt` decides whether it is in time. */
export interface Claim {
  readonly caseId: string;
  readonly what: 'return' | 'missing';
  readonly cause: ReturnCause | null;
  readonly lines: readonly LineQuantity[];
  readonly openedAt: Instant;
  readonly flow: string;
  /** Its flow goes on at the original order where that is meant. */
  readonly refers?: true;
  readonly sent?: Sent;
}

export interface Dispatch {
  readonly at: Instant;
  /** Null for an untracked method. */
  readonly trackingNumber: string | null;
}

/** A parcel of an order, as the warehouse says it by now, and when it was signed for. */
export interface Parcel extends Dispatch {
  readonly deliveredAt?: Instant;
}

/** How many units of a line a list has; a line may stand in it more than once. */
export const unitsOf = (units: readonly LineQuantity[], line: number): number =>
  units.reduce((sum, u) => sum + (u.line === line ? u.quantity : 0), 0);

/** Each line once, with all of its units. */
export const summed = (units: readonly LineQuantity[]): readonly LineQuantity[] =>
  [...new Set(units.map(({ line }) => line))].map((line) => ({ line, quantity: unitsOf(units, line) }));

/** Lines without some of their units; what has none left is gone. */
export const withoutUnits = (lines: readonly Line[], units: readonly LineQuantity[]): readonly Line[] =>
  lines.map((l) => ({ ...l, quantity: l.quantity - unitsOf(units, l.line) })).filter((l) => l.quantity > 0);

interface Paid {
  readonly bought: Bought | null;
  readonly lines: readonly Line[];
  readonly settled: number;
}

/** AFT-32: what was paid for these units, whatever left the order before; never the way there. */
export const refundFor = ({ bought, lines, settled }: Paid, units: readonly LineQuantity[]): number =>
  bought && units.length > 0
    ? paidFor(
        { lines: bought.lines, charges: chargesOf(bought), currency: bought.currency },
        { before: lines, after: withoutUnits(lines, units), captured: capturedBy(paymentsOf(bought)), settled, shippingToo: false },
      ).goods
    : 0;

/** Of what was learned without its charges, what was captured says what the others came to. */
export function chargesOf({ lines, shipping, charges, payment }: Bought): readonly Charge[] {
  if (charges) return charges;
  const way: Charge = { kind: 'shipping', amount: shipping };
  return payment.captured === 0 ? [way] : [way, { kind: 'discount', amount: payment.captured - totalOf(lines, [way]) }];
}

/** AFT-34: one re-ship for each case, so its number is made of both. At most 40 characters, in the storefront of the order. */
export const reshipNumber = ({ orderNumber, caseId }: { readonly orderNumber: string; readonly caseId: string }): string => {
  const { storefront, number } = partsOf(orderNumber);
  return referenceOf(storefront, `${number.slice(0, 30)}-R${caseId.slice(0, 8)}`);
};

/** AFT-34: one case for each claim on a re-ship, at the order that it was sent for. */
export const caseOfReferral = (caseId: string, originalOrder: string): string => deriveId('case', caseId, originalOrder);
