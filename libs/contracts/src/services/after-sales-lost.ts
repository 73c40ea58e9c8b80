import { z } from 'zod';
import { caseId, claimedLines, sentAgain } from './after-sales.js';
import { customerText, flowId, orderLine, orderNumber, when } from '../messages/common.js';
import { declaredCause } from './refund/declared-cause.js';
import { messagesOn } from '../messages/message.js';
import { eventsTopicOf } from '../messages/topics.js';

const fact = messagesOn(eventsTopicOf('after-sales'));
const ids = { orderNumber, caseId };
const example = { orderNumber: '536365', caseId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const flow = 'lost-parcel-x';
const lostNumber = z.string().nullable().describe('of the lost parcel; null of an untracked one');

/** LOG-06: what the customer of a lost parcel gets: one of them, never both. */
export const remedies = ['reship', 'refund'] as const;

/** CS-05: kinds of goodwill. */
export const goodwillKinds = ['gift', 'coupon', 'points'] as const;

/** LOG-06: what becomes of a lost parcel. */
export const lostParcelMessages = [
  fact.message('LostParcelBegun', {
    rule: 'LOG-06',
    description: 'A parcel is lost: the customer chooses between a re-ship and a refund. Starts `lost-parcel`.',
    data: z.object({
      ...{ ...ids, trackingNumber: lostNumber, reason: customerText, openedAt: when },
      signedFor: z.literal(true).optional().describe('the courier has a signature, which is doubted'),
      lines: claimedLines.describe('what was in it; empty where that is not known yet'),
      declaredCause: declaredCause.optional(),
      openedBy: z.string().optional().describe('the person who opened the case: never approves the refund'),
      alsoOpenedBy: z.array(z.string()).optional(),
      sent: sentAgain.optional().describe('the parcel was a re-ship of this order'),
    }),
    example: {
      ...{ ...example, trackingNumber: 'RM536365GB', lines: [], reason: 'not found in any depot', openedAt: '2010-12-20T09:00:00Z' },
    },
  }),
  fact.message('ParcelContentsUnknown', {
    rule: 'LOG-01',
    description: 'The order left in several parcels, and nothing says which of these goods were in the lost one. The warehouse is asked.',
    data: z.object({ ...ids, trackingNumber: lostNumber, lines: z.array(orderLine), flow: flowId }),
    example: { ...example, trackingNumber: 'RM536365GB', lines: [{ line: 2, sku: '71053', quantity: 6, unitPrice: 339 }], flow },
  }),
  fact.message('RemedyDecided', {
    rule: 'LOG-06',
    description: 'The goods of the lost parcel are sent again, or refunded. Of a case there is one decision.',
    data: z.object({ ...ids, remedy: z.enum(remedies), flow: flowId }),
    example: { ...example, remedy: 'reship', flow },
  }),
  fact.message('LostParcelFound', {
    rule: 'LOG-06',
    description: 'The lost parcel was delivered after all, before a re-ship or a refund was decided: neither follows.',
    data: z.object({ ...ids, trackingNumber: z.string(), at: when, flow: flowId }),
    example: { ...example, trackingNumber: 'RM536365GB', at: '2010-12-21T11:00:00Z', flow },
  }),
  fact.message('ParcelFoundAfterRemedy', {
    rule: 'LOG-06',
    description: 'The lost parcel was delivered after its goods had been sent again or refunded. Starts `found-parcel`.',
    data: z.object({
      ...{ ...ids, trackingNumber: z.string(), at: when, flow: flowId },
      remedy: z.enum(remedies).optional().describe('absent where the case continued at the original order'),
      originalOrder: orderNumber.optional().describe('the parcel was a re-ship of this order, where its case continued'),
    }),
    example: { ...example, trackingNumber: 'RM536365GB', at: '2010-12-23T11:00:00Z', remedy: 'reship', flow },
  }),
];
