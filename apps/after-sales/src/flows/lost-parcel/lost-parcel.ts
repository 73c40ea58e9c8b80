import { defineFlow, end, notation } from '@orderloom/flows';
import { policies } from '../../policies.js';
import { ids, noteReferral, type Own, referral, releasesUnits } from '../fragments.js';
import { resending } from '../resending/resending.js';
import * as again from '../resending/resending-messages.js';
import * as the from './lost-parcel-messages.js';

type LostParcel = the.LostParcel;
const { asking, inform, keep, send, set, tell } = notation<LostParcel, Own>();

const closes = (outcome: string) => send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome, cause: 'lost' }));
const arrives = [
  send('after-sales', 'ReleaseUnits', the.released),
  send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome: c.hasOriginal ? 'found' : 'sent again', cause: 'lost' })),
];
const continued = send('after-sales', 'OpenCase', the.caseThere);
const goodwillGranted = [inform('service', 'goodwill-granted', the.goodwill), tell('CS-05', 'goodwill-granted', the.goodwill)];
const turnsUp = { LostParcelFound: 'found' } as const;
const hasIt = set({ hasOriginal: true, delivered: true });

/**
 * LOG-06, LOG-08 丢包: the customer of a lost parcel chooses between a re-ship and a refund, never both; who does not answer gets the refund
 * (CS-02). Goodwill is as the settings say (CS-05). A parcel that comes after all ends it while nothing is decided.
 */
export const lostParcel = defineFlow<LostParcel>()({
  service: 'after-sales',
  policies,
  startedBy: { LostParcelBegun: the.begun },
  withdraws: { LostParcelFound: 'superseded', ReshipCancelled: 'cancelled', ReshipReduced: 'cancelled', ReshipDelivered: 'superseded' },
}).chart({
  id: 'lost-parcel',
  version: '1',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'LOG-06',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: {
        UnitsClaimed: { target: 'choosing', actions: keep('currency', 'payment', { goods: 'lines' }) },
        ParcelContentsUnknown: { target: 'namingGoods', actions: keep({ goods: 'lines' }) },
        ClaimReferred: { target: 'referred', actions: noteReferral },
        ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
      },
      after: { orderKnown: 'unknown' },
    },
    namingGoods: asking('LOG-01', 'name-lost-goods', the.contents, {
      on: { LostGoodsNamed: { target: 'claiming', actions: keep('lines') } },
      remindedAfter: 'warehouseAnswer',
    }),
    choosing: asking('LOG-06', 'reship-or-refund', the.offer, {
      on: {
        ...turnsUp,
        ReshipChosen: { target: 'deciding', actions: set({ remedy: 'reship' }) },
        RefundChosen: { target: 'deciding', actions: set({ remedy: 'refund' }) },
      },
      after: { customerDecision: { target: 'deciding', actions: set({ remedy: 'refund' }) } },
      remindedAfter: 'customerReminder',
    }),
    deciding: {
      description: 'LOG-06',
      entry: send('after-sales', 'DecideRemedy', the.remedy),
      on: { ...turnsUp, RemedyDecided: 'goodwill' },
    },
    goodwill: {
      description: 'CS-05',
      always: [
        { guard: noGoodwill, target: 'acting' },
        { guard: goodwillRequired, target: 'granted', actions: noteRequired },
        { target: 'askingGoodwill' },
      ],
    },
    askingGoodwill: asking('CS-05', 'grant-goodwill', the.goodwillWanted, {
      on: { GoodwillGranted: { target: 'granted', actions: keep('goodwill', 'detail') }, GoodwillDeclined: 'acting' },
      after: { goodwillDecision: 'acting' },
    }),
    found: {
      description: 'LOG-08',
      entry: tell('LOG-06', 'lost-parcel-found', the.turnedUp),
      always: { target: 'asking', actions: hasIt },
    },
    granted: { description: 'CS-05', entry: goodwillGranted, always: 'acting' },
    acting: {
      description: 'LOG-06',
      always: [
        { guard: reshipChosen, target: 'reshipping' },
        { target: 'settling', actions: again.noteAllLost },
      ],
    },

    ...resending({
      id: 'lost-parcel',
      rule: 'LOG-06',
      refundCause: 'lost',
      told: { onTheirWay: 'lost-parcel-sent-again', refundFiled: 'lost-parcel-refund-filed' },
      mayTurnUp: true,
    }),
    satisfied: end('LOG-08', ...arrives, tell('LOG-08', 'review-invited', again.outcome)),
    resolved: end('LOG-08', ...arrives, tell('LOG-08', 'case-resolved', again.outcome)),
    refunded: end('LOG-06', closes('refunded'), tell('LOG-06', 'lost-parcel-refunded', again.paid)),
    notRefunded: end('REF-05', closes('not refunded'), tell('REF-05', 'lost-parcel-not-refunded', again.unpaid)),

    referred: end('AFT-34', continued, closes('continued at the original order'), tell('AFT-34', 'case-continued', referral)),
    refused: end(
      'LOG-06',
      closes('refused'),
      inform('service', 'loss-not-claimed', the.refused),
      tell('LOG-06', 'lost-parcel-known', the.refused),
    ),
    unknown: end('LOG-06', releasesUnits<LostParcel>(), closes('order unknown'), tell('ORD-06', 'order-not-found', ids)),
  },
});

function noGoodwill(c: LostParcel) {
  return the.kinds(c).length === 0;
}
function goodwillRequired({ goodwillPolicy }: LostParcel) {
  return goodwillPolicy.policy === 'required';
}
function reshipChosen({ remedy }: LostParcel) {
  return remedy === 'reship';
}

function noteRequired(c: LostParcel) {
  return { goodwill: the.kinds(c)[0] ?? ('none' as const) };
}
