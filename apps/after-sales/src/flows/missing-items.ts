import {
  application,
  ask,
  byHand,
  claim,
  closed,
  complaint,
  filedFor,
  finding,
  flow,
  giftAlone,
  ids,
  kept,
  lost,
  missed,
  notPaid,
  outcome,
} from './missing-items.case.js';
import { paid, partLost, promise, referral, refused, remind, reship, send, tell, there, unpaid, wanted } from './missing-items.case.js';

const closes = (how: string) => send('after-sales', 'CloseCase', closed(how));
const ends = (how: string) => [send('after-sales', 'ReleaseUnits', ids), closes(how)];
const sentAgain = [send('after-sales', 'ReleaseUnits', kept), closes('sent again')];

const arrived = { target: '#missing-items.asking', actions: 'noteDelivered' } as const;
const settlingByHand = {
  description: 'REF-03',
  entry: ask('supervisor', 'settle-refund', byHand),
  after: { supervisorAnswer: { actions: remind('supervisor') } },
} as const;
/** REF-01: what is not to be had is applied for at once, and the customer hears of it then. */
const filing = <N extends string, H extends string>(next: N, inHand: H) =>
  ({
    description: 'REF-01',
    entry: send('refund', 'RequestRefund', application),
    on: {
      RefundRequested: { target: next, actions: ['noteFiled', tell('REF-01', 'missing-items-not-to-be-had', filedFor)] },
      RefundApplicationRefused: { target: inHand, actions: 'noteRefusal' },
    },
  }) as const;

/**
 * AFT-15, AFT-34, LOG-08 发少货: why goods are missing is found out; each unit is sent again, as an order of its own, or refunded,
 * never both. What can't be sent is refunded at once, while the rest goes out; the case ends when its refunds have (REF-05). When it
 * leaves was promised by the re-ship's own order (ORD-05).
 */
export const missingItems = flow.chart({
  id: 'missing-items',
  version: '2',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-15',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'explaining', actions: 'noteClaim' },
        ClaimReferred: { target: 'referred', actions: 'noteReferral' },
        ClaimRefused: { target: 'refused', actions: 'noteRefusal' },
      },
      after: { orderKnown: 'unknown' },
    },
    explaining: {
      description: 'AFT-15',
      entry: ask('warehouse', 'explain-missing-items', missed),
      on: {
        MissingItemsExplained: [
          { guard: 'untrue', target: 'untrue', actions: 'noteCause' },
          { target: 'supplying', actions: 'noteCause' },
        ],
      },
      after: { warehouseAnswer: { actions: remind('warehouse') } },
    },
    supplying: {
      description: 'AFT-15',
      entry: [send('after-sales', 'RecordFinding', finding), ask('purchasing', 'supply-missing-items', wanted)],
      on: { MissingItemsAvailable: 'reshipping', MissingItemsNotToBeHad: { target: 'settling', actions: 'noteAllLost' } },
      after: { purchasingAnswer: { actions: remind('purchasing') } },
    },

    reshipping: {
      description: 'AFT-34',
      tags: 'pivot',
      entry: send('order', 'RequestReship', reship),
      on: { ReshipRequested: 'reshipped' },
    },
    reshipped: {
      description: 'AFT-15',
      entry: [tell('AFT-15', 'missing-items-on-their-way', promise), ask('service', 'follow-reship', promise)],
      initial: 'preparing',
      on: { ReshipArrived: { guard: 'dispatched', ...arrived } },
      after: { followUp: { actions: remind('service') } },
      states: {
        preparing: {
          description: 'AFT-15',
          on: {
            ReshipReduced: [
              {
                guard: 'allLost',
                target: '#missing-items.settling',
                actions: ['noteLost', send('order', 'RequestCancellation', giftAlone)],
              },
              { guard: 'someLost', target: 'settlingPart', actions: 'noteLost' },
            ],
            ReshipCancelled: { target: '#missing-items.settling', actions: 'noteAllLost' },
            ReshipDispatched: { target: 'underway', actions: 'noteDispatched' },
            ReshipDelivered: arrived,
          },
        },
        settlingPart: {
          description: 'AFT-15',
          entry: send('after-sales', 'SettleUnits', partLost),
          on: { UnitsSettled: { target: 'owingPart', actions: 'noteSettled' } },
        },
        owingPart: { description: 'AFT-15', always: [{ guard: 'refundOwed', target: 'filingPart' }, { target: 'preparing' }] },
        filingPart: filing('preparing', 'settlingPartByHand'),
        settlingPartByHand: { ...settlingByHand, on: { RefundSettledByHand: { target: 'preparing', actions: 'noteByHand' } } },
        underway: { description: 'AFT-15', on: { ReshipDelivered: arrived } },
      },
    },

    settling: {
      description: 'AFT-15',
      entry: send('after-sales', 'SettleUnits', lost),
      on: { UnitsSettled: { target: 'owing', actions: 'noteSettled' } },
    },
    owing: { description: 'AFT-15', always: [{ guard: 'refundOwed', target: 'refunding' }, { target: 'ending' }] },
    refunding: filing('ending', 'settlingByHand'),
    settlingByHand: { ...settlingByHand, on: { RefundSettledByHand: { target: 'ending', actions: 'noteByHand' } } },

    asking: {
      description: 'LOG-08',
      entry: ask('customer', 'satisfied', ids),
      on: { Satisfied: { target: 'ending', actions: 'noteSatisfied' }, Dissatisfied: { target: 'resolving', actions: 'noteComplaint' } },
      after: { satisfaction: 'ending' },
    },
    resolving: {
      description: 'LOG-08',
      entry: ask('service', 'resolve-case', complaint),
      on: { CaseResolved: 'ending' },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    ending: {
      description: 'REF-05',
      always: [
        { guard: 'refundOpen', target: 'awaitingRefund' },
        { guard: 'satisfied', target: 'satisfied' },
        { guard: 'delivered', target: 'resolved' },
        { guard: 'refundPaid', target: 'refunded' },
        { target: 'notRefunded' },
      ],
    },
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: 'ownRefundPaid', target: 'ending', actions: 'notePaid' },
          { guard: 'ownRefund', target: 'restoring', actions: 'noteRejected' },
        ],
      },
    },
    restoring: { description: 'REF-05', entry: send('after-sales', 'RestoreUnits', notPaid), always: 'ending' },
    satisfied: { type: 'final', description: 'LOG-08', entry: [...sentAgain, tell('LOG-08', 'review-invited', outcome)] },
    resolved: { type: 'final', description: 'LOG-08', entry: [...sentAgain, tell('LOG-08', 'case-resolved', outcome)] },
    refunded: { type: 'final', description: 'AFT-15', entry: [closes('refunded'), tell('AFT-15', 'missing-items-refunded', paid)] },
    notRefunded: {
      type: 'final',
      description: 'REF-05',
      entry: [closes('not refunded'), tell('REF-05', 'missing-items-not-refunded', unpaid)],
    },

    referred: {
      type: 'final',
      description: 'AFT-34',
      entry: [
        send('after-sales', 'OpenCase', there),
        closes('continued at the original order'),
        tell('AFT-34', 'case-continued', referral),
      ],
    },
    refused: { type: 'final', description: 'AFT-15', entry: [closes('refused'), tell('AFT-15', 'missing-items-refused', refused)] },
    untrue: { type: 'final', description: 'AFT-03', entry: [...ends('refused'), tell('AFT-03', 'missing-items-refused', refused)] },
    unknown: { type: 'final', description: 'AFT-15', entry: [...ends('nothing missing'), tell('ORD-06', 'order-not-found', ids)] },
  },
});
