import { type AboutOf, type CommandOf, type FactOf, starts } from '@orderloom/flows';
import { originalCase } from '../fragments.js';
import type { LineQuantity, RefundPart } from '../../order-details.js';

/** Fields of the placed order that its fulfilment needs. */
const needed = [
  'orderNumber',
  'lines',
  'address',
  'currency',
  'payment',
  'concerns',
  'notes',
  'placedAt',
  'promisedDispatchBy',
  'processedUntil',
  'reship',
] as const;

/** The fulfilment of an order, and its messages to teams, services and the customer. */
export interface Fulfilment extends Pick<FactOf<'OrderPlaced'>, (typeof needed)[number] | 'payments'> {
  /** Flows that had cancelled quantities before the release. */
  readonly amendedBy?: readonly string[];
  /** Numbers of the lines that are missing, when purchasing expects them, and who decided to go on without them. */
  readonly missing: readonly number[];
  readonly expectedAt: string;
  readonly decidedBy: 'customer' | 'time';
  readonly heldBecause: string;
  /** The lines that were cancelled last because they are unavailable, and their refund. */
  readonly givenUp: readonly LineQuantity[];
  readonly refund: number;
  readonly parts?: readonly RefundPart[];
  /** Reason of another flow that cancelled the order first. */
  readonly cancelledBecause?: string;
  /** Refunds that were filed here and have no outcome yet; what was refused, which a supervisor settles. */
  readonly openRefunds: readonly string[];
  readonly refused: number;
  readonly refusal: string;
  readonly dispatch: Omit<FactOf<'ParcelShipped'>, 'orderNumber'>;
}
type C = Fulfilment;

export const startFulfilment = starts(
  {
    heldBecause: '',
    missing: [],
    expectedAt: '',
    decidedBy: 'customer',
    givenUp: [],
    refund: 0,
    openRefunds: [],
    refused: 0,
    refusal: '',
    dispatch: { at: '', carrier: '', method: '', trackingNumber: null },
  },
  ...needed,
);

/** The lines that purchasing can't get are cancelled under a change of this name, never somebody else's. */
export const unavailableGoods = 'not-to-be-had';

export const promise = ({ orderNumber, promisedDispatchBy }: C) => ({ orderNumber, promisedDispatchBy });
export const openConcerns = ({ orderNumber, concerns }: C) => ({ orderNumber, concerns });
const goods = ({ orderNumber, lines }: C) => ({ orderNumber, lines });
export const stock = (c: C) => ({ ...goods(c), promisedDispatchBy: c.promisedDispatchBy });
export const parcel = (c: C) => ({ ...goods(c), address: c.address, amendedBy: c.amendedBy, placedAt: c.placedAt });
export const hold = ({ orderNumber, heldBecause: reason }: C) => ({ orderNumber, reason });
export const dispatch = (c: C) => ({ orderNumber: c.orderNumber, ...c.dispatch });
export const review = (c: C) => ({ ...goods(c), address: c.address, concerns: c.concerns, notes: c.notes });
export const missingLines = (c: C) => ({ orderNumber: c.orderNumber, lines: c.missing });
export const arrival = (c: C) => ({ ...missingLines(c), expectedAt: c.expectedAt });

const givingUp = (c: C) => ({
  orderNumber: c.orderNumber,
  changeId: unavailableGoods,
  reason: 'not to be had',
  agreedLoss: 0,
  lines: c.lines.filter((l) => c.missing.includes(l.line)).map(({ line, quantity }) => ({ line, quantity })),
});
export const missingGoods = (c: C) => ({ ...givingUp(c), whole: false });
export const wholeOrder = (c: C) => ({ ...givingUp(c), whole: true });

export const application = (c: C): CommandOf<'refund', 'RequestRefund'> => ({
  orderNumber: c.orderNumber,
  cause: unavailableGoods,
  amount: c.refund,
  currency: c.currency,
  payment: c.payment,
  payments: c.payments,
  parts: c.parts ?? [{ kind: 'goods', amount: c.refund }],
});
export const refundToSettle = ({ orderNumber, refused: amount, currency, refusal: reason }: C): AboutOf<'settle-refund'> => ({
  orderNumber,
  amount,
  currency,
  reason,
});

const paidBack = ({ orderNumber, refund, currency }: C) => ({ orderNumber, refund, currency });
/** ORD-12: the amount and the reason of the flow that was faster. */
export const earlierCancellation = (c: C) => ({ ...paidBack(c), reason: c.cancelledBecause });
/** CS-02: what is cancelled, the amount, why, and who decided it. */
export const cancelledOrder = (c: C) => ({ ...paidBack(c), agreedLoss: 0, reason: unavailableGoods, decidedBy: c.decidedBy });
export const cancelledLines = (c: C) => ({ ...cancelledOrder(c), lines: c.givenUp });
export const reshipLines = (c: C) => ({ ...originalCase(c), lines: c.givenUp });
