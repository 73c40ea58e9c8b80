import { defineFlow, type EffectAction, end, notation, type On, type State, starts } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { ShipmentCommand } from '../shipment-facts.js';
import * as when from './tracking-guards.js';
import * as the from './tracking-messages.js';

type Tracking = the.Tracking;
const { asking, keep, send, set, tell } = notation<Tracking, { logistics: ShipmentCommand }>();

const found = keep('finding', 'trackingNumber', 'carrier', 'shippedAt', 'lastScan', 'lastScanAt', 'place', 'lost', 'lookAgainAt');
const askedAgain = { target: '#track-parcel.open.deciding', actions: [found, set({ asked: true })] };
/** A second request while a team looks into the first is told so, unless the tracking has changed meanwhile. */
const whileAsking: On<Tracking> = {
  TrackingRepeated: [{ guard: when.sameFound, actions: tell('LOG-11', 'tracking-being-clarified', the.order) }, askedAgain],
};
const delivered: On<Tracking> = { ShipmentDelivered: '#track-parcel.delivered' };
/** LOG-04: a customer who was told to wait hears that the parcel moves. */
const moves: On<Tracking> = {
  ...delivered,
  ParcelScanned: {
    guard: when.thisParcelWaitedFor,
    target: '#track-parcel.open.following',
    actions: [keep({ lastScan: 'scan', lastScanAt: 'at' }), set({ told: 'on-its-way' }), tell('LOG-04', 'tracking-moved', the.parcel)],
  },
};
const ships: On<Tracking> = { ParcelShipped: '#track-parcel.open.lookingUp' };
const explained = { target: 'awaitingNews', actions: [keep('note'), tell('LOG-04', 'courier-explains', the.explanation)] };
const isLost = { target: '#track-parcel.lost', actions: keep('note') };
const courierSays = { ...whileAsking, ...moves, ParcelExplained: explained, ParcelNotFound: isLost };
const courierReminded = { remindedAfter: 'courierAnswer' } as const;
/** LOG-07: who does not answer gets another delivery, and the message that was left. */
const redelivers = { target: 'instructing', actions: set({ instruction: 'redeliver' }) };
/** Says what was found. */
const telling = (rule: string, template: string): State<Tracking, never> => ({
  description: rule,
  entry: tell(rule, template, the.parcel),
  always: { target: 'following', actions: when.noteTold },
});
/** LOG-07: service settles with the customer what becomes of the order. */
const settlingByService = (told: EffectAction<Tracking, 'tell'>) =>
  asking('LOG-07', 'settle-returned-parcel', the.explanation, {
    first: told,
    on: { ...whileAsking, ...delivered, ReturnedParcelSettled: { target: '#track-parcel.settled', actions: keep('note') } },
    remindedAfter: 'serviceAnswer',
  });
const closing = send('logistics', 'CloseTracking', the.order);

/**
 * LOG-02..05, LOG-07, LOG-10, LOG-11 催件, 物流信息, 问题件: who asks where a parcel is, is answered at once, by where it is; then it is looked
 * at again on a schedule, until it is delivered or lost. A problem that the courier reports is asked about at once, and the customer chooses
 * what the courier does.
 */
export const trackParcel = defineFlow<Tracking>()({
  service: 'logistics',
  policies,
  startedBy: { TrackingOpened: starts({ asked: true, told: '', note: '', expectedAt: '' }) },
  listensTo: ['TrackingRepeated', 'ParcelScanned', 'ParcelShipped', 'ShipmentDelivered', 'ShipmentCancelled', 'CancellationNoted'],
  withdraws: { ParcelShipped: 'shipped', ShipmentCancelled: 'cancelled', CancellationNoted: 'cancelled' },
}).chart({
  id: 'track-parcel',
  version: '1',
  initial: 'open',
  states: {
    open: {
      description: 'LOG-11',
      initial: 'deciding',
      on: { ShipmentCancelled: 'cancelled', CancellationNoted: 'cancelled' },
      states: {
        deciding: {
          description: 'LOG-02',
          always: [
            { guard: when.isCancelled, target: '#track-parcel.cancelledBefore' },
            { guard: when.isKnownLost, target: '#track-parcel.knownLost' },
            { guard: when.isLate, target: 'askingPurchasing' },
            { guard: when.notScannedTooLong, target: 'askingForwarder' },
            { guard: when.isStale, target: 'investigating' },
            { guard: when.hasProblem, target: 'askingCourier' },
            { guard: when.untrackedTooLong, target: 'askingReceipt' },
            { guard: when.deliveredAndAskedFor, target: 'provingDelivery' },
            { guard: when.isDelivered, target: '#track-parcel.delivered' },
            { guard: when.nothingNew, target: 'following' },
            { guard: when.isProcessing, target: 'tellingProcessing' },
            { guard: when.isUntracked, target: 'tellingUntracked' },
            { guard: when.notScanned, target: 'tellingNotScanned' },
            { guard: when.hasArrived, target: 'tellingArrived' },
            { target: 'tellingOnItsWay' },
          ],
        },
        tellingProcessing: telling('LOG-02', 'order-in-processing'),
        tellingUntracked: telling('LOG-03', 'untracked-on-its-way'),
        tellingNotScanned: telling('LOG-04', 'tracking-updates-soon'),
        tellingOnItsWay: telling('LOG-05', 'parcel-on-its-way'),
        tellingArrived: telling('LOG-05', 'parcel-in-destination-country'),
        following: {
          description: 'LOG-11',
          on: { ...moves, TrackingRepeated: askedAgain },
          after: { nextLook: 'lookingUp' },
        },
        /** A team has explained it: it is looked at again a while after that. */
        awaitingNews: {
          description: 'LOG-11',
          on: { ...moves, ...ships, TrackingRepeated: askedAgain },
          after: { trackingRelook: 'lookingUp' },
        },
        lookingUp: {
          description: 'LOG-11',
          entry: send('logistics', 'LookUpShipment', the.promise),
          on: { ShipmentLookedUp: { target: 'deciding', actions: [found, set({ asked: false })] }, TrackingRepeated: askedAgain },
        },

        askingPurchasing: asking('LOG-02', 'goods-of-late-order', the.promise, {
          on: {
            ...whileAsking,
            ...ships,
            GoodsArrived: 'askingWarehouse',
            GoodsNotArrived: { target: 'offeringExchange', actions: keep('expectedAt') },
          },
          remindedAfter: 'purchasingAnswer',
        }),
        askingWarehouse: asking('LOG-02', 'explain-delay', the.promise, {
          on: {
            ...whileAsking,
            ...ships,
            DelayExplained: {
              target: 'awaitingDispatch',
              actions: [keep({ note: 'reason', expectedAt: 'expectedAt' }), tell('LOG-02', 'delay-explained', the.delay)],
            },
          },
          remindedAfter: 'warehouseAnswer',
        }),
        offeringExchange: asking('LOG-02', 'wait-or-exchange', the.wait, {
          on: { ...whileAsking, ...ships, WaitChosen: 'awaitingDispatch', ExchangeChosen: 'exchanging' },
          after: { customerDecision: 'awaitingDispatch' },
          remindedAfter: 'customerReminder',
        }),
        exchanging: asking('LOG-02', 'exchange-late-order', the.exchange, {
          on: { ...whileAsking, ...ships, ExchangeSettled: 'awaitingDispatch' },
          remindedAfter: 'serviceAnswer',
        }),
        awaitingDispatch: {
          description: 'LOG-02',
          on: { ...ships, TrackingRepeated: askedAgain },
          after: { expectedDispatch: 'lookingUp' },
        },

        askingForwarder: asking('LOG-04', 'explain-missing-scan', the.asked, { on: courierSays, ...courierReminded }),
        investigating: asking('LOG-05', 'investigate-parcel', the.asked, { on: courierSays, ...courierReminded }),
        askingCourier: asking('LOG-10', 'explain-problem', the.asked, {
          on: {
            ...courierSays,
            ParcelExplained: { target: 'askingCustomer', actions: keep('note') },
            ParcelComesBack: { target: 'comesBack', actions: keep('note') },
          },
          ...courierReminded,
        }),
        askingCustomer: asking('LOG-07', 'settle-problem-parcel', the.explanation, {
          on: {
            ...whileAsking,
            ...moves,
            RedeliveryChosen: redelivers,
            RedirectChosen: { target: 'instructing', actions: [set({ instruction: 'redirect' }), keep({ redirectTo: 'to' })] },
            ReturnChosen: { target: 'instructing', actions: set({ instruction: 'return' }) },
          },
          after: { customerDecision: redelivers },
          remindedAfter: 'customerReminder',
        }),
        instructing: asking('LOG-07', 'handle-problem-parcel', the.instruction, {
          on: {
            ...whileAsking,
            ...moves,
            InstructionAccepted: [
              { guard: when.toBeReturned, target: 'comesBack', actions: keep('note') },
              { target: 'awaitingNews', actions: [keep('note'), tell('LOG-07', 'problem-parcel-handled', the.handled)] },
            ],
            InstructionRefused: { target: 'notHandled', actions: keep('note') },
            ParcelNotFound: isLost,
          },
          ...courierReminded,
        }),
        comesBack: settlingByService(tell('LOG-10', 'parcel-comes-back', the.explanation)),
        notHandled: settlingByService(tell('LOG-07', 'problem-parcel-not-handled', the.handled)),

        provingDelivery: asking('LOG-05', 'prove-delivery', the.asked, {
          on: {
            ...whileAsking,
            DeliveryProven: { target: 'askingReceipt', actions: keep('note') },
            DeliveryNotProven: isLost,
          },
          ...courierReminded,
        }),
        askingReceipt: asking('LOG-05', 'parcel-received', the.explanation, {
          on: {
            ...whileAsking,
            ParcelReceived: '#track-parcel.received',
            ParcelNotReceived: [
              { guard: when.isProven, target: 'judging' },
              { target: '#track-parcel.lost', actions: when.noteUntracked },
            ],
          },
          after: { customerDecision: '#track-parcel.presumedReceived' },
          remindedAfter: 'customerReminder',
        }),
        judging: asking('LOG-05', 'judge-delivery', the.explanation, {
          on: {
            ...whileAsking,
            DeliveryAccepted: { target: '#track-parcel.proven', actions: keep('note') },
            DeliveryDoubted: isLost,
          },
          remindedAfter: 'serviceAnswer',
        }),
      },
    },
    delivered: end('LOG-11', closing, tell('LOG-11', 'parcel-delivered', the.parcel)),
    received: end('LOG-05', closing),
    presumedReceived: end('LOG-05', closing, tell('LOG-05', 'parcel-presumed-received', the.parcel)),
    proven: end('LOG-05', closing, tell('LOG-05', 'delivery-proven', the.explanation)),
    settled: end('LOG-07', closing),
    knownLost: end('LOG-06', closing, tell('LOG-06', 'parcel-lost-before', the.parcel)),
    cancelledBefore: end('LOG-02', closing, tell('LOG-02', 'order-was-cancelled', the.order)),
    cancelled: end('ORD-13', closing),
    lost: end('LOG-06', send('logistics', 'ReportLoss', the.loss), closing, tell('LOG-06', 'parcel-lost', the.explanation)),
  },
});
