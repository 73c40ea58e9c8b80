import { z } from 'zod';
import { lineQuantity, orderLine, orderNumber, when } from '../messages/common.js';
import { goodwillKinds, remedies } from '../services/after-sales-lost.js';
import type { Question } from './tasks.js';

const nothing = z.object({});
const ofCase = z.object({ orderNumber, caseId: z.string() });
const trackingNumber = z.string().nullable().describe('null of an untracked parcel');
const goods = ofCase.extend({ trackingNumber, lines: z.array(orderLine) });

/** The questions of lost parcels. */
export const lostParcelQuestions = {
  'name-lost-goods': {
    team: 'warehouse',
    rule: 'LOG-01',
    description: 'This parcel of the order is lost, and the order left in several: which of these units were in it?',
    about: goods,
    answers: { LostGoodsNamed: z.object({ lines: z.array(lineQuantity).min(1).max(2000) }) },
  },
  'reship-or-refund': {
    team: 'customer',
    rule: 'LOG-06',
    description: 'Your parcel is lost, for which we apologise: shall we send the goods again, or refund them?',
    about: goods.extend({ reason: z.string() }),
    answers: { ReshipChosen: nothing, RefundChosen: nothing },
  },
  'grant-goodwill': {
    team: 'service',
    rule: 'CS-05',
    description:
      'The goods of a lost parcel are sent again or refunded: add goodwill of one of these kinds, with its code or amount? After the due time there is none.',
    about: ofCase.extend({ remedy: z.enum(remedies), kinds: z.array(z.enum(goodwillKinds)) }),
    answers: {
      GoodwillGranted: z.object({ goodwill: z.enum(goodwillKinds), detail: z.string().trim().min(1).max(300) }),
      GoodwillDeclined: nothing,
    },
  },
  'settle-found-parcel': {
    team: 'service',
    rule: 'LOG-06',
    description:
      'A lost parcel was delivered after its goods had been sent again or refunded (remedy): agree with the customer on what becomes of the goods that they have twice, or were refunded.',
    about: ofCase.extend({
      ...{ trackingNumber: z.string(), at: when, remedy: z.enum(remedies).optional(), originalOrder: orderNumber.optional() },
    }),
    answers: {
      FoundParcelSettled: z.object({
        outcome: z.enum(['kept', 'sent-back', 'paid', 'reship-stopped']).describe('of the goods, or of the re-ship'),
        note: z.string().trim().min(1).max(1000),
      }),
    },
  },
} as const satisfies Record<string, Question>;
