import { type CommandOf, defineFlow, end, type FactOf, notation, type On, type State } from '@orderloom/flows';
import { addDuration, type Instant } from '@orderloom/kernel';
import { defaultStorefrontSettings, policies, processingWindow, type StorefrontSettings } from '../policies.js';
import type { Line, PickedLine, ShipmentCommand } from '../shipment-facts.js';

interface Shortage extends Pick<FactOf<'PickedShort'>, 'orderNumber' | 'at' | 'picked'> {
  /** Units that were not there; the numbers of their lines that are not to be had, or not yet. */
  readonly lines: readonly Line[];
  readonly missing: readonly number[];
  readonly expectedAt: string;
  /** LOG-02: what arrives until then is waited for; absent in cases that began before it was kept. */
  readonly processedUntil?: Instant;
  /** The cancellation that was asked for. */
  readonly changeId: string;
  readonly refusal: string;
}

/** The remaining lines of the order after a cancellation or a change of product. */
type Left = Pick<FactOf<'OrderLinesCancelled'>, 'remaining'>;

const { asking, keep, send, tell } = notation<Shortage, { logistics: ShipmentCommand }>();

const notToBeHad = { target: 'offeringChoice', actions: keep({ missing: 'lines' }) };
const notCancelled = { target: 'settling', actions: keep({ refusal: 'reason' }) };
const nothingMissing = { guard: noneMissing, target: '#short-pick.resuming' };
/** The question lists only missing goods that are still ordered: it is asked again when some of them are cancelled. */
const askedAnew = (target: string, guard: typeof lessShort): On<Shortage> => ({
  OrderLinesCancelled: [nothingMissing, { guard, target, reenter: true, actions: noteRemaining }],
  OrderLinesReplaced: [nothingMissing, { guard, target, reenter: true, actions: noteRemaining }],
});
const cancelling = (request: (c: Shortage) => CommandOf<'order', 'RequestCancellation'>): State<Shortage, never> => ({
  description: 'ORD-04',
  entry: send('order', 'RequestCancellation', request),
  on: {
    CancellationRequested: { actions: keep('changeId') },
    CancellationQueued: { actions: keep('changeId') },
    CancellationRequestRefused: notCancelled,
    CancellationRefused: { guard: ours, ...notCancelled },
    OrderLinesCancelled: { guard: ours, target: '#short-pick.resuming' },
  },
});

/**
 * ORD-04 缺货: goods that were not on the shelves. Purchasing gets them in time, or the customer does without them: they are cancelled, and
 * the warehouse is asked for the rest.
 */
export const shortPickFlow = defineFlow<Shortage>()({
  service: 'logistics',
  policies,
  startedBy: {
    PickedShort: ({ orderNumber, at, picked, short }, { storefront, calendar }: StorefrontSettings = defaultStorefrontSettings) => ({
      orderNumber,
      at,
      picked,
      lines: short,
      missing: numbers(short),
      expectedAt: '',
      processedUntil: addDuration(at, storefront.processing, calendar),
      changeId: '',
      refusal: '',
    }),
  },
  listensTo: ['ShipmentCancelled', 'OrderCancelled', 'OrderLinesCancelled', 'OrderLinesReplaced', 'CancellationRefused'],
  withdraws: { ShipmentCancelled: 'cancelled', OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled' },
}).chart({
  id: 'short-pick',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'ORD-04',
      initial: 'asking',
      on: {
        ShipmentCancelled: 'cancelled',
        OrderCancelled: 'cancelled',
        OrderLinesCancelled: [nothingMissing, { guard: lessShort, actions: noteRemaining }],
        OrderLinesReplaced: [nothingMissing, { guard: lessShort, actions: noteRemaining }],
      },
      states: {
        asking: asking('ORD-04', 'supply-short-lines', goods, {
          on: {
            ...askedAnew('asking', lessShort),
            StockConfirmed: '#short-pick.resuming',
            StockArrivesLater: [
              {
                guard: withinWindow,
                target: 'awaitingArrival',
                actions: [keep('expectedAt', { missing: 'lines' }), tell('ORD-04', 'goods-arrive-later', arrival)],
              },
              notToBeHad,
            ],
            StockNotToBeHad: notToBeHad,
          },
          remindedAfter: 'purchasingAnswer',
        }),
        awaitingArrival: asking('ORD-04', 'confirm-arrival', arrival, {
          on: {
            ...askedAnew('awaitingArrival', fewerMissing),
            StockArrived: '#short-pick.resuming',
            StockNotToBeHad: notToBeHad,
          },
          remindedAfter: 'expectedArrival',
        }),
        offeringChoice: asking('ORD-04', 'choose-without-missing', missing, {
          on: {
            ...askedAnew('offeringChoice', fewerMissing),
            LinesGivenUp: 'cancellingLines',
            OrderGivenUp: 'cancellingOrder',
          },
          after: { customerDecision: 'cancellingLines' },
          remindedAfter: 'customerReminder',
        }),
        cancellingLines: cancelling(missingGoods),
        cancellingOrder: cancelling(wholeOrder),
        settling: asking('ORD-04', 'settle-short-lines', (c) => ({ ...goods(c), reason: c.refusal }), {
          on: { ...askedAnew('settling', lessShort), ShortLinesSettled: '#short-pick.resuming' },
          remindedAfter: 'serviceAnswer',
        }),
      },
    },
    resuming: {
      description: 'ORD-04',
      entry: send('logistics', 'ResumePicking', ({ orderNumber }) => ({ orderNumber })),
      on: { PickingResumed: 'resumed' },
    },
    resumed: end('ORD-04'),
    cancelled: end('ORD-13'),
  },
});

function goods({ orderNumber, lines }: Shortage) {
  return { orderNumber, lines };
}
function missing(c: Shortage) {
  return { orderNumber: c.orderNumber, lines: c.missing };
}
function arrival(c: Shortage) {
  return { ...missing(c), expectedAt: c.expectedAt };
}
function wholeOrder({ orderNumber }: Shortage) {
  return { orderNumber, reason: 'not to be had', caseId: `short-pick-${orderNumber}` };
}
function missingGoods(c: Shortage) {
  const lines = c.lines.filter(({ line }) => c.missing.includes(line)).map(({ line, quantity }) => ({ line, quantity }));
  return { ...wholeOrder(c), lines };
}

function withinWindow({ at, processedUntil }: Shortage, { expectedAt }: { readonly expectedAt: string }) {
  return expectedAt <= (processedUntil ?? addDuration(at, processingWindow, policies.calendar));
}
function ours({ changeId }: Shortage, input: { readonly changeId: string }) {
  return input.changeId === changeId;
}
function noneMissing(c: Shortage, input: Left) {
  return stillMissing(c, input).length === 0;
}
function fewerMissing(c: Shortage, input: Left) {
  return stillMissing(c, input).length < c.missing.length;
}
function lessShort(c: Shortage, input: Left) {
  return units(stillShort(c, input)) < units(c.lines);
}

function noteRemaining(c: Shortage, input: Left) {
  return { lines: stillShort(c, input), missing: stillMissing(c, input) };
}

/** Of what was short, what is still to be sent, and was not there. */
function stillShort({ lines, picked }: Shortage, { remaining }: Left): readonly Line[] {
  return lines
    .map((l) => ({ ...l, quantity: Math.min(l.quantity, unitsOf(remaining, l.line) - unitsOf(picked, l.line)) }))
    .filter(({ quantity }) => quantity > 0);
}
function stillMissing(c: Shortage, input: Left): readonly number[] {
  return numbers(stillShort(c, input)).filter((line) => c.missing.includes(line));
}
function numbers(lines: readonly Line[]): readonly number[] {
  return lines.map(({ line }) => line);
}
function units(lines: readonly PickedLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
function unitsOf(lines: readonly PickedLine[], line: number): number {
  return units(lines.filter((l) => l.line === line));
}
