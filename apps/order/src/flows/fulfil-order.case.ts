import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Address, Line, LineQuantity, Payment, RefundPart } from '../order-details.js';
import { policies } from '../policies.js';

interface Placing {
  orderNumber: string;
  lines: readonly Line[];
  address: Address;
  currency: string;
  payment: Payment;
  /** All payments, where they are not just that one. */
  payments?: readonly Payment[];
  concerns: readonly string[];
  notes?: string;
  promisedDispatchBy: string;
  processedUntil: string;
  /** Of what began before this was noted there is none. */
  placedAt?: string;
}

interface Fulfilment extends Placing {
  /** Flows that had cancelled quantities before the release. */
  amendedBy?: readonly string[];
  /** Numbers of the lines that are missing, when purchasing expects them, and who decided to go on without them. */
  missing: readonly number[];
  expectedAt: string;
  decidedBy: 'customer' | 'time';
  heldBecause: string;
  /** What was cancelled last because it is not to be had, and what is paid back for it. */
  givenUp: readonly LineQuantity[];
  refund: number;
  parts?: readonly RefundPart[];
  /** Refunds that were filed here and have no outcome yet; what was refused, which a supervisor settles. */
  openRefunds: readonly string[];
  refused: number;
  refusal: string;
  dispatch: { at: string; carrier: string; method: string; trackingNumber: string | null };
}

type Cancelled = { changeId: string; refund: number; payments?: Payment[]; parts?: RefundPart[] };
type Input =
  | { type: 'ReviewPassed' | 'OrderApproved' | 'StockConfirmed' | 'StockArrived' | 'LinesGivenUp' | 'OrderGivenUp' | 'ReleaseDeferred' }
  | { type: 'ReviewHeld' | 'RefundApplicationRefused'; reason: string }
  | { type: 'StockArrivesLater'; lines: number[]; expectedAt: string }
  | { type: 'StockNotToBeHad'; lines: number[] }
  | { type: 'OrderReleased'; lines: Line[]; address: Address; amendedBy?: string[] }
  | ({ type: 'OrderCancelled' } & Cancelled)
  | ({ type: 'OrderLinesCancelled'; lines: LineQuantity[]; remaining: Line[] } & Cancelled)
  | { type: 'AddressChanged'; address: Address }
  | { type: 'CaptureRecorded'; outstanding?: number }
  | { type: 'CancellationRefused' | 'AddressChangeRefused' | 'RefundSettledByHand' }
  | { type: 'RefundRequested' | 'RefundApplicationSettled'; refundId: string }
  | { type: 'ParcelShipped'; at: string; carrier: string; method: string; trackingNumber: string | null };

export const { ask, inform, remind, send, tell } = effects<Fulfilment>();
export const number = ({ orderNumber }: Fulfilment) => ({ orderNumber });
export const promise = ({ orderNumber, promisedDispatchBy }: Fulfilment) => ({ orderNumber, promisedDispatchBy });
const goods = ({ orderNumber, lines }: Fulfilment) => ({ orderNumber, lines });
export const stock = (c: Fulfilment) => ({ ...goods(c), promisedDispatchBy: c.promisedDispatchBy });
export const parcel = (c: Fulfilment) => ({ ...goods(c), address: c.address, amendedBy: c.amendedBy, placedAt: c.placedAt });
export const hold = (c: Fulfilment) => ({ ...number(c), reason: c.heldBecause });
export const dispatch = (c: Fulfilment) => ({ ...number(c), ...c.dispatch });
export const arrival = (c: Fulfilment) => ({ ...missingLines(c), expectedAt: c.expectedAt });
export const review = (c: Fulfilment) => ({ ...goods(c), address: c.address, concerns: c.concerns, notes: c.notes });
export const missingLines = (c: Fulfilment) => ({ orderNumber: c.orderNumber, lines: c.missing });
export const giveUp = (whole: boolean) => (c: Fulfilment) => ({
  ...{ orderNumber: c.orderNumber, changeId: notToBeHad, whole, reason: 'not to be had', agreedLoss: 0 },
  lines: c.lines.filter((l) => c.missing.includes(l.line)).map(({ line, quantity }) => ({ line, quantity })),
});
export const application = ({ orderNumber, refund, parts, currency, payment, payments }: Fulfilment) => ({
  ...{ orderNumber, cause: notToBeHad, amount: refund, currency, payment, payments },
  parts: parts ?? [{ kind: 'goods', amount: refund }],
});
export const byHand = (c: Fulfilment) => ({ ...number(c), amount: c.refused, currency: c.currency, reason: c.refusal });
/** CS-02: what is cancelled, the amount, why, and who decided it. */
export const cancelled = (c: Fulfilment) => ({
  ...{ ...number(c), refund: c.refund, agreedLoss: 0, currency: c.currency, reason: notToBeHad, decidedBy: c.decidedBy },
});
export const cancelledLines = (c: Fulfilment) => ({ ...cancelled(c), lines: c.givenUp });
/** ORD-12: the amount of the flow that was faster. */
export const cancelledBefore = (c: Fulfilment) => ({ ...number(c), refund: c.refund, currency: c.currency });

/** The lines that purchasing can't get are cancelled under a change of this name, never somebody else's. */
const notToBeHad = 'not-to-be-had';
const notPaid = 'not-fully-paid';
const isOurs = ({ changeId }: { changeId: string }) => changeId === notToBeHad;
const added = (concerns: readonly string[], concern: string) => [...new Set([...concerns, concern])];
const stillMissing = (missing: readonly number[], remaining: readonly Line[]) => missing.filter((n) => remaining.some((l) => l.line === n));

export const flow = defineFlow<Fulfilment, Input>()({
  service: 'order',
  policies,
  startedBy: {
    OrderPlaced: ({ orderNumber, lines, address, currency, payment, concerns, notes, ...more }: Placing) => ({
      ...{ orderNumber, lines, address, currency, payment, concerns, notes, placedAt: more.placedAt },
      ...{ promisedDispatchBy: more.promisedDispatchBy, processedUntil: more.processedUntil },
      ...{ heldBecause: '', missing: [], expectedAt: '', decidedBy: 'customer' as const, givenUp: [], refund: 0 },
      ...{ openRefunds: [], refused: 0, refusal: '', dispatch: { at: '', carrier: '', method: '', trackingNumber: null } },
    }),
  },
  listensTo: [
    'OrderApproved',
    'OrderReleased',
    'ReleaseDeferred',
    'OrderCancelled',
    'OrderLinesCancelled',
    'CancellationRefused',
    'AddressChanged',
    'AddressChangeRefused',
    'CaptureRecorded',
    'ParcelShipped',
  ],
  withdraws: { OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled', ParcelShipped: 'shipped' },
  guards: {
    nothingAgainst: ({ concerns }) => concerns.length === 0,
    paidNow: ({ concerns }, input) => concerns.includes(notPaid) && narrowInput(input, 'CaptureRecorded').outstanding === 0,
    withinWindow: ({ processedUntil }, input) => narrowInput(input, 'StockArrivesLater').expectedAt <= processedUntil,
    givenUpHere: (_, input) => isOurs(narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled')),
    nothingGivenUp: (_, input) =>
      isOurs(narrowInput(input, 'OrderLinesCancelled')) && narrowInput(input, 'OrderLinesCancelled').lines.length === 0,
    byAnother: (_, input) => !isOurs(narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled')),
    noneMissing: ({ missing }, input) =>
      !isOurs(narrowInput(input, 'OrderLinesCancelled')) &&
      stillMissing(missing, narrowInput(input, 'OrderLinesCancelled').remaining).length === 0,
    fewerMissing: ({ missing }, input) =>
      !isOurs(narrowInput(input, 'OrderLinesCancelled')) &&
      stillMissing(missing, narrowInput(input, 'OrderLinesCancelled').remaining).length < missing.length,
    refundOwed: ({ refund }) => refund > 0,
    ourRefund: ({ openRefunds }, input) => openRefunds.includes(narrowInput(input, 'RefundApplicationSettled').refundId),
    refundOpen: ({ openRefunds }) => openRefunds.length > 0,
    refundRefused: ({ refused }) => refused > 0,
  },
  notes: {
    noteHeld: (_, input) => ({ heldBecause: narrowInput(input, 'ReviewHeld').reason }),
    noteArrival: (_, input) => ({
      missing: narrowInput(input, 'StockArrivesLater').lines,
      expectedAt: narrowInput(input, 'StockArrivesLater').expectedAt,
    }),
    noteMissing: (_, input) => ({ missing: narrowInput(input, 'StockNotToBeHad', 'StockArrivesLater').lines }),
    noteChosen: () => ({ decidedBy: 'customer' as const }),
    noteNoAnswer: () => ({ decidedBy: 'time' as const }),
    noteCancelled: (_, input) => {
      const { refund, payments, parts } = narrowInput(input, 'OrderCancelled');
      return { refund, payments, parts };
    },
    noteGivenUp: (_, input) => {
      const { lines, remaining, refund, payments, parts } = narrowInput(input, 'OrderLinesCancelled');
      return { givenUp: lines, lines: remaining, missing: [], refund, payments, parts };
    },
    noteRemaining: ({ concerns, missing }, input) => {
      const { remaining } = narrowInput(input, 'OrderLinesCancelled');
      return { lines: remaining, missing: stillMissing(missing, remaining), concerns: added(concerns, 'lines-cancelled') };
    },
    noteAddress: ({ concerns }, input) => ({
      address: narrowInput(input, 'AddressChanged').address,
      // an address changes only to one that can be delivered to (ORD-31)
      concerns: added(
        concerns.filter((concern) => concern !== 'address-not-deliverable'),
        'address-changed',
      ),
    }),
    notePaid: ({ concerns }) => ({ concerns: concerns.filter((concern) => concern !== notPaid) }),
    noteRefund: ({ openRefunds }, input) => ({ openRefunds: [...openRefunds, narrowInput(input, 'RefundRequested').refundId] }),
    noteRefundClosed: ({ openRefunds }, input) => ({
      openRefunds: openRefunds.filter((id) => id !== narrowInput(input, 'RefundApplicationSettled').refundId),
    }),
    noteRefusal: ({ refused, refund }, input) => ({
      refused: refused + refund,
      refusal: narrowInput(input, 'RefundApplicationRefused').reason,
    }),
    noteSettled: () => ({ refused: 0 }),
    noteReleased: (_, input) => {
      const { lines, address, amendedBy } = narrowInput(input, 'OrderReleased');
      return { lines, address, amendedBy };
    },
    noteDispatch: (_, input) => {
      const { at, carrier, method, trackingNumber } = narrowInput(input, 'ParcelShipped');
      return { dispatch: { at, carrier, method, trackingNumber } };
    },
  },
});
