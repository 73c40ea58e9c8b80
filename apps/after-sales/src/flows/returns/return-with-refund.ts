import { type AnswerOf, defineFlow, end, filingRefund, notation, type On, settlingRefundByHand } from '@orderloom/flows';
import { policies } from '../../policies.js';
import { caseAtOriginalOrder, ids, type Own, referral, releasesUnits } from '../fragments.js';
import { returnAndInspect } from './return-and-inspect.js';
import { awaitParcel, statesBeforeDispatch, continueAtOriginalOrder } from './return-before-dispatch.js';
import * as counts from './return-counts.js';
import * as the from './return-messages.js';
import * as refunds from './return-refund-outcomes.js';

type Return = the.Return;
const { asking, inform, keep, send, set, tell } = notation<Return, Own>();

const closes = (outcome: string) => send('after-sales', 'CloseCase', the.closing(outcome));
const ends = (outcome: string) => [releasesUnits<Return>(), closes(outcome)];
const continued = send('after-sales', 'OpenCase', (c) => caseAtOriginalOrder(c, 'return', c.cause));
const backToCustomer = [set({ sentBack: true }), inform('warehouse', 'send-rejected-back', the.rejected)];
const goodsRefundChanged = { guard: refunds.goodsRefundChanged, actions: refunds.noteGoodsRefund };
const answered = {
  UnitsClaimed: awaitParcel,
  ClaimReferred: continueAtOriginalOrder,
  ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
  GoodsNotDispatched: { target: 'stopping', actions: keep({ againFor: 'originalOrder' }) },
} satisfies On<Return>;

/**
 * AFT-30..33, AFT-35 退货退款: goods come back, are inspected, and what is accepted is refunded; freight is borne by whose fault it was.
 * Goods that have not left yet are stopped instead (AFT-02, ORD-14); goods of a re-ship continue at the original order (AFT-34). The case stays open until the refund is paid or rejected (REF-05).
 */
export const returnWithRefund = defineFlow<Return>()({
  service: 'after-sales',
  policies,
  startedBy: { ReturnBegun: the.startReturn },
  listensTo: ['OrderLinesCancelled', 'OrderCancelled', 'CancellationRefused', 'CaseClosed'],
}).chart({
  id: 'return-with-refund',
  version: '2',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: answered,
      after: { orderKnown: 'searching' },
    },
    searching: asking('ORD-06', 'find-order', the.unknownOrder, {
      first: tell('ORD-06', 'order-not-found', ids),
      on: { ...answered, OrderNotFound: { target: 'unknown', actions: keep({ refusal: 'note' }) } },
      remindedAfter: 'serviceAnswer',
    }),

    ...statesBeforeDispatch,

    ...returnAndInspect<Return>({
      flow: 'return-with-refund',
      instructions: the.instructions,
      lapsed: tell('AFT-31', 'return-lapsed', the.lapse),
      goods: the.goodsBack,
      sent: noteSent,
      sentLate: 'claimingAgain',
      inspected: 'judging',
      credited: { target: 'settling', actions: noteCredited },
      lost: 'lost',
      givenUp: 'givenUp',
      neverSent: 'neverSent',
    }),
    claimingAgain: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: {
        UnitsClaimed: { target: 'inspecting', actions: keep('withinWindow', 'currency', 'payment', { goods: 'lines' }) },
        ClaimReferred: continueAtOriginalOrder,
        ClaimRefused: { target: 'onItsWayUnclaimed', actions: keep({ refusal: 'reason' }) },
      },
    },
    onItsWayUnclaimed: asking('AFT-31', 'decide-unclaimed-return', the.missingParcel, {
      on: { ReturnClaimedAgain: 'claimingAgain', ReturnNotToBeTaken: { target: 'notTaken', actions: keep({ refusal: 'reason' }) } },
      remindedAfter: 'serviceAnswer',
    }),
    judging: {
      description: 'AFT-33',
      entry: send('after-sales', 'RecordInspection', the.inspection),
      always: [
        { guard: counts.nothingCame, target: 'notArrived' },
        { guard: lateAndSound, target: 'decidingLate' },
        { target: 'settling' },
      ],
    },
    decidingLate: asking('AFT-30', 'decide-late-return', the.lateReturn, {
      on: {
        LateReturnAccepted: 'settling',
        LateReturnRefused: { target: 'settling', actions: [set({ noneTaken: true }), keep({ refusal: 'reason' })] },
      },
      remindedAfter: 'serviceAnswer',
    }),

    settling: {
      description: 'AFT-32',
      tags: 'pivot',
      entry: send('after-sales', 'SettleUnits', the.accepted),
      on: { UnitsSettled: { target: 'goods', actions: keep('refund', 'payments') } },
    },
    goods: { description: 'AFT-32', always: [{ guard: goodsOwed, target: 'refundingGoods' }, { target: 'freight' }] },
    refundingGoods: filingRefund('AFT-32', the.goodsRefund, {
      filed: {
        target: 'awaitingRefund',
        actions: [keep('refundId', { goodsRefundId: 'refundId' }), send('after-sales', 'NoteRefundFiled', the.filedRefund)],
      },
      refused: 'settlingGoods',
    }),
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: refunds.ourRefundRejected, target: 'restoring', actions: refunds.noteRefundRejected },
          { guard: refunds.ourRefundInPart, target: 'correcting', actions: refunds.noteRefundInPart },
          { guard: refunds.ourRefund, target: 'freight' },
        ],
      },
    },
    restoring: {
      description: 'REF-05',
      entry: send('after-sales', 'NoteRefundOutcome', the.wholeRejection),
      always: { target: 'rest', actions: set({ noneTaken: true }) },
    },
    // what one of several payments pays back is not the customer's to claim again; the sum of the others is not settled
    correcting: { description: 'REF-05', entry: send('after-sales', 'NoteRefundOutcome', the.partialPayment), always: 'freight' },
    settlingGoods: settlingRefundByHand(the.goodsRefundToSettle, 'freight'),
    freight: { description: 'AFT-30, AFT-35', always: [{ guard: freightOwed, target: 'refundingFreight' }, { target: 'rest' }] },
    refundingFreight: filingRefund('AFT-30', the.freightRefund, {
      filed: { target: 'awaitingFreight', actions: keep('refundId') },
      refused: 'settlingFreight',
    }),
    awaitingFreight: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: refunds.ourRefund, target: 'rest', actions: keep({ freightPaid: 'paid' }) },
          goodsRefundChanged,
        ],
      },
    },
    settlingFreight: asking('REF-03', 'settle-refund', the.freightRefundToSettle, {
      on: { RefundSettledByHand: 'rest', RefundApplicationSettled: goodsRefundChanged },
      remindedAfter: 'supervisorAnswer',
    }),

    rest: { description: 'AFT-32', always: [{ guard: someNotTaken, target: 'offeringBack' }, { target: 'ending' }] },
    offeringBack: asking('AFT-32', 'take-back', the.rejected, {
      on: {
        TakenBack: { target: 'ending', actions: backToCustomer },
        LeftBehind: { target: 'ending', actions: inform('warehouse', 'scrap-rejected', the.rejected) },
        RefundApplicationSettled: [
          { guard: refunds.goodsPaidAfterAll, target: 'freight', actions: refunds.noteGoodsKept },
          goodsRefundChanged,
          { guard: refunds.freightRefundChanged, actions: keep({ freightPaid: 'paid' }) },
        ],
      },
      after: { takeBack: { target: 'ending', actions: backToCustomer } },
      remindedAfter: 'takeBackReminder',
    }),
    ending: {
      description: 'AFT-32',
      always: [
        { guard: refundRejected, target: 'notRefunded' },
        { guard: refundApart, target: 'refundApart' },
        { guard: noneTaken, target: 'rejected' },
        { guard: inPart, target: 'refundedInPart' },
        { target: 'refunded' },
      ],
    },
    refunded: end('AFT-32', closes('refunded'), tell('AFT-32', 'return-accepted', the.refundPaid)),
    refundedInPart: end('AFT-32', closes('refunded in part'), tell('AFT-32', 'return-accepted-in-part', the.refundPaid)),
    notRefunded: end('REF-05', closes('not refunded'), tell('REF-05', 'return-not-refunded', the.rejectedRefund)),
    refundApart: end('REF-05', closes('refunded apart'), tell('REF-05', 'return-accepted-refund-apart', the.separateRefund)),
    rejected: end('AFT-32', closes('rejected'), tell('AFT-32', 'return-rejected', the.unacceptedGoods)),

    referred: end('AFT-34', continued, closes('continued at the original order'), tell('AFT-34', 'case-continued', referral)),
    stopped: end('ORD-14', releasesUnits()),
    lost: end('AFT-31', ...ends('not arrived'), tell('AFT-31', 'return-not-credited', the.refusalReason)),
    notTaken: end('AFT-31', ...ends('refused'), tell('AFT-30', 'return-refused', the.refusalReason)),
    refused: end('AFT-30', closes('refused'), tell('AFT-30', 'return-refused', the.refusalReason)),
    unknown: end('ORD-06', ...ends('nothing to return'), tell('ORD-06', 'return-closed', the.refusalReason)),
    neverSent: end('AFT-31', closes('never sent'), tell('AFT-31', 'return-closed', ids)),
    givenUp: end('AFT-31', ...ends('given up'), tell('AFT-31', 'return-given-up', ids)),
  },
});

function lateAndSound(c: Return) {
  return !c.withinWindow && counts.isSound(c) && counts.acceptedUnits(c).length > 0;
}
function goodsOwed({ refund }: Return) {
  return refund > 0;
}
function freightOwed(c: Return) {
  return counts.freightOwed(c) > 0;
}
function someNotTaken(c: Return) {
  return counts.unacceptedUnits(c).length > 0;
}
function noneTaken(c: Return) {
  return counts.acceptedUnits(c).length === 0;
}
function inPart(c: Return) {
  return counts.inPart(c) || c.notRefunded > 0;
}
function refundApart(c: Return) {
  return c.refundApart === true;
}
function refundRejected(c: Return) {
  return c.refundRejected;
}

function noteSent(_: Return, { carrier, trackingNumber, freight }: AnswerOf<'ReturnSent'>) {
  return { carrier, trackingNumber, freightPaid: freight?.amount ?? 0 };
}
function noteCredited({ goods }: Return) {
  return { inspected: goods.map(({ line, quantity }) => ({ line, accepted: quantity, rejected: 0, stock: 'scrap' as const })) };
}
