import { type AboutOf, type CommandOf, type FactOf, starts } from '@orderloom/flows';
import type { Duration } from '@orderloom/kernel';
import type { Finding } from '../../case-facts.js';
import { asFilers, asRequesters } from '../../openers.js';
import { defaultStorefrontSettings, policies, returnAddress, type StorefrontSettings } from '../../policies.js';
import { isMerchants, type Payment, summed } from '../../purchase/purchase-details.js';
import { ids, type Referred } from '../fragments.js';
import { type Counts, freightCap, freightOwed, unacceptedUnits, acceptedUnits } from './return-counts.js';

/** A return, and its messages to teams, services and the customer. */
export interface Return extends FactOf<'ReturnBegun'>, Referred, Counts {
  readonly withinWindow: boolean;
  readonly payment: Payment;
  /** All payments, where they are not just that one. */
  readonly payments?: readonly Payment[];
  /** The cancellation that stops what has not left, and what it pays back. */
  readonly changeId: string;
  readonly stopped: { readonly refund: number; readonly currency: string } | null;
  /** The original order of the stopped re-ship. */
  readonly againFor?: string;
  /** Nobody named a parcel within the time: what was claimed is free. */
  readonly lapsed: boolean;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly photos: readonly string[];
  readonly refund: number;
  readonly refundId: string;
  /** Of the goods alone, once it is filed; absent in returns that began before it was kept. */
  readonly goodsRefundId?: string;
  /** It was paid, came back and was given up: what becomes of it is decided and told by `unpaid-return`. */
  readonly refundApart?: boolean;
  /** The rejected part of it, if another payment paid the rest. */
  readonly notRefunded: number;
  readonly refundRejected: boolean;
  readonly refusal: string;
  readonly sentBack: boolean;
  /** AFT-30, by the settings at the start; absent in returns that began before it was kept. */
  readonly returnAddress?: StorefrontSettings['storefront']['returns']['address'];
  /** AFT-31: how long a parcel may still be named after the return lapsed, by the settings at the start; absent in older returns. */
  readonly lateParcel?: Duration;
}
type C = Return;

const fresh = starts({
  goods: [],
  withinWindow: true,
  currency: '',
  payment: { method: '', captured: 0, reference: '' },
  lapsed: false,
  changeId: '',
  stopped: null,
  carrier: '',
  trackingNumber: '',
  freightPaid: 0,
  inspected: [],
  found: 'none',
  photos: [],
  noneTaken: false,
  refund: 0,
  notRefunded: 0,
  refundId: '',
  refundRejected: false,
  refusal: '',
  sentBack: false,
});
export const startReturn = (fact: FactOf<'ReturnBegun'>, settings: StorefrontSettings = defaultStorefrontSettings): Return => ({
  ...fresh(fact),
  returnAddress: settings.storefront.returns.address,
  freightCaps: settings.returnFreightCaps,
  lateParcel: settings.policies('after-sales').deadlines['lateParcel'],
});

export const refusalReason = (c: C) => ({ ...ids(c), reason: c.refusal });
export const claim = (c: C) => ({
  ...ids(c),
  what: 'return' as const,
  cause: c.cause,
  lines: c.lines,
  openedAt: c.openedAt,
  refers: true as const,
  sent: c.sent,
});
export const unknownOrder = (c: C) => ({ ...ids(c), lines: c.lines, reason: c.reason });
export const cancellation = (c: C) => ({
  ...ids(c),
  reason: c.reason,
  declaredCause: c.declaredCause,
  lines: summed(c.lines),
  ...asRequesters(c),
});
export const unsentLines = (c: C) => ({ ...ids(c), lines: c.lines });
/** LOG-06: a re-ship cost nothing; what it would have brought is paid back by the case that it was sent for. */
export const stoppedLines = (c: C) => ({ ...unsentLines(c), ...(c.againFor === undefined ? c.stopped : { originalOrder: c.againFor }) });
const goods = (c: C) => ({ ...ids(c), lines: c.goods });
export const instructions = (c: C) => ({
  ...goods(c),
  currency: c.currency,
  returnAddress: c.returnAddress ?? returnAddress,
  freightBy: isMerchants(c.cause) ? ('merchant' as const) : ('customer' as const),
  freightCap: freightCap(c),
});
export function lapse(c: C) {
  const { days, workingDays, hours }: Duration = c.lateParcel ?? policies.deadlines.lateParcel;
  return { ...unsentLines(c), graceDays: days, graceWorkingDays: workingDays, graceHours: hours };
}
export const goodsBack = (c: C) => ({ ...goods(c), cause: c.cause });
export const missingParcel = (c: C) => ({ ...goods(c), carrier: c.carrier, trackingNumber: c.trackingNumber, note: c.refusal });
export const inspection = (c: C) => ({ ...ids(c), lines: c.inspected, found: c.found, photos: c.photos });
export const lateReturn = (c: C) => ({ ...goods(c), found: c.found, photos: c.photos, openedAt: c.openedAt });

export const accepted = (c: C) => ({ ...ids(c), lines: acceptedUnits(c) });
export const rejected = (c: C) => ({ ...ids(c), lines: unacceptedUnits(c), photos: c.photos });

type Application = CommandOf<'refund', 'RequestRefund'>;
const causes: Readonly<Record<Finding, Application['cause']>> = {
  none: 'returned',
  untrue: 'returned',
  defect: 'quality',
  'wrong-item': 'not-as-agreed',
  'missing-items': 'not-as-agreed',
  'listing-wrong': 'not-as-agreed',
};
const application = (c: C, kind: 'goods' | 'freight', amount: number): Application => ({
  ...ids(c),
  cause: causes[c.found],
  declaredReason: c.reason,
  declaredCause: c.declaredCause,
  amount,
  currency: c.currency,
  payment: c.payment,
  payments: c.payments,
  parts: [{ kind, amount }],
  ...asFilers(c),
});
export const goodsRefund = (c: C) => application(c, 'goods', c.refund);
export const freightRefund = (c: C) => application(c, 'freight', freightOwed(c));
const refused = (c: C, amount: number): AboutOf<'settle-refund'> => ({
  orderNumber: c.orderNumber,
  amount,
  currency: c.currency,
  reason: c.refusal,
});
export const goodsRefundToSettle = (c: C) => refused(c, c.refund);
export const freightRefundToSettle = (c: C) => refused(c, freightOwed(c));

const goingBack = (c: C) => ({ notAccepted: unacceptedUnits(c), sentBack: c.sentBack });
export const refundPaid = (c: C) => ({
  ...ids(c),
  refund: c.refund,
  freight: freightOwed(c),
  currency: c.currency,
  accepted: acceptedUnits(c),
  ...goingBack(c),
  ...(c.notRefunded > 0 && { notRefunded: c.notRefunded, reason: c.refusal }),
});
export const separateRefund = (c: C) => ({
  ...ids(c),
  ...{ freight: freightOwed(c), currency: c.currency, accepted: acceptedUnits(c) },
  ...goingBack(c),
});
const ofRefund = (c: C) => ({ ...ids(c), refundId: c.refundId });
export const filedRefund = (c: C) => ({ ...ofRefund(c), returned: 'open' as const });
export const wholeRejection = (c: C) => ({ ...ofRefund(c), paid: 0 });
export const partialPayment = (c: C) => ({ ...ofRefund(c), paid: c.refund });
export const rejectedRefund = (c: C) => ({ ...refusalReason(c), amount: c.refund, currency: c.currency, ...goingBack(c) });
export const unacceptedGoods = (c: C) => ({ ...ids(c), reason: c.refusal || c.found, ...goingBack(c) });
export const closing = (outcome: string) => (c: C) => ({
  ...ids(c),
  outcome,
  cause: c.found === 'none' ? (c.cause ?? 'none') : c.found,
});
