import {
  accepted,
  ask,
  claim,
  closed,
  flow,
  freightByHand,
  freightRefund,
  goodsByHand,
  goodsRefund,
  ids,
} from './return-with-refund.case.js';
import { inform, inspection, instructions, paid, parcel, refused, rejected, remind, send, tell } from './return-with-refund.case.js';

const ends = (outcome: string) => [send('after-sales', 'ReleaseUnits', ids), send('after-sales', 'CloseCase', closed(outcome))];

/** As it was: it asked for money and closed, whatever became of the refund; time decided without a word. */
export const returnWithRefundV1 = flow.chart({
  id: 'return-with-refund',
  version: '1',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-30',
      entry: send('after-sales', 'ClaimUnits', claim),
      on: {
        UnitsClaimed: { target: 'awaitingParcel', actions: 'noteClaim' },
        ClaimRefused: { target: 'refused', actions: 'noteRefusal' },
      },
      after: { orderKnown: 'unknown' },
    },
    awaitingParcel: {
      description: 'AFT-31',
      entry: ask('customer', 'send-back', instructions),
      on: { ReturnSent: { target: 'inspecting', actions: 'noteSent' }, ReturnGivenUp: 'givenUp' },
      after: { returnOnItsWay: 'neverSent', returnReminder: { actions: remind('customer') } },
    },
    inspecting: {
      description: 'AFT-31',
      entry: ask('warehouse', 'inspect-return', parcel),
      on: { ReturnInspected: { target: 'settling', actions: 'noteInspection' } },
      after: { inspection: { actions: remind('warehouse') } },
    },

    settling: {
      description: 'AFT-32, AFT-33',
      tags: 'pivot',
      entry: [send('after-sales', 'RecordInspection', inspection), send('after-sales', 'SettleUnits', accepted)],
      on: { UnitsSettled: { target: 'goods', actions: 'noteSettled' } },
    },
    goods: { description: 'AFT-32', always: [{ guard: 'goodsOwed', target: 'refundingGoods' }, { target: 'freight' }] },
    refundingGoods: {
      description: 'AFT-32',
      entry: send('refund', 'RequestRefund', goodsRefund),
      on: { RefundRequested: 'freight', RefundApplicationRefused: { target: 'settlingGoods', actions: 'noteRefusal' } },
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
      on: { RefundRequested: 'rest', RefundApplicationRefused: { target: 'settlingFreight', actions: 'noteRefusal' } },
    },
    settlingFreight: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', freightByHand),
      on: { RefundSettledByHand: 'rest' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },

    rest: { description: 'AFT-32', always: [{ guard: 'someRejected', target: 'offeringBack' }, { target: 'ending' }] },
    offeringBack: {
      description: 'AFT-32',
      entry: ask('customer', 'take-back', rejected),
      on: {
        TakenBack: { target: 'ending', actions: inform('warehouse', 'send-rejected-back', rejected) },
        LeftBehind: { target: 'ending', actions: inform('warehouse', 'scrap-rejected', rejected) },
      },
      after: { takeBack: { target: 'ending', actions: inform('warehouse', 'send-rejected-back', rejected) } },
    },
    ending: {
      description: 'AFT-32',
      always: [{ guard: 'noneAccepted', target: 'rejected' }, { guard: 'someRejected', target: 'refundedInPart' }, { target: 'refunded' }],
    },
    refunded: {
      type: 'final',
      description: 'AFT-32',
      entry: [send('after-sales', 'CloseCase', closed('refunded')), tell('AFT-32', 'return-accepted', paid)],
    },
    refundedInPart: {
      type: 'final',
      description: 'AFT-32',
      entry: [send('after-sales', 'CloseCase', closed('refunded in part')), tell('AFT-32', 'return-accepted-in-part', paid)],
    },
    rejected: {
      type: 'final',
      description: 'AFT-32',
      entry: [send('after-sales', 'CloseCase', closed('rejected')), tell('AFT-32', 'return-rejected', ids)],
    },

    refused: {
      type: 'final',
      description: 'AFT-30',
      entry: [send('after-sales', 'CloseCase', closed('refused')), tell('AFT-30', 'return-refused', refused)],
    },
    unknown: { type: 'final', description: 'AFT-30', entry: [...ends('nothing to return'), tell('ORD-06', 'order-not-found', ids)] },
    neverSent: { type: 'final', description: 'AFT-31', entry: [...ends('never sent'), tell('AFT-31', 'return-closed', ids)] },
    givenUp: { type: 'final', description: 'AFT-31', entry: ends('given up') },
  },
});
