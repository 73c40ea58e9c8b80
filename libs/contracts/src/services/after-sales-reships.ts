import { z } from 'zod';
import { caseId, claimedLines, sentAgain } from './after-sales.js';
import { amount, currency, flowId, lostParcel, orderNumber, payment } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { eventsTopicOf } from '../messages/topics.js';

const fact = messagesOn(eventsTopicOf('after-sales'));
const ids = { orderNumber, caseId };
const example = { orderNumber: '536365', caseId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const lines = [{ line: 2, quantity: 1 }];
const claim = { ...ids, lines: claimedLines, flow: flowId };
const flow = 'missing-items-x';

/** AFT-34: what becomes of goods that go out again, as an order of its own, and of claims on them. */
export const reshipMessages = [
  fact.message('ClaimReferred', {
    rule: 'AFT-34',
    description: 'The claimed units came with a re-ship, and are units of the original order. The case continues there.',
    data: z.object({
      ...{ ...claim, originalOrder: orderNumber, sent: sentAgain },
      lostParcel: lostParcel.optional(),
    }),
    example: {
      ...{ ...example, orderNumber: '536365-R3f0c9d1e', lines, flow, originalOrder: '536365' },
      sent: { reshipNumber: '536365-R3f0c9d1e', caseId: '9e1c0d3f-7f6a-8b1c-9d2e-3f4a5b6c7d8e', withinWindow: true },
    },
  }),
  fact.message('ReshipDispatched', {
    rule: 'AFT-34',
    description: 'The re-ship of a case has left the warehouse.',
    data: z.object({ ...ids, reshipNumber: orderNumber, trackingNumber: z.string().nullable(), flow: flowId }),
    example: { ...example, reshipNumber: '536365-R3f0c9d1e', trackingNumber: 'RM1GB', flow },
  }),
  fact.message('ReshipReduced', {
    rule: 'AFT-34',
    description: 'Some lines of the re-ship are unavailable.',
    data: z.object({ ...claim, reshipNumber: orderNumber }),
    example: { ...example, lines, reshipNumber: '536365-R3f0c9d1e', flow },
  }),
  fact.message('ReshipCancelled', {
    rule: 'AFT-34',
    description: 'The re-ship is cancelled and never ships.',
    data: z.object({ ...ids, reshipNumber: orderNumber, flow: flowId }),
    example: { ...example, reshipNumber: '536365-R3f0c9d1e', flow },
  }),
  fact.message('ReshipLost', {
    rule: 'LOG-06',
    description: 'The parcel of the re-ship is lost. Its loss is a case of the original order, which takes over the units of this one.',
    data: z.object({ ...ids, reshipNumber: orderNumber, flow: flowId }),
    example: { ...example, reshipNumber: '536365-R3f0c9d1e', flow },
  }),
  fact.message('ReshipDelivered', {
    rule: 'AFT-34',
    description: 'The re-ship was signed for.',
    data: z.object({ ...ids, reshipNumber: orderNumber, flow: flowId }),
    example: { ...example, reshipNumber: '536365-R3f0c9d1e', flow },
  }),
];

/** REF-05: a refund of returned goods that fails after their case was closed. */
export const unpaidReturnMessages = [
  fact.message('ReturnUnpaid', {
    rule: 'REF-05',
    description:
      'The refund of returned goods was rejected after it had counted as paid, such as a payment that came back and was given up. The goods lie ' +
      'in the warehouse, and are claimed by their case until they are paid for or sent back. Starts the flow that asks service.',
    data: z.object({
      ...{ ...ids, refundId: z.string(), lines: claimedLines, amount, currency, payment, reason: z.string() },
      filers: z.array(z.string()).optional().describe('who filed the refund, and does not approve another one (REF-02)'),
    }),
    example: {
      ...{ ...example, refundId: '9e1c0d3f-7f6a-8b1c-9d2e-3f4a5b6c7d8e', lines, amount: 339, currency: 'GBP', reason: 'account closed' },
      payment: { method: 'card', captured: 1530, reference: 'pay-536365' },
    },
  }),
];
