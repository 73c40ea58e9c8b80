import { partsOf, referenceOf } from '@orderloom/contracts';
import { totalCaptured, type Charge, paidFor, paymentsOf, totalOf } from '@orderloom/contracts';
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

/** AFT-34: link of a re-ship to its case. */
export interface Reship {
  readonly caseId: string;
  readonly originalOrder: string;
  readonly flow: string;
  /** Its lines that are gifts; absent in records that do not name them. */
  readonly gifts?: readonly number[] | undefined;
}

/** Origin of a claim on a re-ship: its number, the case it was sent for, and whether it is in time by the delivery of the re-ship. */
export interface Sent {
  readonly reshipNumber: string;
  readonly caseId: string;
  readonly withinWindow: boolean;
}

/** Refund for units of a case. */
export interface PaidBack {
  readonly lines: readonly LineQuantity[];
  readonly refund: number;
  readonly currency: string;
  /** All payments, where the order has several. */
  readonly payments?: readonly Payment[];
  /** The case keeps its claim on the other claimed units. */
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
  /** Absent in events stored before charges were published. */
  readonly charges?: readonly Charge[];
  readonly currency: string;
  readonly payment: Payment;
  /** All payments, if there is more than `payment`. */
  readonly payments?: readonly Payment[];
  readonly reship?: Reship;
}

/** AFT-35: cause of a return. */
export type ReturnCause = 'dislike' | 'dissatisfied' | 'quality' | 'freight' | 'wrong' | 'missing';

/** AFT-35: the merchant is responsible for quality, wrong and missing goods. */
export const isMerchants = (cause: ReturnCause | null): boolean => cause === 'quality' || cause === 'wrong' || cause === 'missing';

/** LOG-06: a lost parcel; its tracking number is null if it was untracked. `signedFor`: the courier has a signature, which is doubted. */
export interface LostParcel {
  readonly trackingNumber: string | null;
  readonly signedFor?: true;
}

/** Claim of a case: units to return, missing from a parcel, or in a lost one. `openedAt` decides whether it is in time. */
export interface Claim {
  readonly caseId: string;
  readonly what: 'return' | 'missing' | 'lost';
  readonly cause: ReturnCause | null;
  readonly lines: readonly LineQuantity[];
  readonly openedAt: Instant;
  readonly flow: string;
  /** The flow continues at the original order where the claim is about that. */
  readonly refers?: true;
  readonly sent?: Sent;
  /** LOG-06: the parcel that the units were in. Without `lines`, they are all that may have been in it. */
  readonly lostParcel?: LostParcel;
}

export interface Dispatch {
  readonly at: Instant;
  /** Null for an untracked method. */
  readonly trackingNumber: string | null;
}

/** A parcel of an order with the latest report of the warehouse, and the time of its delivery. */
export interface Parcel extends Dispatch {
  readonly deliveredAt?: Instant;
}

/** Units of a line in a list, which may contain the line more than once. */
export const unitsOf = (units: readonly LineQuantity[], line: number): number =>
  units.reduce((sum, u) => sum + (u.line === line ? u.quantity : 0), 0);

/** Sums the units per line. */
export const summed = (units: readonly LineQuantity[]): readonly LineQuantity[] =>
  [...new Set(units.map(({ line }) => line))].map((line) => ({ line, quantity: unitsOf(units, line) }));

/** Lines less the given units, without lines that have none left. */
export const withoutUnits = (lines: readonly Line[], units: readonly LineQuantity[]): readonly Line[] =>
  lines.map((l) => ({ ...l, quantity: l.quantity - unitsOf(units, l.line) })).filter((l) => l.quantity > 0);

interface Paid {
  readonly bought: Bought | null;
  readonly lines: readonly Line[];
  readonly settled: number;
}

/** AFT-32: amount paid for these units, independent of earlier refunds; shipping excluded. */
export const refundFor = ({ bought, lines, settled }: Paid, units: readonly LineQuantity[]): number =>
  bought && units.length > 0
    ? paidFor(
        { lines: bought.lines, charges: chargesOf(bought), currency: bought.currency },
        { before: lines, after: withoutUnits(lines, units), captured: totalCaptured(paymentsOf(bought)), settled, shippingToo: false },
      ).goods
    : 0;

/** Charges of the order. Where they were not published, they are derived from the captured amount. */
export function chargesOf({ lines, shipping, charges, payment }: Bought): readonly Charge[] {
  if (charges) return charges;
  const way: Charge = { kind: 'shipping', amount: shipping };
  return payment.captured === 0 ? [way] : [way, { kind: 'discount', amount: payment.captured - totalOf(lines, [way]) }];
}

/** AFT-34: number of the re-ship of a case, derived from both since a case has one. At most 40 characters, in the storefront of the order. */
export const reshipNumber = ({ orderNumber, caseId }: { readonly orderNumber: string; readonly caseId: string }): string => {
  const { storefront, number } = partsOf(orderNumber);
  return referenceOf(storefront, `${number.slice(0, 30)}-R${caseId.slice(0, 8)}`);
};

/** AFT-34: names the flow that follows a re-ship. */
export const linkOf = ({ caseId, originalOrder, flow }: Reship, reshipOrder: string) => ({
  ...{ orderNumber: originalOrder, caseId, reshipNumber: reshipOrder, flow },
});

/** AFT-34: id of the case at the original order for a claim on its re-ship. */
export const caseOfReferral = (caseId: string, originalOrder: string): string => deriveId('case', caseId, originalOrder);
