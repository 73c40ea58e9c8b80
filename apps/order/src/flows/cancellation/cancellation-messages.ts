import { type AboutOf, type CommandOf, type FactOf, starts } from '@orderloom/flows';
import type { CancellationDecision } from '../../order-facts.js';
import { originalCase } from '../fragments.js';
import type { LineQuantity, Payment, RefundPart } from '../../order-details.js';
import { defaultStorefrontSettings, type StorefrontSettings } from '../../policies.js';

/** A cancellation, and its messages to teams, services and the customer. */
export interface Cancellation extends FactOf<'CancellationRequested'> {
  /** All payments with their captured amounts, if there are others than `payment`. */
  readonly payments?: readonly Payment[];
  /** The loss that purchasing finds; the part that the customer agreed to bear. */
  readonly loss: number;
  readonly agreedLoss: number;
  readonly offers: number;
  /** By the settings at the start; absent in cancellations that began before they were kept. */
  readonly offersAtMost?: number;
  readonly refund: number;
  readonly parts?: readonly RefundPart[];
  readonly cancelled: readonly LineQuantity[];
  /** Set where another flow had cancelled the order: its amounts, of which nothing is filed here. */
  readonly decided?: CancellationDecision;
  readonly refundId: string;
  readonly refusal: string;
}

type C = Cancellation;

export const startCancellation = (
  fact: FactOf<'CancellationRequested'>,
  { offersAtMost }: StorefrontSettings = defaultStorefrontSettings,
): Cancellation => ({
  ...starts({ loss: 0, agreedLoss: 0, offers: 1, refund: 0, cancelled: [], refundId: '', refusal: '' })(fact),
  offersAtMost,
});

const ids = ({ orderNumber, changeId }: C) => ({ orderNumber, changeId });
export const goods = ({ orderNumber, lines, currency }: C) => ({ orderNumber, lines, currency });
export const quantities = ({ orderNumber, lines }: C) => ({
  orderNumber,
  lines: lines.map(({ line, quantity }) => ({ line, quantity })),
});
export const change = (c: C) => ({ ...quantities(c), changeId: c.changeId, whole: c.whole, reason: c.reason, agreedLoss: c.agreedLoss });
export const refusalWithoutAgreement = (c: C) => ({ ...ids(c), reason: 'no agreement on the loss' });
export const refusalWithoutHold = (c: C) => ({ ...ids(c), reason: c.refusal });
export const offer = ({ orderNumber, loss, paid, currency, offers }: C) => ({ orderNumber, loss: Math.min(loss, paid), currency, offers });
export const lateRefusal = ({ orderNumber, refusal: reason, promisedDispatchBy, dispatchedAt }: C) => ({
  orderNumber,
  reason,
  promisedDispatchBy,
  dispatchedAt,
});
/** CS-02: why it goes on, which part of the loss was not agreed on, and when it is to leave. */
export const continuation = (c: C) => ({ ...lateRefusal(c), loss: Math.min(c.loss, c.paid), currency: c.currency });
/** CS-02: the amounts that were decided and why, by this flow or by the one before it: the customer is told the same. */
export const outcome = ({ orderNumber, refund, agreedLoss, currency, reason, decided }: C) => ({
  orderNumber,
  currency,
  ...(decided ? { refund: decided.refund, agreedLoss: decided.agreedLoss, reason: decided.reason } : { refund, agreedLoss, reason }),
});
export const linesOutcome = (c: C) => ({ ...outcome(c), lines: c.cancelled });
export const reshipLines = (c: C) => ({ ...originalCase(c), lines: c.cancelled });
export const application = (c: C): CommandOf<'refund', 'RequestRefund'> => ({
  orderNumber: c.orderNumber,
  cause: 'cancelled',
  declaredReason: c.reason,
  declaredCause: c.declaredCause,
  filedBy: c.requestedBy,
  alsoFiledBy: c.alsoRequestedBy,
  amount: c.refund,
  currency: c.currency,
  payment: c.payment,
  payments: c.payments,
  parts: c.parts ?? [{ kind: 'goods', amount: c.refund }],
});
export const refundToSettle = ({ orderNumber, refund: amount, currency, refusal: reason }: C): AboutOf<'settle-refund'> => ({
  orderNumber,
  amount,
  currency,
  reason,
});
