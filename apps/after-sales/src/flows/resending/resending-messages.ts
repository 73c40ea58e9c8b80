import type { AboutOf, CommandOf, FactOf } from '@orderloom/flows';
import { asFilers, type Openers } from '../../openers.js';
import { gift, type StorefrontSettings } from '../../policies.js';
import { type Line, type LineQuantity, type Payment, reshipNumber, unitsOf } from '../../purchase/purchase-details.js';
import { ids } from '../fragments.js';

/** Claimed units that are sent again or refunded, and the messages about them to teams, services and the customer. */
export interface Resending extends Openers {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly reason: string;
  readonly declaredCause?: FactOf<'CaseOpened'>['declaredCause'];
  readonly goods: readonly Line[];
  readonly currency: string;
  readonly payment: Payment;
  /** All payments, where they are not just that one. */
  readonly payments?: readonly Payment[];
  /** Units that are not to be had: all of them so far, and those to be settled now. */
  readonly lost: readonly LineQuantity[];
  readonly losing: readonly LineQuantity[];
  /** Set where a re-ship was asked for: what is lost was cancelled of it. */
  readonly reshipped: boolean;
  readonly dispatched: boolean;
  readonly delivered: boolean;
  readonly satisfied: boolean;
  /** The re-ship is lost: another case claims what was in it. */
  readonly lostAgain?: boolean;
  /** The goods that a re-ship replaces were delivered: after it was requested, or instead of it. */
  readonly turnedUp?: boolean;
  readonly hasOriginal?: boolean;
  /** The last settlement, and the sum of all filed or manual ones less the rejected ones. */
  readonly owed: number;
  readonly refund: number;
  /** Refunds that are neither paid nor rejected. */
  readonly filed: readonly string[];
  /** The last rejected amount, and the part of it that was paid all the same. */
  readonly notPaid: { readonly refundId: string; readonly paid: number };
  readonly refusal: string;
  readonly complaint: string;
  /** CS-05: what was granted; absent where a gift goes with every re-ship (AFT-15). */
  readonly goodwill?: 'none' | 'gift' | 'coupon' | 'points';
  /** AFT-15, by the settings at the start; absent in cases that began before it was kept. */
  readonly gift?: StorefrontSettings['gift'];
}
type C = Resending;

/** Values with which every case of it starts. */
export const nothingSent = {
  goods: [],
  currency: '',
  payment: { method: '', captured: 0, reference: '' },
  lost: [],
  losing: [],
  reshipped: false,
  dispatched: false,
  delivered: false,
  satisfied: false,
  owed: 0,
  refund: 0,
  filed: [],
  notPaid: { refundId: '', paid: 0 },
  refusal: '',
  complaint: '',
} as const;

export const promise = (c: C) => ({ ...ids(c), reshipNumber: reshipNumber(c) });
/** AFT-34: the goods for nothing, with a gift where there is one (AFT-15, CS-05). */
export const reship = (c: C) => {
  const line = Math.max(...c.goods.map((l) => l.line)) + 1;
  const goods = c.goods.map((l) => ({ ...l, unitPrice: 0 }));
  const hasGift = c.goodwill === undefined || c.goodwill === 'gift';
  return { ...promise(c), lines: hasGift ? [...goods, { line, ...(c.gift ?? gift) }] : goods, gifts: hasGift ? [line] : [] };
};
/** AFT-15: a gift goes only with goods. */
export const giftAlone = (c: C) => ({ orderNumber: reshipNumber(c), caseId: c.caseId, reason: 'only the gift is left' });
export const sentAgain = (c: C) => ({ ...ids(c), sentAgain: true as const });
export const complaint = (c: C) => ({ ...ids(c), text: c.complaint });

export const lost = (c: C) => ({ ...ids(c), lines: c.losing });
export const partLost = (c: C) => ({ ...lost(c), keepsRest: true as const });
export const applicationOf =
  (cause: CommandOf<'refund', 'RequestRefund'>['cause']) =>
  (c: C): CommandOf<'refund', 'RequestRefund'> => ({
    ...ids(c),
    cause,
    declaredReason: c.reason,
    declaredCause: c.declaredCause,
    amount: c.owed,
    currency: c.currency,
    payment: c.payment,
    payments: c.payments,
    parts: [{ kind: 'goods', amount: c.owed }],
    ...asFilers(c),
  });
export const refusedRefund = ({ orderNumber, owed: amount, currency, refusal: reason }: C): AboutOf<'settle-refund'> => ({
  orderNumber,
  amount,
  currency,
  reason,
});
/** REF-01: told when it is filed. */
export const filedFor = (c: C) => ({ ...lost(c), refund: c.owed, currency: c.currency });
/** LOG-06: what was cancelled of a re-ship is worth what was paid for it at the order. */
export const cancelled = (c: C) => ({ ...filedFor(c), reshipNumber: reshipNumber(c) });
/** The goods turned up: what is cancelled of the re-ship is not refunded. */
export const notNeeded = (c: C) => ({ ...promise(c), lines: c.losing });
export const filing = (c: C) => ({ ...ids(c), refundId: c.filed.at(-1) ?? '' });
export const paid = (c: C) => ({ ...ids(c), refund: c.refund, currency: c.currency });
/** Of what came, with what was refunded instead, where something was. */
export const outcome = (c: C) => (c.refund > 0 ? paid(c) : ids(c));
/** REF-05: what is not paid back in the end can be missing again. */
export const notPaid = (c: C) => ({ ...ids(c), ...c.notPaid });
export const unpaid = (c: C) => ({ ...ids(c), reason: c.refusal || 'nothing of what was paid is left to be refunded' });

/** Of these units, those that were neither lost before nor are a gift. */
export function stillThere(c: C, units: readonly LineQuantity[]): readonly LineQuantity[] {
  return c.goods
    .map(({ line, quantity }) => ({ line, quantity: Math.min(unitsOf(units, line), quantity - unitsOf(c.lost, line)) }))
    .filter(({ quantity }) => quantity > 0);
}
function losing(c: C, units: readonly LineQuantity[]) {
  const now = stillThere(c, units);
  return { losing: now, lost: [...c.lost, ...now] };
}

export function noteAllLost(c: C) {
  return losing(c, c.goods);
}
export function noteLost(c: C, { lines }: FactOf<'ReshipReduced'>) {
  return losing(c, lines);
}
