import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Line, Payment, RefundPart } from '../../order-details.js';
import { mostOffers, policies } from '../../policies.js';

interface Cancellation {
  orderNumber: string;
  changeId: string;
  reason: string;
  /** The whole order, or quantities of its lines. */
  whole: boolean;
  lines: readonly Line[];
  /** What was paid for it, and how; what purchasing finds lost; what the customer is asked to bear, and agreed to. */
  paid: number;
  payment: Payment;
  currency: string;
  loss: number;
  agreedLoss: number;
  offers: number;
  refund: number;
  /** Absent in cancellations of before this field. */
  parts?: readonly RefundPart[];
  refusal: string;
  /** The person who asked, where one did: cancellations of before this field have none. */
  requestedBy?: string;
}

type Input =
  | {
      type:
        'ShipmentHeld' | 'HoldReleased' | 'ShipmentCancelled' | 'ShipmentAmended' | 'OfferAccepted' | 'OfferDeclined' | 'OtherOfferAsked';
    }
  | { type: 'NoOtherOffer' | 'CancellationRefused' | 'RefundRequested' | 'RefundSettledByHand' }
  | { type: 'HoldRefused' | 'RefundApplicationRefused'; reason: string }
  | { type: 'LossAssessed' | 'OfferMade'; loss: number }
  | { type: 'OrderCancelled' | 'OrderLinesCancelled'; refund: number; parts?: RefundPart[] };

export const { ask, inform, remind, send, tell } = effects<Cancellation>();
export const number = ({ orderNumber }: Cancellation) => ({ orderNumber });
export const quantities = ({ orderNumber, lines }: Cancellation) => ({
  orderNumber,
  lines: lines.map(({ line, quantity }) => ({ line, quantity })),
});
export const change = (c: Cancellation) => ({
  ...quantities(c),
  changeId: c.changeId,
  whole: c.whole,
  reason: c.reason,
  agreedLoss: c.agreedLoss,
});
export const offer = ({ orderNumber, loss, paid, currency, offers }: Cancellation) => ({
  ...{ orderNumber, loss: Math.min(loss, paid), currency, offers },
});
export const application = ({ orderNumber, refund, parts, currency, payment, reason, requestedBy }: Cancellation) => ({
  ...{ filedBy: requestedBy, orderNumber, cause: 'cancelled', declaredReason: reason, amount: refund, currency, payment },
  parts: parts ?? [{ kind: 'goods', amount: refund }],
});
export const outcome = ({ orderNumber, refund, agreedLoss, currency }: Cancellation) => ({ orderNumber, refund, agreedLoss, currency });

export const flow = defineFlow<Cancellation, Input>()({
  service: 'order',
  policies,
  exclusive: 'change',
  startedBy: {
    CancellationRequested: ({ orderNumber, changeId, reason, whole, lines, paid, payment, currency, requestedBy }: Cancellation) => ({
      ...{ orderNumber, changeId, reason, whole, lines, paid, payment, currency, requestedBy },
      ...{ loss: 0, agreedLoss: 0, offers: 1, refund: 0, refusal: '' },
    }),
  },
  guards: {
    // who has paid nothing has nothing to bear it of
    noLoss: ({ paid }, input) => paid === 0 || narrowInput(input, 'LossAssessed').loss === 0,
    offersLeft: ({ offers }) => offers < mostOffers,
    whole: ({ whole }) => whole,
    nothingToRefund: (_, input) => narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled').refund === 0,
  },
  notes: {
    noteLoss: (_, input) => ({ loss: narrowInput(input, 'LossAssessed').loss }),
    noteOffer: ({ offers }, input) => ({ loss: narrowInput(input, 'OfferMade').loss, offers: offers + 1 }),
    noteAgreedLoss: ({ loss, paid }) => ({ agreedLoss: Math.min(loss, paid) }),
    noteRefund: (_, input) => {
      const { refund, parts } = narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled');
      return { refund, parts };
    },
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'HoldRefused', 'RefundApplicationRefused').reason }),
  },
});
