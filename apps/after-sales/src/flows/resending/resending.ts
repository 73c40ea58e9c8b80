import {
  type CommandOf,
  end,
  type FactOf,
  filingRefund,
  notation,
  type On,
  settlingRefundByHand,
  type States,
  type Transition,
} from '@orderloom/flows';
import { unitsOf } from '../../purchase/purchase-details.js';
import { ids, type Own } from '../fragments.js';
import * as the from './resending-messages.js';
import { noteAllLost, noteLost, type Resending } from './resending-messages.js';

const { asking, inform, keep, send, set, tell } = notation<Resending, Own>();

const cancelsGift = send('order', 'RequestCancellation', the.giftAlone);
const notingFiled = [noteFiled, send('after-sales', 'NoteRefundFiled', the.filing)];
/** The one message about a re-ship that is cancelled, or a part of it: the order service leaves it to the case (LOG-06). */
const reshipCancelled = [inform('service', 'reship-cancelled', the.cancelled), tell('LOG-06', 'reship-cancelled', the.cancelled)];

/** The parts of a re-ship or refund that differ between pages of the manual. */
interface Page {
  /** Id of its chart. */
  readonly id: string;
  readonly rule: string;
  readonly refundCause: CommandOf<'refund', 'RequestRefund'>['cause'];
  /** Templates: the re-ship is requested; a refund instead of it is filed. */
  readonly told: { readonly onTheirWay: string; readonly refundFiled: string };
  /** The goods that the re-ship replaces may turn up. Then what is cancelled of the re-ship is not refunded. */
  readonly mayTurnUp?: boolean;
}

/**
 * AFT-34, LOG-06, LOG-08: the goods of a case go out again from `reshipping` on, as an order of its own; what cannot be sent is refunded at
 * once (REF-01), while the rest goes out; `settling` refunds the units in `losing`. After delivery the customer is asked whether satisfied.
 * Leads to the ends `satisfied`, `resolved`, `refunded` and `notRefunded`, when the refunds have an outcome (REF-05), and to `reshipLost`.
 */
export function resending({ id, rule, refundCause, told, mayTurnUp }: Page) {
  const arrived = { target: `#${id}.asking`, actions: set({ delivered: true }) };
  const hasIt = { target: `#${id}.asking`, actions: set({ hasOriginal: true, delivered: true }) };
  const turnsUp: On<Resending> = mayTurnUp ? { ParcelFoundAfterRemedy: { actions: set({ turnedUp: true }) } } : {};
  const notNeeded = tell('LOG-06', 'reship-not-needed', the.notNeeded);
  const cancelledAsWished = mayTurnUp ? [{ guard: turnedUp, target: hasIt.target, actions: [hasIt.actions, noteAllLost, notNeeded] }] : [];
  const reducedAsWished: readonly Transition<Resending, FactOf<'ReshipReduced'>>[] = mayTurnUp
    ? [
        { guard: turnedUpAndAllLost, ...hasIt, actions: [hasIt.actions, noteLost, cancelsGift, notNeeded] },
        { guard: turnedUp, actions: [noteLost, notNeeded] },
      ]
    : [];
  const application = the.applicationOf(refundCause);
  const refunding = (next: string, refused: string) =>
    filingRefund('REF-01', application, {
      filed: [
        { guard: reshipped, target: next, actions: [...notingFiled, ...reshipCancelled] },
        { target: next, actions: [...notingFiled, tell('REF-01', told.refundFiled, the.filedFor)] },
      ],
      refused,
    });

  return {
    reshipping: {
      description: 'AFT-34',
      tags: 'pivot',
      entry: send('order', 'RequestReship', the.reship),
      on: { ReshipRequested: { target: 'reshipped', actions: set({ reshipped: true }) } },
    },
    reshipped: {
      ...asking(rule, 'follow-reship', the.promise, {
        first: tell(rule, told.onTheirWay, the.promise),
        on: { ...turnsUp, ReshipArrived: { guard: dispatched, ...arrived } },
        remindedAfter: 'followUp',
      }),
      initial: 'preparing',
      states: {
        preparing: {
          description: rule,
          on: {
            ReshipReduced: [
              ...reducedAsWished,
              { guard: allLost, target: `#${id}.settling`, actions: [noteLost, cancelsGift] },
              { guard: someLost, target: 'settlingPart', actions: noteLost },
            ],
            ReshipCancelled: [...cancelledAsWished, { target: `#${id}.settling`, actions: noteAllLost }],
            ReshipDispatched: { target: 'underway', actions: set({ dispatched: true }) },
            ReshipDelivered: arrived,
          },
        },
        settlingPart: {
          description: rule,
          entry: send('after-sales', 'SettleUnits', the.partLost),
          on: { UnitsSettled: { target: 'owingPart', actions: keep('payments', { owed: 'refund' }) } },
        },
        owingPart: {
          description: rule,
          always: [
            { guard: refundOwed, target: 'filingPart' },
            { target: 'preparing', actions: reshipCancelled },
          ],
        },
        filingPart: refunding('preparing', 'settlingPartByHand'),
        settlingPartByHand: settlingRefundByHand(the.refusedRefund, { target: 'preparing', actions: [noteByHand, ...reshipCancelled] }),
        underway: {
          description: rule,
          on: { ReshipDelivered: arrived, ReshipLost: { target: `#${id}.ending`, actions: set({ lostAgain: true }) } },
        },
      },
    },

    settling: {
      description: rule,
      entry: send('after-sales', 'SettleUnits', the.lost),
      on: { UnitsSettled: { target: 'owing', actions: keep('payments', { owed: 'refund' }) } },
    },
    owing: { description: rule, always: [{ guard: refundOwed, target: 'refunding' }, { target: 'ending' }] },
    refunding: refunding('ending', 'settlingByHand'),
    settlingByHand: settlingRefundByHand(the.refusedRefund, { target: 'ending', actions: noteByHand }),

    asking: asking('LOG-08', 'satisfied', ids, {
      on: {
        Satisfied: { target: 'ending', actions: set({ satisfied: true }) },
        Dissatisfied: { target: 'resolving', actions: keep({ complaint: 'text' }) },
      },
      after: { satisfaction: 'ending' },
    }),
    resolving: asking('LOG-08', 'resolve-case', the.complaint, { on: { CaseResolved: 'ending' }, remindedAfter: 'serviceAnswer' }),
    ending: {
      description: 'REF-05',
      always: [
        { guard: refundOpen, target: 'awaitingRefund' },
        { guard: lostAgain, target: 'reshipLost' },
        { guard: satisfied, target: 'satisfied' },
        { guard: delivered, target: 'resolved' },
        { guard: refundPaid, target: 'refunded' },
        { target: 'notRefunded' },
      ],
    },
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: ownRefundPaid, target: 'ending', actions: notePaid },
          { guard: ownRefund, target: 'restoring', actions: noteRejected },
        ],
      },
    },
    restoring: { description: 'REF-05', entry: send('after-sales', 'NoteRefundOutcome', the.notPaid), always: 'ending' },
    reshipLost: end<Resending>(
      'LOG-06',
      send('after-sales', 'ReleaseUnits', ids),
      send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome: 're-ship lost', cause: 'lost' })),
      tell('LOG-06', 'reship-lost', the.promise),
    ),
  } satisfies States<Resending, 'followUp' | 'supervisorAnswer' | 'satisfaction' | 'serviceAnswer'>;
}

function someLost(c: Resending, { lines }: FactOf<'ReshipReduced'>) {
  return the.stillThere(c, lines).length > 0;
}
function allLost({ goods, lost }: Resending, { lines }: FactOf<'ReshipReduced'>) {
  return goods.every(({ line, quantity }) => quantity - unitsOf(lost, line) <= unitsOf(lines, line));
}
function turnedUp(c: Resending) {
  return c.turnedUp === true;
}
function turnedUpAndAllLost(c: Resending, input: FactOf<'ReshipReduced'>) {
  return turnedUp(c) && allLost(c, input);
}
function reshipped(c: Resending) {
  return c.reshipped;
}
function dispatched(c: Resending) {
  return c.dispatched;
}
function delivered(c: Resending) {
  return c.delivered;
}
function lostAgain(c: Resending) {
  return c.lostAgain === true;
}
function satisfied(c: Resending) {
  return c.satisfied;
}
function refundOwed({ owed }: Resending) {
  return owed > 0;
}
function refundOpen({ filed }: Resending) {
  return filed.length > 0;
}
function refundPaid({ refund }: Resending) {
  return refund > 0;
}
function ownRefund({ filed }: Resending, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return filed.includes(refundId);
}
function ownRefundPaid(c: Resending, input: FactOf<'RefundApplicationSettled'>) {
  return ownRefund(c, input) && input.rejected === 0;
}

function noteFiled({ owed, refund, filed }: Resending, { refundId }: FactOf<'RefundRequested'>) {
  return { refund: refund + owed, filed: [...filed, refundId] };
}
function noteByHand({ owed, refund }: Resending) {
  return { refund: refund + owed };
}
function notePaid({ filed }: Resending, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return { filed: filed.filter((id) => id !== refundId) };
}
function noteRejected(c: Resending, input: FactOf<'RefundApplicationSettled'>) {
  const { refundId, paid, rejected, reason = '' } = input;
  return { ...notePaid(c, input), refund: c.refund - rejected, refusal: reason, notPaid: { refundId, paid } };
}
