import { type AnswerOf, defineFlow, end, type FactOf, filingRefund, notation, settlingRefundByHand } from '@orderloom/flows';
import { policies } from '../policies.js';
import { unitsOf } from '../purchase/purchase-details.js';
import { caseAtOriginalOrder, ids, noteReferral, type Own, referral, releasesUnits } from './fragments.js';
import * as the from './missing-items-messages.js';

type MissingItems = the.MissingItems;
const { asking, inform, keep, send, set, tell } = notation<MissingItems, Own>();

const closes = (outcome: string) => send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome, cause: c.found }));
const ends = (outcome: string) => [releasesUnits<MissingItems>(), closes(outcome)];
const sentAgain = [send('after-sales', 'ReleaseUnits', the.sentAgain), closes('sent again')];
const continued = send('after-sales', 'OpenCase', (c) => caseAtOriginalOrder(c, 'missing-items', null));

const arrived = { target: '#missing-items.asking', actions: set({ delivered: true }) };
const notingFiled = [noteFiled, send('after-sales', 'NoteRefundFiled', the.filing)];
/** The one message about a re-ship that is cancelled, or a part of it: the order service leaves it to the case (LOG-06). */
const reshipCancelled = [inform('service', 'reship-cancelled', the.cancelled), tell('LOG-06', 'reship-cancelled', the.cancelled)];
/** REF-01: what is not to be had is applied for at once, and the customer hears of it then. */
const refunding = (next: string, refused: string) =>
  filingRefund('REF-01', the.application, {
    filed: [
      { guard: reshipped, target: next, actions: [...notingFiled, ...reshipCancelled] },
      { target: next, actions: [...notingFiled, tell('REF-01', 'missing-items-not-to-be-had', the.filedFor)] },
    ],
    refused,
  });

/**
 * AFT-15, AFT-34, LOG-08 发少货: why goods are missing is found out; each unit is sent again, as an order of its own, or refunded,
 * never both. What can't be sent is refunded at once, while the rest goes out; the case ends when its refunds have (REF-05). When it
 * leaves was promised by the re-ship's own order (ORD-05).
 */
export const missingItems = defineFlow<MissingItems>()({
  service: 'after-sales',
  policies,
  startedBy: { MissingItemsBegun: the.begun },
  withdraws: { ReshipCancelled: 'cancelled', ReshipReduced: 'cancelled', ReshipDelivered: 'superseded' },
}).chart({
  id: 'missing-items',
  version: '2',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-15',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: {
        UnitsClaimed: { target: 'explaining', actions: keep('currency', 'payment', { goods: 'lines' }) },
        ClaimReferred: { target: 'referred', actions: noteReferral },
        ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
      },
      after: { orderKnown: 'unknown' },
    },
    explaining: asking('AFT-15', 'explain-missing-items', the.missed, {
      on: {
        MissingItemsExplained: [
          { guard: untrue, target: 'untrue', actions: keep('found', 'note') },
          { target: 'supplying', actions: keep('found', 'note') },
        ],
      },
      remindedAfter: 'warehouseAnswer',
    }),
    supplying: asking('AFT-15', 'supply-missing-items', the.wanted, {
      first: send('after-sales', 'RecordFinding', the.finding),
      on: { MissingItemsAvailable: 'reshipping', MissingItemsNotToBeHad: { target: 'settling', actions: noteAllLost } },
      remindedAfter: 'purchasingAnswer',
    }),

    reshipping: {
      description: 'AFT-34',
      tags: 'pivot',
      entry: send('order', 'RequestReship', the.reship),
      on: { ReshipRequested: { target: 'reshipped', actions: set({ reshipped: true }) } },
    },
    reshipped: {
      ...asking('AFT-15', 'follow-reship', the.promise, {
        first: tell('AFT-15', 'missing-items-on-their-way', the.promise),
        on: { ReshipArrived: { guard: dispatched, ...arrived } },
        remindedAfter: 'followUp',
      }),
      initial: 'preparing',
      states: {
        preparing: {
          description: 'AFT-15',
          on: {
            ReshipReduced: [
              {
                guard: allLost,
                target: '#missing-items.settling',
                actions: [noteLost, send('order', 'RequestCancellation', the.giftAlone)],
              },
              { guard: someLost, target: 'settlingPart', actions: noteLost },
            ],
            ReshipCancelled: { target: '#missing-items.settling', actions: noteAllLost },
            ReshipDispatched: { target: 'underway', actions: set({ dispatched: true }) },
            ReshipDelivered: arrived,
          },
        },
        settlingPart: {
          description: 'AFT-15',
          entry: send('after-sales', 'SettleUnits', the.partLost),
          on: { UnitsSettled: { target: 'owingPart', actions: keep('payments', { owed: 'refund' }) } },
        },
        owingPart: {
          description: 'AFT-15',
          always: [
            { guard: refundOwed, target: 'filingPart' },
            { target: 'preparing', actions: reshipCancelled },
          ],
        },
        filingPart: refunding('preparing', 'settlingPartByHand'),
        settlingPartByHand: settlingRefundByHand(the.refusedRefund, { target: 'preparing', actions: [noteByHand, ...reshipCancelled] }),
        underway: { description: 'AFT-15', on: { ReshipDelivered: arrived } },
      },
    },

    settling: {
      description: 'AFT-15',
      entry: send('after-sales', 'SettleUnits', the.lost),
      on: { UnitsSettled: { target: 'owing', actions: keep('payments', { owed: 'refund' }) } },
    },
    owing: { description: 'AFT-15', always: [{ guard: refundOwed, target: 'refunding' }, { target: 'ending' }] },
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
    satisfied: end('LOG-08', ...sentAgain, tell('LOG-08', 'review-invited', the.outcome)),
    resolved: end('LOG-08', ...sentAgain, tell('LOG-08', 'case-resolved', the.outcome)),
    refunded: end('AFT-15', closes('refunded'), tell('AFT-15', 'missing-items-refunded', the.paid)),
    notRefunded: end('REF-05', closes('not refunded'), tell('REF-05', 'missing-items-not-refunded', the.unpaid)),

    referred: end('AFT-34', continued, closes('continued at the original order'), tell('AFT-34', 'case-continued', referral)),
    refused: end('AFT-15', closes('refused'), tell('AFT-15', 'missing-items-refused', the.refused)),
    untrue: end('AFT-03', ...ends('refused'), tell('AFT-03', 'missing-items-refused', the.refused)),
    unknown: end('AFT-15', ...ends('nothing missing'), tell('ORD-06', 'order-not-found', ids)),
  },
});

function untrue(_: MissingItems, { found }: AnswerOf<'MissingItemsExplained'>) {
  return found === 'untrue';
}
function someLost(c: MissingItems, { lines }: FactOf<'ReshipReduced'>) {
  return the.stillThere(c, lines).length > 0;
}
function allLost({ goods, lost }: MissingItems, { lines }: FactOf<'ReshipReduced'>) {
  return goods.every(({ line, quantity }) => quantity - unitsOf(lost, line) <= unitsOf(lines, line));
}
function reshipped(c: MissingItems) {
  return c.reshipped;
}
function dispatched(c: MissingItems) {
  return c.dispatched;
}
function delivered(c: MissingItems) {
  return c.delivered;
}
function satisfied(c: MissingItems) {
  return c.satisfied;
}
function refundOwed({ owed }: MissingItems) {
  return owed > 0;
}
function refundOpen({ filed }: MissingItems) {
  return filed.length > 0;
}
function refundPaid({ refund }: MissingItems) {
  return refund > 0;
}
function ownRefund({ filed }: MissingItems, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return filed.includes(refundId);
}
function ownRefundPaid(c: MissingItems, input: FactOf<'RefundApplicationSettled'>) {
  return ownRefund(c, input) && input.rejected === 0;
}

function noteLost(c: MissingItems, { lines }: FactOf<'ReshipReduced'>) {
  return the.losing(c, lines);
}
function noteAllLost(c: MissingItems) {
  return the.losing(c, c.goods);
}
function noteFiled({ owed, refund, filed }: MissingItems, { refundId }: FactOf<'RefundRequested'>) {
  return { refund: refund + owed, filed: [...filed, refundId] };
}
function noteByHand({ owed, refund }: MissingItems) {
  return { refund: refund + owed };
}
function notePaid({ filed }: MissingItems, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return { filed: filed.filter((id) => id !== refundId) };
}
function noteRejected(c: MissingItems, input: FactOf<'RefundApplicationSettled'>) {
  const { refundId, paid, rejected, reason = '' } = input;
  return { ...notePaid(c, input), refund: c.refund - rejected, refusal: reason, notPaid: { refundId, paid } };
}
