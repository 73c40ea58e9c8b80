import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Address, Line, Payment, RefundPart } from '../../order-details.js';
import { policies } from '../../policies.js';

interface Fulfilment {
  orderNumber: string;
  lines: readonly Line[];
  address: Address;
  /** Flows that had cancelled quantities before the release. */
  amendedBy?: readonly string[];
  currency: string;
  payment: Payment;
  concerns: readonly string[];
  notes?: string;
  promisedDispatchBy: string;
  processedUntil: string;
  /** Numbers of the lines that are missing, and when purchasing expects them. */
  missing: readonly number[];
  heldBecause: string;
  expectedAt: string;
  refund: number;
  parts?: readonly RefundPart[];
  dispatch: { at: string; carrier: string; method: string; trackingNumber: string | null };
}

type Input =
  | { type: 'ReviewPassed' | 'OrderApproved' | 'StockConfirmed' | 'StockArrived' | 'LinesGivenUp' | 'OrderGivenUp' | 'ReleaseDeferred' }
  | { type: 'ReviewHeld'; reason: string }
  | { type: 'StockArrivesLater'; lines: number[]; expectedAt: string }
  | { type: 'StockNotToBeHad'; lines: number[] }
  | { type: 'OrderReleased'; lines: Line[]; address: Address; amendedBy?: string[] }
  | { type: 'OrderCancelled' | 'OrderLinesCancelled'; changeId: string; refund: number; parts?: RefundPart[] }
  | { type: 'CancellationRefused' | 'AddressChanged' | 'AddressChangeRefused' | 'RefundRequested' | 'RefundApplicationRefused' }
  | { type: 'ParcelShipped'; at: string; carrier: string; method: string; trackingNumber: string | null };

export const { ask, inform, remind, send, tell } = effects<Fulfilment>();
export const number = ({ orderNumber }: Fulfilment) => ({ orderNumber });
export const promise = ({ orderNumber, promisedDispatchBy }: Fulfilment) => ({ orderNumber, promisedDispatchBy });
const goods = ({ orderNumber, lines }: Fulfilment) => ({ orderNumber, lines });
export const stock = (c: Fulfilment) => ({ ...goods(c), promisedDispatchBy: c.promisedDispatchBy });
export const parcel = (c: Fulfilment) => ({ ...goods(c), address: c.address, amendedBy: c.amendedBy });
export const hold = (c: Fulfilment) => ({ ...number(c), reason: c.heldBecause });
export const dispatch = (c: Fulfilment) => ({ ...number(c), ...c.dispatch });
export const arrival = (c: Fulfilment) => ({ ...missing(c), expectedAt: c.expectedAt });
export const review = (c: Fulfilment) => ({ ...goods(c), address: c.address, concerns: c.concerns, notes: c.notes });
export const missing = (c: Fulfilment) => ({ orderNumber: c.orderNumber, lines: c.missing });
export const giveUp = (whole: boolean) => (c: Fulfilment) => ({
  ...{ orderNumber: c.orderNumber, changeId: notToBeHad, whole, reason: 'not to be had', agreedLoss: 0 },
  lines: c.lines.filter((l) => c.missing.includes(l.line)).map(({ line, quantity }) => ({ line, quantity })),
});
export const application = ({ orderNumber, refund, parts, currency, payment }: Fulfilment) => ({
  ...{ orderNumber, cause: notToBeHad, amount: refund, currency, payment },
  parts: parts ?? [{ kind: 'goods', amount: refund }],
});

/** The lines that purchasing can't get are cancelled under a change of this name, never somebody else's. */
const notToBeHad = 'not-to-be-had';
const givenUpHere = ({ changeId }: { changeId: string }) => changeId === notToBeHad;

export const flow = defineFlow<Fulfilment, Input>()({
  service: 'order',
  policies,
  startedBy: {
    OrderPlaced: ({ orderNumber, lines, address, currency, payment, concerns, notes, promisedDispatchBy, processedUntil }: Fulfilment) => ({
      ...{ orderNumber, lines, address, currency, payment, concerns, notes, promisedDispatchBy, processedUntil },
      ...{ heldBecause: '', missing: [], expectedAt: '', refund: 0, dispatch: { at: '', carrier: '', method: '', trackingNumber: null } },
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
    'ParcelShipped',
  ],
  guards: {
    nothingAgainst: ({ concerns }) => concerns.length === 0,
    withinWindow: ({ processedUntil }, input) => narrowInput(input, 'StockArrivesLater').expectedAt <= processedUntil,
    refundOwed: (_, input) =>
      givenUpHere(narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled')) &&
      narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled').refund > 0,
    givenUpHere: (_, input) => givenUpHere(narrowInput(input, 'OrderLinesCancelled')),
  },
  notes: {
    noteHeld: (_, input) => ({ heldBecause: narrowInput(input, 'ReviewHeld').reason }),
    noteArrival: (_, input) => ({
      missing: narrowInput(input, 'StockArrivesLater').lines,
      expectedAt: narrowInput(input, 'StockArrivesLater').expectedAt,
    }),
    noteMissing: (_, input) => ({ missing: narrowInput(input, 'StockNotToBeHad', 'StockArrivesLater').lines }),
    noteRefund: (_, input) => {
      const { refund, parts } = narrowInput(input, 'OrderCancelled', 'OrderLinesCancelled');
      return { refund, parts };
    },
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
