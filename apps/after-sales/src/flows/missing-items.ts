import { type AnswerOf, defineFlow, end, notation } from '@orderloom/flows';
import { policies } from '../policies.js';
import { caseAtOriginalOrder, ids, noteReferral, type Own, referral, releasesUnits } from './fragments.js';
import * as the from './missing-items-messages.js';
import { resending } from './resending/resending.js';
import * as again from './resending/resending-messages.js';

type MissingItems = the.MissingItems;
const { asking, keep, send, tell } = notation<MissingItems, Own>();

const closes = (outcome: string) => send('after-sales', 'CloseCase', (c) => ({ ...ids(c), outcome, cause: c.found }));
const ends = (outcome: string) => [releasesUnits<MissingItems>(), closes(outcome)];
const endsSentAgain = [send('after-sales', 'ReleaseUnits', again.sentAgain), closes('sent again')];
const continued = send('after-sales', 'OpenCase', (c) => caseAtOriginalOrder(c, 'missing-items', null));

/**
 * AFT-15, AFT-34, LOG-08 发少货: why goods are missing is found out; each unit is sent again, as an order of its own, or refunded,
 * never both. What can't be sent is refunded at once, while the rest goes out; the case ends when its refunds have (REF-05). When it
 * leaves was promised by the re-ship's own order (ORD-05).
 */
export const missingItems = defineFlow<MissingItems>()({
  service: 'after-sales',
  policies,
  startedBy: { MissingItemsBegun: the.begun },
  withdraws: { ReshipCancelled: 'cancelled', ReshipReduced: 'cancelled', ReshipDelivered: 'superseded', ReshipLost: 'superseded' },
}).chart({
  id: 'missing-items',
  version: '2',
  initial: 'claiming',
  states: {
    claiming: {
      description: 'AFT-15',
      entry: send('after-sales', 'ClaimUnits', the.claim),
      on: {
        UnitsClaimed: { target: 'explaining', actions: keep('currency', 'payment', { goods: 'lines' }) },
        ClaimReferred: { target: 'referred', actions: noteReferral },
        ClaimRefused: { target: 'refused', actions: keep({ refusal: 'reason' }) },
      },
      after: { orderKnown: 'unknown' },
    },
    explaining: asking('AFT-15', 'explain-missing-items', the.missed, {
      on: {
        MissingItemsExplained: [
          { guard: untrue, target: 'untrue', actions: keep('found', 'note') },
          { target: 'supplying', actions: keep('found', 'note') },
        ],
      },
      remindedAfter: 'warehouseAnswer',
    }),
    supplying: asking('AFT-15', 'supply-missing-items', the.wanted, {
      first: send('after-sales', 'RecordFinding', the.finding),
      on: { MissingItemsAvailable: 'reshipping', MissingItemsNotToBeHad: { target: 'settling', actions: again.noteAllLost } },
      remindedAfter: 'purchasingAnswer',
    }),

    ...resending({
      id: 'missing-items',
      rule: 'AFT-15',
      refundCause: 'out-of-stock',
      told: { onTheirWay: 'missing-items-on-their-way', refundFiled: 'missing-items-not-to-be-had' },
    }),
    satisfied: end('LOG-08', ...endsSentAgain, tell('LOG-08', 'review-invited', again.outcome)),
    resolved: end('LOG-08', ...endsSentAgain, tell('LOG-08', 'case-resolved', again.outcome)),
    refunded: end('AFT-15', closes('refunded'), tell('AFT-15', 'missing-items-refunded', again.paid)),
    notRefunded: end('REF-05', closes('not refunded'), tell('REF-05', 'missing-items-not-refunded', again.unpaid)),

    referred: end('AFT-34', continued, closes('continued at the original order'), tell('AFT-34', 'case-continued', referral)),
    refused: end('AFT-15', closes('refused'), tell('AFT-15', 'missing-items-refused', the.refused)),
    untrue: end('AFT-03', ...ends('refused'), tell('AFT-03', 'missing-items-refused', the.refused)),
    unknown: end('AFT-15', ...ends('nothing missing'), tell('ORD-06', 'order-not-found', ids)),
  },
});

function untrue(_: MissingItems, { found }: AnswerOf<'MissingItemsExplained'>) {
  return found === 'untrue';
}
