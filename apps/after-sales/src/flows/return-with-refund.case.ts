import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import {
  caseOfReferral,
  isMerchants,
  type Line,
  type LineQuantity,
  type Payment,
  type ReturnCause,
  type Sent,
  summed,
} from '../purchase/purchase-details.js';
import type { Finding, InspectedLine } from '../case-facts.js';
import { asFilers, asRequesters, type Openers, openersOf } from '../openers.js';
import { policies, returnAddress, returnFreightCap } from '../policies.js';
import { type Counts, freightOwed, inPart, isSound, nothingCame, notTaken, taken } from './return-with-refund.counts.js';

interface Return extends Counts, Openers {
  orderNumber: string;
  caseId: string;
  cause: ReturnCause | null;
  reason: string;
  openedAt: string;
  /** Where the goods came with a re-ship of this order. */
  sent?: Sent;
  referred?: { readonly originalOrder: string; readonly lines: readonly LineQuantity[]; readonly sent: Sent };
  lines: readonly LineQuantity[];
  withinWindow: boolean;
  payment: Payment;
  /** All payments, where they are not just that one. */
  payments?: readonly Payment[];
  /** The cancellation that stops what has not left, and what it pays back. */
  changeId: string;
  /** What is stopped was sent again for this order. */
  againFor?: string;
  stopped: { refund: number; currency: string } | null;
  /** Nobody named a parcel within the time: what was claimed is free. */
  lapsed: boolean;
  carrier: string;
  trackingNumber: string;
  photos: readonly string[];
  refund: number;
  refundId: string;
  /** What of it was rejected, where another payment paid the rest. */
  notRefunded: number;
  refundRejected: boolean;
  refusal: string;
  sentBack: boolean;
}

type Input =
  | { type: 'UnitsClaimed'; lines: Line[]; withinWindow: boolean; currency: string; payment: Return['payment'] }
  | { type: 'ClaimReferred'; originalOrder: string; lines: LineQuantity[]; sent: Sent }
  | { type: 'CaseClosed'; caseId: string }
  | { type: 'ClaimRefused'; code: string; reason: string }
  | { type: 'GoodsNotDispatched'; originalOrder?: string }
  | { type: 'CancellationRequestRefused' }
  | { type: 'CancellationRequested' | 'CancellationQueued' | 'CancellationRefused'; changeId: string }
  | { type: 'OrderLinesCancelled' | 'OrderCancelled'; changeId: string; refund: number; currency: string; decided?: { refund: number } }
  | { type: 'RefundApplicationRefused' | 'LateReturnRefused' | 'LostReturnRefused' | 'ReturnNotToBeTaken'; reason: string }
  | { type: 'ReturnSent'; carrier: string; trackingNumber: string; freight?: { amount: number } }
  | { type: 'ReturnInspected'; lines: InspectedLine[]; found: Finding; photos: string[] }
  | { type: 'ReturnNotArrived' | 'OrderNotFound'; note: string }
  | { type: 'UnitsSettled'; refund: number; payments?: Payment[] }
  | { type: 'RefundRequested'; refundId: string }
  | { type: 'RefundApplicationSettled'; refundId: string; paid: number; rejected: number; reason?: string }
  | { type: 'ReturnGivenUp' | 'ReturnClaimedAgain' | 'LostReturnFound' | 'LostReturnCredited' | 'LateReturnAccepted' }
  | { type: 'RefundSettledByHand' | 'TakenBack' | 'LeftBehind' };

export const { ask, inform, remind, send, tell } = effects<Return>();
export const ids = ({ orderNumber, caseId }: Return) => ({ orderNumber, caseId });
export const because = (c: Return) => ({ ...ids(c), reason: c.refusal });
export const claim = (c: Return) => ({
  ...{ ...ids(c), what: 'return', cause: c.cause, lines: c.lines, openedAt: c.openedAt, refers: true },
  ...(c.sent && { sent: c.sent }),
});
const caseThere = ({ caseId, referred }: Return): string => caseOfReferral(caseId, String(referred?.originalOrder));
export const referral = (c: Return) => ({ ...ids(c), originalOrder: c.referred?.originalOrder, goesOnAs: caseThere(c) });
export const there = (c: Return) => ({
  ...{ caseId: caseThere(c), orderNumber: c.referred?.originalOrder, kind: 'return', cause: c.cause, lines: c.referred?.lines },
  ...{ text: c.reason, channel: 're-ship', saidAt: c.openedAt, sent: c.referred?.sent },
  ...openersOf(c),
});
export const unknownOrder = (c: Return) => ({ ...ids(c), lines: c.lines, reason: c.reason });
export const stop = (c: Return) => ({
  ...{ ...ids(c), reason: c.reason, lines: summed(c.lines) },
  ...asRequesters(c),
});
export const notSent = (c: Return) => ({ ...ids(c), lines: c.lines });
/** LOG-06: a re-ship cost nothing; what it would have brought is paid back by the case that it was sent for. */
export const stopped = (c: Return) => ({
  ...{ ...ids(c), lines: c.lines },
  ...(c.againFor === undefined ? c.stopped : { originalOrder: c.againFor }),
});
export const instructions = (c: Return) => ({
  ...{ ...ids(c), lines: c.goods, currency: c.currency, returnAddress },
  ...{ freightBy: isMerchants(c.cause) ? 'merchant' : 'customer', freightCap: returnFreightCap(c.currency) },
});
export const lapse = (c: Return) => ({ ...ids(c), lines: c.lines, graceDays: policies.deadlines.lateParcel.days });
export const parcel = (c: Return) => ({ ...ids(c), lines: c.goods, carrier: c.carrier, trackingNumber: c.trackingNumber, cause: c.cause });
export const missing = (c: Return) => ({
  ...ids(c),
  lines: c.goods,
  carrier: c.carrier,
  trackingNumber: c.trackingNumber,
  note: c.refusal,
});
export const inspection = (c: Return) => ({ ...ids(c), lines: c.inspected, found: c.found, photos: c.photos });
export const lateAndSound = (c: Return) => ({ ...ids(c), lines: c.goods, found: c.found, photos: c.photos, openedAt: c.openedAt });

export const accepted = (c: Return) => ({ ...ids(c), lines: taken(c) });
export const rejected = (c: Return) => ({ ...ids(c), lines: notTaken(c), photos: c.photos });

const causes: Readonly<Record<Finding, string>> = {
  ...{ none: 'returned', untrue: 'returned', defect: 'quality' },
  ...{ 'wrong-item': 'not-as-agreed', 'missing-items': 'not-as-agreed', 'listing-wrong': 'not-as-agreed' },
};
const application = (kind: 'goods' | 'freight', amount: (c: Return) => number) => (c: Return) => ({
  ...{ orderNumber: c.orderNumber, caseId: c.caseId, cause: causes[c.found], declaredReason: c.reason },
  ...{ amount: amount(c), currency: c.currency, payment: c.payment, payments: c.payments, parts: [{ kind, amount: amount(c) }] },
  ...asFilers(c),
});
export const goodsRefund = application('goods', (c) => c.refund);
export const freightRefund = application('freight', freightOwed);
const byHand = (amount: (c: Return) => number) => (c: Return) => ({
  ...{ orderNumber: c.orderNumber, amount: amount(c), currency: c.currency, reason: c.refusal },
});
export const goodsByHand = byHand((c) => c.refund);
export const freightByHand = byHand(freightOwed);
const goingBack = (c: Return) => ({ notAccepted: notTaken(c), sentBack: c.sentBack });
export const paid = (c: Return) => ({
  ...{ ...ids(c), refund: c.refund, freight: freightOwed(c), currency: c.currency, accepted: taken(c) },
  ...goingBack(c),
  ...(c.notRefunded > 0 && { notRefunded: c.notRefunded, reason: c.refusal }),
});
export const notPaid = (c: Return) => ({ ...ids(c), lines: [], refund: c.notRefunded });
export const unpaid = (c: Return) => ({ ...because(c), amount: c.refund, currency: c.currency, ...goingBack(c) });
export const notAccepted = (c: Return) => ({ ...ids(c), reason: c.refusal || c.found, ...goingBack(c) });
export const closed = (outcome: string) => (c: Return) => ({
  ...ids(c),
  outcome,
  cause: c.found === 'none' ? (c.cause ?? 'none') : c.found,
});

/** How much of it was paid: all of it, where it is ours and not said otherwise. */
const isOurs = (ours: string, { refundId, paid: sum, rejected: not }: { refundId: string; paid: number; rejected: number }) =>
  refundId !== ours || not === 0 ? null : sum === 0 ? 'rejected' : 'in part';

const nothingYet = {
  ...{ goods: [], withinWindow: true, currency: '', payment: { method: '', captured: 0, reference: '' }, lapsed: false },
  ...{ changeId: '', stopped: null },
  ...{ carrier: '', trackingNumber: '', freightPaid: 0, inspected: [], found: 'none' as const, photos: [] },
  ...{ noneTaken: false, refund: 0, notRefunded: 0, refundId: '', refundRejected: false, refusal: '', sentBack: false },
} as const;

export const flow = defineFlow<Return, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    ReturnBegun: ({ orderNumber, caseId, cause, reason, openedAt, lines, sent, ...by }: Return) => ({
      ...{ orderNumber, caseId, cause, reason, openedAt, lines, ...openersOf(by), ...(sent && { sent }) },
      ...nothingYet,
    }),
  },
  listensTo: ['OrderLinesCancelled', 'OrderCancelled', 'CancellationRefused', 'CaseClosed'],
  guards: {
    ourRefund: ({ refundId }, input) => narrowInput(input, 'RefundApplicationSettled').refundId === refundId,
    ourRefundRejected: ({ refundId }, input) => isOurs(refundId, narrowInput(input, 'RefundApplicationSettled')) === 'rejected',
    ourRefundInPart: ({ refundId }, input) => isOurs(refundId, narrowInput(input, 'RefundApplicationSettled')) === 'in part',
    ourChange: ({ changeId }, input) => narrowInput(input, 'OrderLinesCancelled', 'CancellationRefused').changeId === changeId,
    thisCase: ({ caseId }, input) => narrowInput(input, 'CaseClosed').caseId === caseId,
    orderCancelled: (_, input) => narrowInput(input, 'ClaimRefused').code === 'order-cancelled',
    referred: ({ referred }) => referred !== undefined,
    claimed: ({ goods }) => goods.length > 0,
    lapsed: ({ lapsed }) => lapsed,
    nothingCame,
    lateAndSound: (c) => !c.withinWindow && isSound(c) && taken(c).length > 0,
    goodsOwed: ({ refund }) => refund > 0,
    freightOwed: (c) => freightOwed(c) > 0,
    someNotTaken: (c) => notTaken(c).length > 0,
    noneTaken: (c) => taken(c).length === 0,
    inPart: (c) => inPart(c) || c.notRefunded > 0,
    refundRejected: ({ refundRejected }) => refundRejected,
  },
  notes: {
    noteClaim: (_, input) => {
      const { lines, withinWindow, currency, payment } = narrowInput(input, 'UnitsClaimed');
      return { goods: lines, withinWindow, currency, payment };
    },
    noteReferral: (_, input) => {
      const { originalOrder, lines, sent } = narrowInput(input, 'ClaimReferred');
      return { referred: { originalOrder, lines, sent } };
    },
    noteChange: (_, input) => ({ changeId: narrowInput(input, 'CancellationRequested', 'CancellationQueued').changeId }),
    noteNotSent: (_, input) => {
      const { originalOrder } = narrowInput(input, 'GoodsNotDispatched');
      return originalOrder === undefined ? {} : { againFor: originalOrder };
    },
    noteStopped: (_, input) => {
      const { refund, currency, decided } = narrowInput(input, 'OrderLinesCancelled', 'OrderCancelled');
      return { stopped: { refund: decided?.refund ?? refund, currency } };
    },
    noteRefusal: (_, input) => ({
      refusal: narrowInput(input, 'ClaimRefused', 'RefundApplicationRefused', 'LostReturnRefused', 'ReturnNotToBeTaken').reason,
    }),
    noteAnswer: (_, input) => ({ refusal: narrowInput(input, 'OrderNotFound', 'ReturnNotArrived').note }),
    noteLapsed: () => ({ lapsed: true }),
    noteSent: (_, input) => {
      const { carrier, trackingNumber, freight: bill } = narrowInput(input, 'ReturnSent');
      return { carrier, trackingNumber, freightPaid: bill?.amount ?? 0 };
    },
    noteInspection: (_, input) => {
      const { lines, found, photos } = narrowInput(input, 'ReturnInspected');
      return { inspected: lines, found, photos };
    },
    noteNotTaken: (_, input) => ({ noneTaken: true, refusal: narrowInput(input, 'LateReturnRefused').reason }),
    noteCredited: ({ goods }) => ({
      inspected: goods.map(({ line, quantity }) => ({ line, accepted: quantity, rejected: 0, stock: 'scrap' as const })),
    }),
    noteSettled: (_, input) => ({
      refund: narrowInput(input, 'UnitsSettled').refund,
      payments: narrowInput(input, 'UnitsSettled').payments,
    }),
    noteRefund: (_, input) => ({ refundId: narrowInput(input, 'RefundRequested').refundId }),
    noteRefundRejected: (_, input) => ({ refundRejected: true, refusal: narrowInput(input, 'RefundApplicationSettled').reason ?? '' }),
    noteRefundInPart: (_, input) => {
      const { paid: refund, rejected: notRefunded, reason = '' } = narrowInput(input, 'RefundApplicationSettled');
      return { refund, notRefunded, refusal: reason };
    },
    noteRestored: () => ({ noneTaken: true }),
    noteFreight: (_, input) => ({ freightPaid: narrowInput(input, 'RefundApplicationSettled').paid }),
    noteSentBack: () => ({ sentBack: true }),
  },
});
