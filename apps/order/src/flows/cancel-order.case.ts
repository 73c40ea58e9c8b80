import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Decided } from '../order-facts.js';
import type { Line, LineQuantity, Payment, RefundPart } from '../order-details.js';
import { mostOffers, policies } from '../policies.js';

interface Requested {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** The whole order, or quantities of its lines. */
  whole: boolean;
  lines: readonly Line[];
  /** What was paid for it, and how. */
  paid: number;
  payment: Payment;
  /** All payments, where they are not just that one. */
  payments?: readonly Payment[];
  currency: string;
  /** The person who asked, where one did: cancellations of before this field have none. */
  requestedBy?: string;
  alsoRequestedBy?: readonly string[];
  /** ORD-08: of the order that goes on. */
  promisedDispatchBy?: string;
  dispatchedAt?: string;
}

interface Cancellation extends Requested {
  /** What purchasing finds lost; what the customer is asked to bear, and agreed to. */
  loss: number;
  agreedLoss: number;
  offers: number;
  refund: number;
  parts?: readonly RefundPart[];
  cancelled: readonly LineQuantity[];
  /** Set where another flow had cancelled the order: its amounts, of which nothing is filed here. */
  decided?: Decided;
  refundId: string;
  refusal: string;
}

type Input =
  | {
      type:
        'ShipmentHeld' | 'HoldReleased' | 'ShipmentCancelled' | 'ShipmentAmended' | 'OfferAccepted' | 'OfferDeclined' | 'OtherOfferAsked';
    }
  | { type: 'NoOtherOffer' | 'RefundSettledByHand' }
  | { type: 'CancellationRefused'; decided?: Decided }
  | { type: 'HoldRefused' | 'RefundApplicationRefused'; reason: string }
  | { type: 'RefundRequested' | 'RefundApplicationSettled'; refundId: string }
  | { type: 'LossAssessed' | 'OfferMade'; loss: number }
  | {
      type: 'OrderCancelled';
      changeId: string;
      refund: number;
      agreedLoss: number;
      payments?: Payment[];
      parts?: RefundPart[];
      decided?: Decided;
    }
  | {
      type: 'OrderLinesCancelled';
      changeId: string;
      lines: LineQuantity[];
      remaining: Line[];
      refund: number;
      payments?: Payment[];
      parts?: RefundPart[];
    };

export const { ask, inform, remind, send, tell } = effects<Cancellation>();
export const number = ({ orderNumber }: Cancellation) => ({ orderNumber });
export const goods = ({ orderNumber, lines, currency }: Cancellation) => ({ orderNumber, lines, currency });
export const quantities = ({ orderNumber, lines }: Cancellation) => ({
  orderNumber,
  lines: lines.map(({ line, quantity }) => ({ line, quantity })),
});
export const change = (c: Cancellation) => ({
  ...{ ...quantities(c), changeId: c.changeId, whole: c.whole, reason: c.reason, agreedLoss: c.agreedLoss },
});
export const refusal = (because?: string) => (c: Cancellation) => ({ ...change(c), reason: because ?? c.refusal });
const dispatch = ({ promisedDispatchBy, dispatchedAt }: Cancellation) => ({ promisedDispatchBy, dispatchedAt });
export const offer = ({ orderNumber, loss, paid, currency, offers }: Cancellation) => ({
  ...{ orderNumber, loss: Math.min(loss, paid), currency, offers },
});
/** CS-02: why it goes on, which part of the loss was not agreed on, and when it is to leave. */
export const goesOn = (c: Cancellation) => ({
  ...{ ...number(c), reason: c.refusal, loss: Math.min(c.loss, c.paid), currency: c.currency },
  ...dispatch(c),
});
export const tooLate = (c: Cancellation) => ({ ...number(c), reason: c.refusal, ...dispatch(c) });
export const application = ({ orderNumber, refund, parts, currency, payment, payments, reason, ...by }: Cancellation) => ({
  ...{
    filedBy: by.requestedBy,
    ...(by.alsoRequestedBy && { alsoFiledBy: by.alsoRequestedBy }),
    orderNumber,
    cause: 'cancelled',
    declaredReason: reason,
    amount: refund,
    currency,
    payment,
    payments,
  },
  parts: parts ?? [{ kind: 'goods', amount: refund }],
});
/** What was decided, by this flow or by the one before it: both say the same. */
export const outcome = ({ orderNumber, refund, agreedLoss, currency, decided }: Cancellation) => ({
  ...{ orderNumber, refund: decided?.refund ?? refund, agreedLoss: decided?.agreedLoss ?? agreedLoss, currency },
});
export const linesOutcome = (c: Cancellation) => ({ ...outcome(c), lines: c.cancelled });
export const byHand = ({ orderNumber, refund, currency, refusal: reason }: Cancellation) => ({
  ...{ orderNumber, amount: refund, currency, reason },
});

const sum = (lines: readonly Line[], of: (line: Line) => number): number => lines.reduce((all, line) => all + of(line), 0);
const units = (lines: readonly Line[]): number => sum(lines, ({ quantity }) => quantity);
const value = (lines: readonly Line[]): number => sum(lines, ({ quantity, unitPrice }) => quantity * unitPrice);
/** What is still there of the goods that shall be cancelled. */
const stillThere = ({ lines }: Cancellation, remaining: readonly Line[]): readonly Line[] =>
  lines
    .map((l) => ({ ...l, quantity: Math.min(l.quantity, remaining.find(({ line }) => line === l.line)?.quantity ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
/** Undefined for the own cancellation. */
const leftByAnother = (c: Cancellation, { changeId, remaining }: { changeId: string; remaining: readonly Line[] }) =>
  changeId === c.changeId ? undefined : stillThere(c, remaining);

export const flow = defineFlow<Cancellation, Input>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: {
    CancellationRequested: ({ orderNumber, changeId, reason, whole, lines, paid, payment, currency, ...more }: Requested) => ({
      ...{ orderNumber, changeId, reason, whole, lines, paid, payment, currency, requestedBy: more.requestedBy },
      ...(more.alsoRequestedBy && { alsoRequestedBy: more.alsoRequestedBy }),
      ...{ promisedDispatchBy: more.promisedDispatchBy, dispatchedAt: more.dispatchedAt },
      ...{ loss: 0, agreedLoss: 0, offers: 1, refund: 0, cancelled: [], refundId: '', refusal: '' },
    }),
  },
  withdraws: { OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled' },
  listensTo: ['OrderCancelled', 'OrderLinesCancelled'],
  guards: {
    nothingLeft: ({ lines }) => lines.length === 0,
    // who has paid nothing has nothing to bear it of
    noLoss: ({ paid }, input) => paid === 0 || narrowInput(input, 'LossAssessed').loss === 0,
    offersLeft: ({ offers }) => offers < mostOffers,
    whole: ({ whole }) => whole,
    noneLeft: (c, input) => leftByAnother(c, narrowInput(input, 'OrderLinesCancelled'))?.length === 0,
    lessLeft: (c, input) => units(leftByAnother(c, narrowInput(input, 'OrderLinesCancelled')) ?? c.lines) < units(c.lines),
    ours: ({ changeId }, input) => narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled').changeId === changeId,
    byAnother: ({ changeId }, input) => narrowInput(input, 'OrderCancelled').changeId !== changeId,
    cancelledBefore: (_, input) => narrowInput(input, 'CancellationRefused').decided !== undefined,
    noneCancelled: ({ changeId }, input) => {
      const said = narrowInput(input, 'OrderLinesCancelled');
      return said.changeId === changeId && said.lines.length === 0;
    },
    refundOwed: ({ refund }) => refund > 0,
    ourRefund: ({ refundId }, input) => narrowInput(input, 'RefundApplicationSettled').refundId === refundId,
  },
  notes: {
    noteRemaining: (c, input) => {
      const lines = stillThere(c, narrowInput(input, 'OrderLinesCancelled').remaining);
      // the most of it that can be put to the customer; what is paid back is the order's to say
      const paid = value(c.lines) > 0 ? Math.floor((c.paid * value(lines)) / value(c.lines)) : c.paid;
      return { lines, paid };
    },
    noteLoss: (_, input) => ({ loss: narrowInput(input, 'LossAssessed').loss }),
    noteOffer: ({ offers }, input) => ({ loss: narrowInput(input, 'OfferMade').loss, offers: offers + 1 }),
    noteAgreedLoss: ({ loss, paid }) => ({ agreedLoss: Math.min(loss, paid) }),
    noteDeclined: () => ({ refusal: 'offer-declined' }),
    noteNoAnswer: () => ({ refusal: 'no-answer' }),
    noteNoOffer: () => ({ refusal: 'no-other-offer' }),
    noteCancelled: (_, input) => {
      const { refund, payments, parts, decided } = narrowInput(input, 'OrderCancelled');
      return decided ? { decided } : { refund, payments, parts };
    },
    noteDecided: (_, input) => {
      const said = narrowInput(input, 'OrderCancelled', 'CancellationRefused');
      if (said.type === 'CancellationRefused') return { decided: said.decided };
      const { changeId, refund, agreedLoss } = said;
      return { decided: { changeId, refund, agreedLoss } };
    },
    noteLinesCancelled: (_, input) => {
      const { refund, payments, parts, lines } = narrowInput(input, 'OrderLinesCancelled');
      return { refund, payments, parts, cancelled: lines };
    },
    noteRefund: (_, input) => ({ refundId: narrowInput(input, 'RefundRequested').refundId }),
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'HoldRefused', 'RefundApplicationRefused').reason }),
  },
});
