import * as the from './return-with-refund.case.js';

const { ask, flow, inform, remind, send, tell } = the;
const closes = (outcome: string) => send('after-sales', 'CloseCase', the.closed(outcome));
const ends = (outcome: string) => [send('after-sales', 'ReleaseUnits', the.ids), closes(outcome)];
const backToCustomer = ['noteSentBack', inform('warehouse', 'send-rejected-back', the.rejected)] as const;
const continued = [send('after-sales', 'OpenCase', the.there), closes('continued at the original order')];
const referred = { target: 'referred', actions: 'noteReferral' } as const;
const answered = {
  UnitsClaimed: { target: 'awaitingParcel', actions: 'noteClaim' },
  ClaimReferred: referred,
  ClaimRefused: { target: 'refused', actions: 'noteRefusal' },
  GoodsNotDispatched: { target: 'stopping', actions: 'noteNotSent' },
} as const;
/** What shall come back, and has been cancelled before it left, has nothing left to claim. */
const unclaimed = [
  { guard: 'orderCancelled', target: 'closingStopped' },
  { target: 'refused', actions: 'noteRefusal' },
] as const;

/**
 * AFT-30..33, AFT-35 退货退款: goods come back, are inspected, and what is accepted is refunded; freight is borne by whose fault it was.
 * What has not left yet is stopped instead (AFT-02, ORD-14); what came with a re-ship goes on at the original order (AFT-34). The case stays open until the refund is paid or rejected (REF-05).
 */
export const returnWithRefund = flow.chart({
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
    searching: {
      description: 'ORD-06',
      entry: [tell('ORD-06', 'order-not-found', the.ids), ask('service', 'find-order', the.unknownOrder)],
      on: { ...answered, OrderNotFound: { target: 'unknown', actions: 'noteAnswer' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },

    stopping: {
      description: 'AFT-02, ORD-14',
      entry: [send('order', 'RequestCancellation', the.stop), tell('ORD-14', 'return-not-sent-yet', the.notSent)],
      on: {
        CancellationRequested: { actions: 'noteChange' },
        CancellationQueued: { actions: 'noteChange' },
        CancellationRequestRefused: 'goingOn',
        CancellationRefused: { guard: 'ourChange', target: 'goingOn' },
        OrderLinesCancelled: { guard: 'ourChange', target: 'closingStopped', actions: 'noteStopped' },
        OrderCancelled: { target: 'closingStopped', actions: 'noteStopped' },
        UnitsClaimed: { actions: 'noteClaim' },
        ClaimReferred: { actions: 'noteReferral' },
        ClaimRefused: unclaimed,
      },
    },
    // what the order service says changes the purchase by itself: what the flow does to it comes after
    closingStopped: {
      description: 'ORD-14',
      entry: [closes('cancelled before dispatch'), tell('ORD-14', 'return-stopped', the.stopped)],
      on: { CaseClosed: { guard: 'thisCase', target: 'stopped' } },
    },
    goingOn: {
      description: 'ORD-11',
      always: [{ guard: 'referred', target: 'referred' }, { guard: 'claimed', target: 'awaitingParcel' }, { target: 'awaitingDispatch' }],
    },
    awaitingDispatch: {
      description: 'ORD-11, AFT-30',
      entry: tell('ORD-11', 'return-after-delivery', the.notSent),
      on: { UnitsClaimed: answered.UnitsClaimed, ClaimReferred: referred, ClaimRefused: unclaimed },
    },

    awaitingParcel: {
      description: 'AFT-31',
      entry: ask('customer', 'send-back', the.instructions),
      initial: 'within',
      on: {
        ReturnSent: [
          { guard: 'lapsed', target: 'claimingAgain', actions: 'noteSent' },
          { target: 'inspecting', actions: 'noteSent' },
        ],
        ReturnGivenUp: 'givenUp',
      },
      states: {
        within: {
          description: 'AFT-31',
          after: { returnOnItsWay: { target: 'lapsed', actions: 'noteLapsed' }, returnReminder: { actions: remind('customer') } },
        },
        lapsed: {
          description: 'AFT-31, CS-02',
          entry: [send('after-sales', 'ReleaseUnits', the.ids), tell('AFT-31', 'return-lapsed', the.lapse)],
          after: { lateParcel: '#return-with-refund.neverSent' },
        },
      },
    },
    claimingAgain: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: {
        UnitsClaimed: { target: 'inspecting', actions: 'noteClaim' },
        ClaimReferred: referred,
        ClaimRefused: { target: 'onItsWayUnclaimed', actions: 'noteRefusal' },
      },
    },
    onItsWayUnclaimed: {
      description: 'AFT-31',
      entry: ask('service', 'decide-unclaimed-return', the.missing),
      on: { ReturnClaimedAgain: 'claimingAgain', ReturnNotToBeTaken: { target: 'notTaken', actions: 'noteRefusal' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    inspecting: {
      description: 'AFT-31',
      entry: ask('warehouse', 'inspect-return', the.parcel),
      on: {
        ReturnInspected: { target: 'judging', actions: 'noteInspection' },
        ReturnNotArrived: { target: 'notArrived', actions: 'noteAnswer' },
      },
      after: { inspection: { actions: remind('warehouse') } },
    },
    notArrived: {
      description: 'AFT-31, LOG-06',
      entry: [tell('AFT-31', 'return-not-arrived', the.parcel), ask('service', 'decide-lost-return', the.missing)],
      on: {
        LostReturnFound: 'inspecting',
        LostReturnCredited: { target: 'settling', actions: 'noteCredited' },
        LostReturnRefused: { target: 'lost', actions: 'noteRefusal' },
      },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    judging: {
      description: 'AFT-33',
      entry: send('after-sales', 'RecordInspection', the.inspection),
      always: [{ guard: 'nothingCame', target: 'notArrived' }, { guard: 'lateAndSound', target: 'decidingLate' }, { target: 'settling' }],
    },
    decidingLate: {
      description: 'AFT-30',
      entry: ask('service', 'decide-late-return', the.lateAndSound),
      on: { LateReturnAccepted: 'settling', LateReturnRefused: { target: 'settling', actions: 'noteNotTaken' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },

    settling: {
      description: 'AFT-32',
      tags: 'pivot',
      entry: send('after-sales', 'SettleUnits', the.accepted),
      on: { UnitsSettled: { target: 'goods', actions: 'noteSettled' } },
    },
    goods: { description: 'AFT-32', always: [{ guard: 'goodsOwed', target: 'refundingGoods' }, { target: 'freight' }] },
    refundingGoods: {
      description: 'AFT-32',
      entry: send('refund', 'RequestRefund', the.goodsRefund),
      on: {
        RefundRequested: { target: 'awaitingRefund', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'settlingGoods', actions: 'noteRefusal' },
      },
    },
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: [
          { guard: 'ourRefundRejected', target: 'restoring', actions: 'noteRefundRejected' },
          { guard: 'ourRefundInPart', target: 'correcting', actions: 'noteRefundInPart' },
          { guard: 'ourRefund', target: 'freight' },
        ],
      },
    },
    restoring: {
      description: 'REF-05',
      entry: send('after-sales', 'RestoreUnits', the.ids),
      always: { target: 'rest', actions: 'noteRestored' },
    },
    // what one of several payments pays back is not the customer's to claim again; the sum of the others is not settled
    correcting: { description: 'REF-05', entry: send('after-sales', 'RestoreUnits', the.notPaid), always: 'freight' },
    settlingGoods: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', the.goodsByHand),
      on: { RefundSettledByHand: 'freight' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    freight: { description: 'AFT-30, AFT-35', always: [{ guard: 'freightOwed', target: 'refundingFreight' }, { target: 'rest' }] },
    refundingFreight: {
      description: 'AFT-30',
      entry: send('refund', 'RequestRefund', the.freightRefund),
      on: {
        RefundRequested: { target: 'awaitingFreight', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'settlingFreight', actions: 'noteRefusal' },
      },
    },
    awaitingFreight: {
      description: 'REF-05',
      on: {
        RefundApplicationSettled: { guard: 'ourRefund', target: 'rest', actions: 'noteFreight' },
      },
    },
    settlingFreight: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', the.freightByHand),
      on: { RefundSettledByHand: 'rest' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },

    rest: { description: 'AFT-32', always: [{ guard: 'someNotTaken', target: 'offeringBack' }, { target: 'ending' }] },
    offeringBack: {
      description: 'AFT-32',
      entry: ask('customer', 'take-back', the.rejected),
      on: {
        TakenBack: { target: 'ending', actions: backToCustomer },
        LeftBehind: { target: 'ending', actions: inform('warehouse', 'scrap-rejected', the.rejected) },
      },
      after: { takeBack: { target: 'ending', actions: backToCustomer }, takeBackReminder: { actions: remind('customer') } },
    },
    ending: {
      description: 'AFT-32',
      always: [
        { guard: 'refundRejected', target: 'notRefunded' },
        { guard: 'noneTaken', target: 'rejected' },
        { guard: 'inPart', target: 'refundedInPart' },
        { target: 'refunded' },
      ],
    },
    refunded: { type: 'final', description: 'AFT-32', entry: [closes('refunded'), tell('AFT-32', 'return-accepted', the.paid)] },
    refundedInPart: {
      type: 'final',
      description: 'AFT-32',
      entry: [closes('refunded in part'), tell('AFT-32', 'return-accepted-in-part', the.paid)],
    },
    notRefunded: {
      type: 'final',
      description: 'REF-05',
      entry: [closes('not refunded'), tell('REF-05', 'return-not-refunded', the.unpaid)],
    },
    rejected: { type: 'final', description: 'AFT-32', entry: [closes('rejected'), tell('AFT-32', 'return-rejected', the.notAccepted)] },

    referred: {
      type: 'final',
      description: 'AFT-34',
      entry: [...continued, tell('AFT-34', 'case-continued', the.referral)],
    },
    stopped: { type: 'final', description: 'ORD-14', entry: send('after-sales', 'ReleaseUnits', the.ids) },
    lost: { type: 'final', description: 'AFT-31', entry: [...ends('not arrived'), tell('AFT-31', 'return-not-credited', the.because)] },
    notTaken: { type: 'final', description: 'AFT-31', entry: [...ends('refused'), tell('AFT-30', 'return-refused', the.because)] },
    refused: { type: 'final', description: 'AFT-30', entry: [closes('refused'), tell('AFT-30', 'return-refused', the.because)] },
    unknown: { type: 'final', description: 'ORD-06', entry: [...ends('nothing to return'), tell('ORD-06', 'return-closed', the.because)] },
    neverSent: { type: 'final', description: 'AFT-31', entry: [closes('never sent'), tell('AFT-31', 'return-closed', the.ids)] },
    givenUp: { type: 'final', description: 'AFT-31', entry: [...ends('given up'), tell('AFT-31', 'return-given-up', the.ids)] },
  },
});
