import {
  accepted,
  ask,
  because,
  claim,
  closed,
  flow,
  freightByHand,
  freightRefund,
  goodsByHand,
  goodsRefund,
  ids,
  inform,
  inspection,
  instructions,
  lapse,
  lateAndSound,
  missing,
  notAccepted,
  paid,
  parcel,
  rejected,
  remind,
  send,
  tell,
  unknownOrder,
  unpaid,
} from './return-with-refund.case.js';

const closes = (outcome: string) => send('after-sales', 'CloseCase', closed(outcome));
const ends = (outcome: string) => [send('after-sales', 'ReleaseUnits', ids), closes(outcome)];
const backToCustomer = ['noteSentBack', inform('warehouse', 'send-rejected-back', rejected)] as const;

/**
 * AFT-30..33, AFT-35 退货退款: goods come back, are inspected, and what is accepted is refunded; freight is borne by whose fault it was.
 * The case stays open until the refund is paid or rejected (REF-05).
 */
export const returnWithRefund = flow.chart({
  id: 'return-with-refund',
  version: '2',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'awaitingParcel', actions: 'noteClaim' },
        ClaimRefused: { target: 'refused', actions: 'noteRefusal' },
      },
      after: { orderKnown: 'searching' },
    },
    searching: {
      description: 'ORD-06',
      entry: [tell('ORD-06', 'order-not-found', ids), ask('service', 'find-order', unknownOrder)],
      on: {
        UnitsClaimed: { target: 'awaitingParcel', actions: 'noteClaim' },
        ClaimRefused: { target: 'refused', actions: 'noteRefusal' },
        OrderNotFound: { target: 'unknown', actions: 'noteAnswer' },
      },
      after: { serviceAnswer: { actions: remind('service') } },
    },

    awaitingParcel: {
      description: 'AFT-31',
      entry: ask('customer', 'send-back', instructions),
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
          entry: [send('after-sales', 'ReleaseUnits', ids), tell('AFT-31', 'return-lapsed', lapse)],
          after: { lateParcel: '#return-with-refund.neverSent' },
        },
      },
    },
    claimingAgain: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'inspecting', actions: 'noteClaim' },
        ClaimRefused: { target: 'onItsWayUnclaimed', actions: 'noteRefusal' },
      },
    },
    onItsWayUnclaimed: {
      description: 'AFT-31',
      entry: ask('service', 'decide-unclaimed-return', missing),
      on: { ReturnClaimedAgain: 'claimingAgain', ReturnNotToBeTaken: { target: 'notTaken', actions: 'noteRefusal' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    inspecting: {
      description: 'AFT-31',
      entry: ask('warehouse', 'inspect-return', parcel),
      on: {
        ReturnInspected: { target: 'judging', actions: 'noteInspection' },
        ReturnNotArrived: { target: 'notArrived', actions: 'noteAnswer' },
      },
      after: { inspection: { actions: remind('warehouse') } },
    },
    notArrived: {
      description: 'AFT-31, LOG-06',
      entry: [tell('AFT-31', 'return-not-arrived', parcel), ask('service', 'decide-lost-return', missing)],
      on: {
        LostReturnFound: 'inspecting',
        LostReturnCredited: { target: 'settling', actions: 'noteCredited' },
        LostReturnRefused: { target: 'lost', actions: 'noteRefusal' },
      },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    judging: {
      description: 'AFT-33',
      entry: send('after-sales', 'RecordInspection', inspection),
      always: [{ guard: 'nothingCame', target: 'notArrived' }, { guard: 'lateAndSound', target: 'decidingLate' }, { target: 'settling' }],
    },
    decidingLate: {
      description: 'AFT-30',
      entry: ask('service', 'decide-late-return', lateAndSound),
      on: { LateReturnAccepted: 'settling', LateReturnRefused: { target: 'settling', actions: 'noteNotTaken' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },

    settling: {
      description: 'AFT-32',
      tags: 'pivot',
      entry: send('after-sales', 'SettleUnits', accepted),
      on: { UnitsSettled: { target: 'goods', actions: 'noteSettled' } },
    },
    goods: { description: 'AFT-32', always: [{ guard: 'goodsOwed', target: 'refundingGoods' }, { target: 'freight' }] },
    refundingGoods: {
      description: 'AFT-32',
      entry: send('refund', 'RequestRefund', goodsRefund),
      on: {
        RefundRequested: { target: 'awaitingRefund', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'settlingGoods', actions: 'noteRefusal' },
      },
    },
    awaitingRefund: {
      description: 'REF-05',
      on: {
        RefundPaid: { guard: 'ourRefund', target: 'freight' },
        RefundRejected: { guard: 'ourRefund', target: 'restoring', actions: 'noteRefundRejected' },
      },
    },
    restoring: {
      description: 'REF-05',
      entry: send('after-sales', 'RestoreUnits', ids),
      always: { target: 'rest', actions: 'noteRestored' },
    },
    settlingGoods: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', goodsByHand),
      on: { RefundSettledByHand: 'freight' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    freight: { description: 'AFT-30, AFT-35', always: [{ guard: 'freightOwed', target: 'refundingFreight' }, { target: 'rest' }] },
    refundingFreight: {
      description: 'AFT-30',
      entry: send('refund', 'RequestRefund', freightRefund),
      on: {
        RefundRequested: { target: 'awaitingFreight', actions: 'noteRefund' },
        RefundApplicationRefused: { target: 'settlingFreight', actions: 'noteRefusal' },
      },
    },
    awaitingFreight: {
      description: 'REF-05',
      on: {
        RefundPaid: { guard: 'ourRefund', target: 'rest' },
        RefundRejected: { guard: 'ourRefund', target: 'rest', actions: 'noteFreightRejected' },
      },
    },
    settlingFreight: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', freightByHand),
      on: { RefundSettledByHand: 'rest' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },

    rest: { description: 'AFT-32', always: [{ guard: 'someNotTaken', target: 'offeringBack' }, { target: 'ending' }] },
    offeringBack: {
      description: 'AFT-32',
      entry: ask('customer', 'take-back', rejected),
      on: {
        TakenBack: { target: 'ending', actions: backToCustomer },
        LeftBehind: { target: 'ending', actions: inform('warehouse', 'scrap-rejected', rejected) },
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
    refunded: { type: 'final', description: 'AFT-32', entry: [closes('refunded'), tell('AFT-32', 'return-accepted', paid)] },
    refundedInPart: {
      type: 'final',
      description: 'AFT-32',
      entry: [closes('refunded in part'), tell('AFT-32', 'return-accepted-in-part', paid)],
    },
    notRefunded: { type: 'final', description: 'REF-05', entry: [closes('not refunded'), tell('REF-05', 'return-not-refunded', unpaid)] },
    rejected: { type: 'final', description: 'AFT-32', entry: [closes('rejected'), tell('AFT-32', 'return-rejected', notAccepted)] },

    lost: { type: 'final', description: 'AFT-31', entry: [...ends('not arrived'), tell('AFT-31', 'return-not-credited', because)] },
    notTaken: { type: 'final', description: 'AFT-31', entry: [...ends('refused'), tell('AFT-30', 'return-refused', because)] },
    refused: { type: 'final', description: 'AFT-30', entry: [closes('refused'), tell('AFT-30', 'return-refused', because)] },
    unknown: { type: 'final', description: 'ORD-06', entry: [...ends('nothing to return'), tell('ORD-06', 'return-closed', because)] },
    neverSent: { type: 'final', description: 'AFT-31', entry: [closes('never sent'), tell('AFT-31', 'return-closed', ids)] },
    givenUp: { type: 'final', description: 'AFT-31', entry: [...ends('given up'), tell('AFT-31', 'return-given-up', ids)] },
  },
});
