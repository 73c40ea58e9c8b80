import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { addDuration } from '@orderloom/kernel';
import type { PickedLine, ShortPick, Line } from '../shipment-facts.js';
import { policies, processingWindow } from '../policies.js';

interface Shortage {
  orderNumber: string;
  at: string;
  /** What was there; what was not, and the numbers of its lines that are not to be had, or not yet. */
  picked: readonly PickedLine[];
  lines: readonly Line[];
  missing: readonly number[];
  expectedAt: string;
  /** The cancellation that was asked for. */
  changeId: string;
  refusal: string;
}

type Input =
  | { type: 'StockConfirmed' | 'StockArrived' | 'LinesGivenUp' | 'OrderGivenUp' | 'ShortLinesSettled' | 'PickingResumed' }
  | { type: 'ShipmentCancelled' | 'OrderCancelled' }
  | { type: 'StockArrivesLater'; lines: number[]; expectedAt: string }
  | { type: 'StockNotToBeHad'; lines: number[] }
  | { type: 'CancellationRequested' | 'CancellationQueued'; changeId: string }
  | { type: 'CancellationRequestRefused'; reason: string }
  | { type: 'CancellationRefused'; changeId: string; reason: string }
  | { type: 'OrderLinesCancelled'; changeId: string; remaining: Line[] };

const { ask, remind, send, tell } = effects<Shortage>();
const number = ({ orderNumber }: Shortage) => ({ orderNumber });
const goods = ({ orderNumber, lines }: Shortage) => ({ orderNumber, lines });
const missing = ({ orderNumber, missing: lines }: Shortage) => ({ orderNumber, lines });
const arrival = (c: Shortage) => ({ ...missing(c), expectedAt: c.expectedAt });
const unsettled = (c: Shortage) => ({ ...goods(c), reason: c.refusal });
const giveUp = (whole: boolean) => (c: Shortage) => {
  const given = c.lines.filter(({ line }) => c.missing.includes(line)).map(({ line, quantity }) => ({ line, quantity }));
  return { ...number(c), reason: 'not to be had', caseId: `short-pick-${c.orderNumber}`, ...(whole ? {} : { lines: given }) };
};
const numbers = (lines: readonly Line[]): number[] => lines.map(({ line }) => line);
const unitsOf = (lines: readonly PickedLine[], line: number): number =>
  lines.reduce((sum, l) => sum + (l.line === line ? l.quantity : 0), 0);
/** Of what was short, what is still to be sent, and was not there. */
const stillShort = ({ lines, picked }: Shortage, remaining: readonly Line[]): readonly Line[] =>
  lines
    .map((l) => ({ ...l, quantity: Math.min(l.quantity, unitsOf(remaining, l.line) - unitsOf(picked, l.line)) }))
    .filter(({ quantity }) => quantity > 0);
const stillMissing = (c: Shortage, remaining: readonly Line[]): readonly number[] =>
  numbers(stillShort(c, remaining)).filter((line) => c.missing.includes(line));
const sum = (lines: readonly Line[]): number => lines.reduce((all, { quantity }) => all + quantity, 0);

const flow = defineFlow<Shortage, Input>()({
  service: 'logistics',
  policies,
  startedBy: {
    PickedShort: ({ orderNumber, at, picked, short }: ShortPick) => ({
      ...{ orderNumber, at, picked, lines: short, missing: numbers(short), expectedAt: '', changeId: '', refusal: '' },
    }),
  },
  listensTo: ['ShipmentCancelled', 'OrderCancelled', 'OrderLinesCancelled', 'CancellationRefused'],
  withdraws: { ShipmentCancelled: 'cancelled', OrderCancelled: 'cancelled', OrderLinesCancelled: 'cancelled' },
  guards: {
    withinWindow: ({ at }, input) =>
      narrowInput(input, 'StockArrivesLater').expectedAt <= addDuration(at, processingWindow, policies.calendar),
    ours: ({ changeId }, input) => narrowInput(input, 'OrderLinesCancelled', 'CancellationRefused').changeId === changeId,
    noneMissing: (c, input) => stillMissing(c, narrowInput(input, 'OrderLinesCancelled').remaining).length === 0,
    fewerMissing: (c, input) => stillMissing(c, narrowInput(input, 'OrderLinesCancelled').remaining).length < c.missing.length,
    lessShort: (c, input) => sum(stillShort(c, narrowInput(input, 'OrderLinesCancelled').remaining)) < sum(c.lines),
  },
  notes: {
    noteRemaining: (c, input) => {
      const { remaining } = narrowInput(input, 'OrderLinesCancelled');
      return { lines: stillShort(c, remaining), missing: stillMissing(c, remaining) };
    },
    noteMissing: (_, input) => ({ missing: narrowInput(input, 'StockNotToBeHad', 'StockArrivesLater').lines }),
    noteArrival: (_, input) => {
      const { lines, expectedAt } = narrowInput(input, 'StockArrivesLater');
      return { missing: lines, expectedAt };
    },
    noteChange: (_, input) => ({ changeId: narrowInput(input, 'CancellationRequested', 'CancellationQueued').changeId }),
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'CancellationRefused', 'CancellationRequestRefused').reason }),
  },
});

const StockNotToBeHad = { target: 'offeringChoice', actions: 'noteMissing' } as const;
const notCancelled = { target: 'settling', actions: 'noteRefusal' } as const;
const nothingMissing = { guard: 'noneMissing', target: '#short-pick.resuming' } as const;
/** Who decides sees what is still short: it is asked anew where some of that was cancelled meanwhile. */
const askedAnew = <S extends string, G extends 'fewerMissing' | 'lessShort'>(target: S, guard: G) =>
  ({ OrderLinesCancelled: [nothingMissing, { guard, target, reenter: true, actions: 'noteRemaining' }] }) as const;
const cancelling = (whole: boolean) =>
  ({
    description: 'ORD-04',
    entry: send('order', 'RequestCancellation', giveUp(whole)),
    on: {
      CancellationRequested: { actions: 'noteChange' },
      CancellationQueued: { actions: 'noteChange' },
      CancellationRequestRefused: notCancelled,
      CancellationRefused: { guard: 'ours', ...notCancelled },
      OrderLinesCancelled: { guard: 'ours', target: '#short-pick.resuming' },
    },
  }) as const;

/**
 * ORD-04 缺货: goods that were not on the shelves. Purchasing gets them in time, or the customer does without them: they are cancelled, and
 * the warehouse is asked for the rest.
 */
export const shortPickFlow = flow.chart({
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
        OrderLinesCancelled: [nothingMissing, { guard: 'lessShort', actions: 'noteRemaining' }],
      },
      states: {
        asking: {
          description: 'ORD-04',
          entry: ask('purchasing', 'supply-short-lines', goods),
          on: {
            ...askedAnew('asking', 'lessShort'),
            StockConfirmed: '#short-pick.resuming',
            StockArrivesLater: [
              { guard: 'withinWindow', target: 'awaitingArrival', actions: ['noteArrival', tell('ORD-04', 'goods-arrive-later', arrival)] },
              StockNotToBeHad,
            ],
            StockNotToBeHad,
          },
          after: { purchasingAnswer: { actions: remind('purchasing') } },
        },
        awaitingArrival: {
          description: 'ORD-04',
          entry: ask('purchasing', 'confirm-arrival', arrival),
          on: { ...askedAnew('awaitingArrival', 'fewerMissing'), StockArrived: '#short-pick.resuming', StockNotToBeHad },
          after: { expectedArrival: { actions: remind('purchasing') } },
        },
        offeringChoice: {
          description: 'ORD-04',
          entry: ask('customer', 'choose-without-missing', missing),
          on: { ...askedAnew('offeringChoice', 'fewerMissing'), LinesGivenUp: 'cancellingLines', OrderGivenUp: 'cancellingOrder' },
          after: { customerDecision: 'cancellingLines', customerReminder: { actions: remind('customer') } },
        },
        cancellingLines: cancelling(false),
        cancellingOrder: cancelling(true),
        settling: {
          description: 'ORD-04',
          entry: ask('service', 'settle-short-lines', unsettled),
          on: { ...askedAnew('settling', 'lessShort'), ShortLinesSettled: '#short-pick.resuming' },
          after: { serviceAnswer: { actions: remind('service') } },
        },
      },
    },
    resuming: { description: 'ORD-04', entry: send('logistics', 'ResumePicking', number), on: { PickingResumed: 'resumed' } },
    resumed: { type: 'final', description: 'ORD-04' },
    cancelled: { type: 'final', description: 'ORD-13' },
  },
});
