import {
  type AnswerOf,
  type CommandOf,
  defineFlow,
  end,
  type FactOf,
  filingRefund,
  notation,
  settlingRefundByHand,
  starts,
} from '@orderloom/flows';
import type { Finding } from '../../case-facts.js';
import { gift, policies } from '../../policies.js';
import { type Line, type LineQuantity, type Payment, reshipNumber } from '../../purchase/purchase-details.js';
import { ids, type Own, releasesUnits } from '../fragments.js';

const needed = ['orderNumber', 'caseId', 'reason', 'openedAt', 'lines'] as const;

interface MissingItems extends Pick<FactOf<'MissingItemsBegun'>, (typeof needed)[number]> {
  readonly goods: readonly Line[];
  readonly currency: string;
  readonly payment: Payment;
  readonly found: Finding;
  readonly note: string;
  /** Units that are not to be had, and are refunded instead. */
  readonly lost: readonly LineQuantity[];
  readonly dispatched: boolean;
  readonly delivered: boolean;
  readonly refund: number;
  readonly refusal: string;
  readonly complaint: string;
}

const { ask, inform, keep, remind, send, set, tell } = notation<MissingItems, Own>();

const closes = (outcome: string) => send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome, cause: c.found }));
const ends = (outcome: string) => [releasesUnits<MissingItems>(), closes(outcome)];
const sentAgain = ends('sent again');

/** AFT-15, AFT-34, LOG-08 发少货: why goods are missing is found out; they are sent again as an order of its own, or refunded, never both. */
export const missingItemsV1 = defineFlow<MissingItems>()({
  service: 'after-sales',
  policies,
  startedBy: {
    MissingItemsBegun: starts(
      {
        goods: [],
        currency: '',
        payment: { method: '', captured: 0, reference: '' },
        found: 'none',
        note: '',
        lost: [],
        dispatched: false,
        delivered: false,
        refund: 0,
        refusal: '',
        complaint: '',
      },
      ...needed,
    ),
  },
  withdraws: { ReshipCancelled: 'cancelled', ReshipDelivered: 'superseded' },
}).chart({
  id: 'missing-items',
  version: '1',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-15',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'explaining', actions: keep('currency', 'payment', { goods: 'lines' }) },
        ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
      },
      after: { orderKnown: 'unknown' },
    },
    explaining: {
      description: 'AFT-15',
      entry: ask('explain-missing-items', missed),
      on: {
        MissingItemsExplained: [
          { guard: untrue, target: 'untrue', actions: keep('found', 'note') },
          { target: 'supplying', actions: keep('found', 'note') },
        ],
      },
      after: { warehouseAnswer: { actions: remind('warehouse') } },
    },
    supplying: {
      description: 'AFT-15',
      entry: [send('after-sales', 'RecordFinding', finding), ask('supply-missing-items', wanted)],
      on: { MissingItemsAvailable: 'reshipping', MissingItemsNotToBeHad: { target: 'settling', actions: noteAllLost } },
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
      entry: [tell('AFT-15', 'missing-items-on-their-way', promise), ask('follow-reship', promise)],
      initial: 'preparing',
      on: {
        ReshipDelivered: { target: 'arrived', actions: set({ delivered: true }) },
        ReshipArrived: { guard: dispatched, target: 'arrived', actions: set({ delivered: true }) },
      },
      after: { followUp: { actions: remind('service') } },
      states: {
        preparing: {
          description: 'AFT-15',
          on: {
            ReshipReduced: { actions: noteLost },
            ReshipCancelled: { target: '#missing-items.settling', actions: noteAllLost },
            ReshipDispatched: { target: 'underway', actions: set({ dispatched: true }) },
          },
          after: {
            reshipPromise: { actions: [inform('supervisor', 'reship-overdue', promise), tell('AFT-15', 'reship-delayed', promise)] },
          },
        },
        underway: { description: 'AFT-15' },
      },
    },
    arrived: { description: 'LOG-08', always: [{ guard: someLost, target: 'settling' }, { target: 'asking' }] },

    settling: {
      description: 'AFT-15',
      entry: send('after-sales', 'SettleUnits', lost),
      on: { UnitsSettled: { target: 'owing', actions: keep('refund') } },
    },
    owing: { description: 'AFT-15', always: [{ guard: refundOwed, target: 'refunding' }, { target: 'settled' }] },
    refunding: filingRefund('REF-01', application, { filed: 'settled', refused: 'settlingByHand' }),
    settlingByHand: settlingRefundByHand(refusedRefund, 'settled'),
    settled: { description: 'AFT-15', always: [{ guard: delivered, target: 'asking' }, { target: 'refunded' }] },

    asking: {
      description: 'LOG-08',
      entry: ask('satisfied', ids),
      on: { Satisfied: 'satisfied', Dissatisfied: { target: 'resolving', actions: keep({ complaint: 'text' }) } },
      after: { satisfaction: 'resolved' },
    },
    resolving: {
      description: 'LOG-08',
      entry: ask('resolve-case', complaint),
      on: { CaseResolved: 'resolved' },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    satisfied: end('LOG-08', ...sentAgain, tell('LOG-08', 'review-invited', ids)),
    resolved: end('LOG-08', ...sentAgain, tell('LOG-08', 'case-resolved', ids)),
    refunded: end('AFT-15', closes('refunded'), tell('AFT-15', 'missing-items-refunded', paid)),

    refused: end('AFT-15', closes('refused'), tell('AFT-15', 'missing-items-refused', refused)),
    untrue: end('AFT-03', ...ends('refused'), tell('AFT-03', 'missing-items-refused', refused)),
    unknown: end('AFT-15', ...ends('nothing missing'), tell('ORD-06', 'order-not-found', ids)),
  },
});

function claim(c: MissingItems) {
  return { ...ids(c), what: 'missing' as const, cause: null, lines: c.lines, openedAt: c.openedAt };
}
function refused(c: MissingItems) {
  return { ...ids(c), reason: c.refusal || c.note };
}
function missed(c: MissingItems) {
  return { ...ids(c), lines: c.goods, reason: c.reason };
}
function finding(c: MissingItems) {
  return { ...ids(c), found: c.found, note: c.note };
}
function wanted(c: MissingItems) {
  return { ...ids(c), lines: c.goods, note: c.note };
}
/** AFT-15: the missing goods for nothing, and a small gift. */
function reship(c: MissingItems) {
  const line = Math.max(...c.goods.map((l) => l.line)) + 1;
  return { ...promise(c), lines: [...c.goods.map((l) => ({ ...l, unitPrice: 0 })), { line, ...gift }] };
}
function promise(c: MissingItems) {
  return { ...ids(c), reshipNumber: reshipNumber(c) };
}
function lost(c: MissingItems) {
  return { ...ids(c), lines: c.lost };
}
function application(c: MissingItems): CommandOf<'refund', 'RequestRefund'> {
  return {
    ...ids(c),
    cause: 'out-of-stock',
    declaredReason: c.reason,
    amount: c.refund,
    currency: c.currency,
    payment: c.payment,
    parts: [{ kind: 'goods', amount: c.refund }],
  };
}
function refusedRefund({ orderNumber, refund: amount, currency, refusal: reason }: MissingItems) {
  return { orderNumber, amount, currency, reason };
}
function complaint(c: MissingItems) {
  return { ...ids(c), text: c.complaint };
}
function paid(c: MissingItems) {
  return { ...ids(c), refund: c.refund, currency: c.currency };
}

function untrue(_: MissingItems, { found }: AnswerOf<'MissingItemsExplained'>) {
  return found === 'untrue';
}
function dispatched(c: MissingItems) {
  return c.dispatched;
}
function someLost(c: MissingItems) {
  return c.lost.length > 0;
}
function refundOwed({ refund }: MissingItems) {
  return refund > 0;
}
function delivered(c: MissingItems) {
  return c.delivered;
}

function noteAllLost({ goods }: MissingItems) {
  return { lost: goods.map(({ line, quantity }) => ({ line, quantity })) };
}
function noteLost(c: MissingItems, { lines }: FactOf<'ReshipReduced'>) {
  return { lost: [...c.lost, ...lines.filter((l) => c.goods.some((g) => g.line === l.line))] };
}
