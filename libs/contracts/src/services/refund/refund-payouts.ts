import { z } from 'zod';
import { amount, currency, flowId, orderNumber, reason } from '../../messages/common.js';
import { messagesOn } from '../../messages/message.js';
import { refundCauses } from './refund-causes.js';
import { eventsTopicOf } from '../../messages/topics.js';

const fact = messagesOn(eventsTopicOf('refund'));
const providerReference = z.string().describe('of the payment, as its provider or bank names it');
const payer = flowId.describe('the flow that had asked the provider for the payment');
const payout = { orderNumber, refundId: z.string(), amount, currency, providerReference, flow: flowId };
const said = { orderNumber: '536365', payer: 'finance-refund-x', providerReference: 'psp-1' };
const example = {
  ...{ orderNumber: '536365', refundId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', amount: 1530, currency: 'GBP' },
  ...{ providerReference: 'psp-1', flow: 'late-payout-x' },
};

/** Outcomes of a refund's payment after the provider's first response. */
export const refundPayoutMessages = [
  fact.message('PayoutCameBack', {
    rule: 'REF-05',
    description: 'The payment provider reports that a payment failed which it had reported as paid.',
    data: z.object({ orderNumber, payer, providerReference: providerReference.optional(), reason }),
    example: { ...said, reason: 'account closed' },
  }),
  fact.message('PayoutCameLate', {
    rule: 'REF-05',
    description: 'The payment provider reports a payment that it had reported as failed, or a second payment.',
    data: z.object({ orderNumber, payer, providerReference }),
    example: said,
  }),
  fact.message('RefundBounced', {
    rule: 'REF-05',
    description: 'A paid refund was returned by the bank. Nothing is reserved any more, and finance decides.',
    data: z.object({ ...payout, reason, cause: z.enum(refundCauses), caseId: z.string().optional(), filers: z.array(z.string()) }),
    example: { ...example, flow: 'bounced-refund-x', reason: 'account closed', cause: 'cancelled', filers: ['service:anna'] },
  }),
  fact.message('BouncedRefundSettled', {
    rule: 'REF-05',
    description:
      'A supervisor settled a returned refund by hand, because its amount was taken meanwhile. It counts as paid, beside the captured amount.',
    data: z.object({ orderNumber, refundId: z.string(), amount, currency, flow: flowId }),
    example: {
      ...{ orderNumber: '536365', refundId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', amount: 1530, currency: 'GBP' },
      flow: 'bounced-refund-x',
    },
  }),
  fact.message('LatePayoutReported', {
    rule: 'REF-05',
    description:
      'The customer received a payment that does not count as the payment of the refund. Its amount is reserved until finance decides.',
    data: z.object({
      ...payout,
      method: z.string(),
      was: z.string().describe('status of the refund then'),
      excess: amount.describe('what of it is more than was captured and is free'),
    }),
    example: { ...example, method: 'card', was: 'rejected', excess: 0 },
  }),
  fact.message('LatePayoutReturned', {
    rule: 'REF-05',
    description: 'The customer no longer has the late payment. Nothing is reserved for it.',
    data: z.object({ ...payout, reference: z.string().describe('under which it was got back, or why it came back') }),
    example: { ...example, reference: 'claim-1' },
  }),
  fact.message('LatePayoutKept', {
    rule: 'REF-05',
    description: 'The customer keeps a payment that was not owed. Its amount stays reserved, so that no more is refunded.',
    data: z.object(payout),
    example,
  }),
  fact.message('PayoutNoticeIgnored', {
    rule: 'REF-05',
    description: 'A notice of the payment provider about a payment has no effect.',
    data: z.object({ orderNumber, payer: z.string(), reason, flow: flowId }),
    example: { orderNumber: '536365', payer: 'finance-refund-x', reason: 'the refund is paid by it', flow: 'late-payout-x' },
  }),
];
