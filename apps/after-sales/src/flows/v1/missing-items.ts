import { application, ask, byHand, claim, closed, complaint, finding, flow, ids, inform, lost, missed } from './missing-items.case.js';
import { paid, promise, refused, remind, reship, send, tell, wanted } from './missing-items.case.js';

const ends = (outcome: string) => [send('after-sales', 'ReleaseUnits', ids), send('after-sales', 'CloseCase', closed(outcome))];
const sentAgain = ends('sent again');

/** AFT-15, AFT-34, LOG-08 发少货: why goods are missing is found out; they are sent again as an order of its own, or refunded, never both. */
export const missingItemsV1 = flow.chart({
  id: 'missing-items',
  version: '1',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-15',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'explaining', actions: 'noteClaim' },
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
      on: {
        ReshipDelivered: { target: 'arrived', actions: 'noteDelivered' },
        ReshipArrived: { guard: 'dispatched', target: 'arrived', actions: 'noteDelivered' },
      },
      after: { followUp: { actions: remind('service') } },
      states: {
        preparing: {
          description: 'AFT-15',
          on: {
            ReshipReduced: { actions: 'noteLost' },
            ReshipCancelled: { target: '#missing-items.settling', actions: 'noteAllLost' },
            ReshipDispatched: { target: 'underway', actions: 'noteDispatched' },
          },
          after: {
            reshipPromise: { actions: [inform('supervisor', 'reship-overdue', promise), tell('AFT-15', 'reship-delayed', promise)] },
          },
        },
        underway: { description: 'AFT-15' },
      },
    },
    arrived: { description: 'LOG-08', always: [{ guard: 'someLost', target: 'settling' }, { target: 'asking' }] },

    settling: {
      description: 'AFT-15',
      entry: send('after-sales', 'SettleUnits', lost),
      on: { UnitsSettled: { target: 'owing', actions: 'noteSettled' } },
    },
    owing: { description: 'AFT-15', always: [{ guard: 'refundOwed', target: 'refunding' }, { target: 'settled' }] },
    refunding: {
      description: 'REF-01',
      entry: send('refund', 'RequestRefund', application),
      on: { RefundRequested: 'settled', RefundApplicationRefused: { target: 'settlingByHand', actions: 'noteRefusal' } },
    },
    settlingByHand: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', byHand),
      on: { RefundSettledByHand: 'settled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    settled: { description: 'AFT-15', always: [{ guard: 'delivered', target: 'asking' }, { target: 'refunded' }] },

    asking: {
      description: 'LOG-08',
      entry: ask('customer', 'satisfied', ids),
      on: { Satisfied: 'satisfied', Dissatisfied: { target: 'resolving', actions: 'noteComplaint' } },
      after: { satisfaction: 'resolved' },
    },
    resolving: {
      description: 'LOG-08',
      entry: ask('service', 'resolve-case', complaint),
      on: { CaseResolved: 'resolved' },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    satisfied: { type: 'final', description: 'LOG-08', entry: [...sentAgain, tell('LOG-08', 'review-invited', ids)] },
    resolved: { type: 'final', description: 'LOG-08', entry: [...sentAgain, tell('LOG-08', 'case-resolved', ids)] },
    refunded: {
      type: 'final',
      description: 'AFT-15',
      entry: [send('after-sales', 'CloseCase', closed('refunded')), tell('AFT-15', 'missing-items-refunded', paid)],
    },

    refused: {
      type: 'final',
      description: 'AFT-15',
      entry: [send('after-sales', 'CloseCase', closed('refused')), tell('AFT-15', 'missing-items-refused', refused)],
    },
    untrue: { type: 'final', description: 'AFT-03', entry: [...ends('refused'), tell('AFT-03', 'missing-items-refused', refused)] },
    unknown: { type: 'final', description: 'AFT-15', entry: [...ends('nothing missing'), tell('ORD-06', 'order-not-found', ids)] },
  },
});
