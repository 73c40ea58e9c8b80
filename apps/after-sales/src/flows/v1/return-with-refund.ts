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
import type { Finding, InspectedLine } from '../../case-facts.js';
import { policies, returnAddress, returnFreightCap } from '../../policies.js';
import { isMerchants, type Line, type Payment } from '../../purchase/purchase-details.js';
import { ids, type Own, releasesUnits } from '../fragments.js';

const needed = ['orderNumber', 'caseId', 'cause', 'reason', 'openedAt', 'lines'] as const;

interface Return extends Pick<FactOf<'ReturnBegun'>, (typeof needed)[number]> {
  readonly goods: readonly Line[];
  readonly currency: string;
  readonly payment: Payment;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** The proven shipping costs of the customer. */
  readonly freightPaid: number;
  readonly inspected: readonly InspectedLine[];
  readonly found: Finding;
  readonly photos: readonly string[];
  readonly refund: number;
  readonly refusal: string;
}

const { ask, inform, keep, remind, send, tell } = notation<Return, Own>();

const closes = (outcome: string) =>
  send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome, cause: c.found === 'none' ? (c.cause ?? 'none') : c.found }));
const ends = (outcome: string) => [releasesUnits<Return>(), closes(outcome)];

/** As it was: it asked for money and closed, whatever became of the refund; time decided without a word. */
export const returnWithRefundV1 = defineFlow<Return>()({
  service: 'after-sales',
  policies,
  startedBy: {
    ReturnBegun: starts(
      {
        goods: [],
        currency: '',
        payment: { method: '', captured: 0, reference: '' },
        carrier: '',
        trackingNumber: '',
        freightPaid: 0,
        inspected: [],
        found: 'none',
        photos: [],
        refund: 0,
        refusal: '',
      },
      ...needed,
    ),
  },
}).chart({
  id: 'return-with-refund',
  version: '1',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'awaitingParcel', actions: keep('currency', 'payment', { goods: 'lines' }) },
        ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
      },
      after: { orderKnown: 'unknown' },
    },
    awaitingParcel: {
      description: 'AFT-31',
      entry: ask('send-back', instructions),
      on: { ReturnSent: { target: 'inspecting', actions: noteSent }, ReturnGivenUp: 'givenUp' },
      after: { returnOnItsWay: 'neverSent', returnReminder: { actions: remind('customer') } },
    },
    inspecting: {
      description: 'AFT-31',
      entry: ask('inspect-return', parcel),
      on: { ReturnInspected: { target: 'settling', actions: keep('found', 'photos', { inspected: 'lines' }) } },
      after: { inspection: { actions: remind('warehouse') } },
    },

    settling: {
      description: 'AFT-32, AFT-33',
      tags: 'pivot',
      entry: [send('after-sales', 'RecordInspection', inspection), send('after-sales', 'SettleUnits', accepted)],
      on: { UnitsSettled: { target: 'goods', actions: keep('refund') } },
    },
    goods: { description: 'AFT-32', always: [{ guard: goodsOwed, target: 'refundingGoods' }, { target: 'freight' }] },
    refundingGoods: filingRefund('AFT-32', goodsRefund, { filed: 'freight', refused: 'settlingGoods' }),
    settlingGoods: settlingRefundByHand(refusedGoods, 'freight'),
    freight: { description: 'AFT-30, AFT-35', always: [{ guard: freightOwed, target: 'refundingFreight' }, { target: 'rest' }] },
    refundingFreight: filingRefund('AFT-30', freightRefund, { filed: 'rest', refused: 'settlingFreight' }),
    settlingFreight: settlingRefundByHand(refusedFreight, 'rest'),

    rest: { description: 'AFT-32', always: [{ guard: someRejected, target: 'offeringBack' }, { target: 'ending' }] },
    offeringBack: {
      description: 'AFT-32',
      entry: ask('take-back', rejected),
      on: {
        TakenBack: { target: 'ending', actions: inform('warehouse', 'send-rejected-back', rejected) },
        LeftBehind: { target: 'ending', actions: inform('warehouse', 'scrap-rejected', rejected) },
      },
      after: { takeBack: { target: 'ending', actions: inform('warehouse', 'send-rejected-back', rejected) } },
    },
    ending: {
      description: 'AFT-32',
      always: [{ guard: noneAccepted, target: 'rejected' }, { guard: someRejected, target: 'refundedInPart' }, { target: 'refunded' }],
    },
    refunded: end('AFT-32', closes('refunded'), tell('AFT-32', 'return-accepted', paid)),
    refundedInPart: end('AFT-32', closes('refunded in part'), tell('AFT-32', 'return-accepted-in-part', paid)),
    rejected: end('AFT-32', closes('rejected'), tell('AFT-32', 'return-rejected', ids)),

    refused: end('AFT-30', closes('refused'), tell('AFT-30', 'return-refused', refused)),
    unknown: end('AFT-30', ...ends('nothing to return'), tell('ORD-06', 'order-not-found', ids)),
    neverSent: end('AFT-31', ...ends('never sent'), tell('AFT-31', 'return-closed', ids)),
    givenUp: end('AFT-31', ...ends('given up')),
  },
});

function refused(c: Return) {
  return { ...ids(c), reason: c.refusal };
}
function claim(c: Return) {
  return { ...ids(c), what: 'return' as const, cause: c.cause, lines: c.lines, openedAt: c.openedAt };
}
function instructions(c: Return) {
  return {
    ...ids(c),
    lines: c.goods,
    currency: c.currency,
    returnAddress,
    freightBy: isMerchants(c.cause) ? ('merchant' as const) : ('customer' as const),
    freightCap: returnFreightCap(c.currency),
  };
}
function parcel(c: Return) {
  return { ...ids(c), lines: c.goods, carrier: c.carrier, trackingNumber: c.trackingNumber, cause: c.cause };
}
function inspection(c: Return) {
  return { ...ids(c), lines: c.inspected, found: c.found, photos: c.photos };
}
function accepted(c: Return) {
  return { ...ids(c), lines: counted(c, 'accepted') };
}
function rejected(c: Return) {
  return { ...ids(c), lines: counted(c, 'rejected'), photos: c.photos };
}
function application(c: Return, kind: 'goods' | 'freight', amount: number): CommandOf<'refund', 'RequestRefund'> {
  const cause = c.found === 'none' || c.found === 'untrue' ? 'returned' : c.found === 'defect' ? 'quality' : 'not-as-agreed';
  const parts = [{ kind, amount }];
  return { ...ids(c), cause, declaredReason: c.reason, amount, currency: c.currency, payment: c.payment, parts };
}
function goodsRefund(c: Return) {
  return application(c, 'goods', c.refund);
}
function freightRefund(c: Return) {
  return application(c, 'freight', freight(c));
}
function refusedGoods({ orderNumber, refund: amount, currency, refusal: reason }: Return) {
  return { orderNumber, amount, currency, reason };
}
function refusedFreight(c: Return) {
  return { ...refusedGoods(c), amount: freight(c) };
}
function paid(c: Return) {
  return { ...ids(c), refund: c.refund, freight: freight(c), currency: c.currency };
}

function counted({ inspected }: Return, by: 'accepted' | 'rejected') {
  return inspected.filter((l) => l[by] > 0).map((l) => ({ line: l.line, quantity: l[by] }));
}
/** AFT-30: what is found decides: for the merchant's fault what the customer bore is refunded, up to the cap; for nothing accepted, nothing. */
function freight(c: Return): number {
  const isOurs = c.found !== 'none' && c.found !== 'untrue' && counted(c, 'accepted').length > 0;
  return isOurs ? Math.min(c.freightPaid, returnFreightCap(c.currency)) : 0;
}

function goodsOwed({ refund }: Return) {
  return refund > 0;
}
function freightOwed(c: Return) {
  return freight(c) > 0;
}
function someRejected(c: Return) {
  return counted(c, 'rejected').length > 0;
}
function noneAccepted(c: Return) {
  return counted(c, 'accepted').length === 0;
}

function noteSent(_: Return, { carrier, trackingNumber, freight: bill }: AnswerOf<'ReturnSent'>) {
  return { carrier, trackingNumber, freightPaid: bill?.amount ?? 0 };
}
