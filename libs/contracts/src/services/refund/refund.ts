import { z } from 'zod';
import { amount, plainCustomerText, currency, customerText, flowId, orderNumber, payments, reason } from '../../messages/common.js';
import { fieldsKept } from '../fields-kept.js';
import { messagesOn } from '../../messages/message.js';
import { sealable } from '../../messages/personal.js';
import { declaredCause } from './declared-cause.js';
import { refundCauses } from './refund-causes.js';
import { refundPayoutMessages } from './refund-payouts.js';
import { commandsTopicOf, eventsTopicOf } from '../../messages/topics.js';

export { isFlagged, isMismatch, type RefundCause, refundCauses } from './refund-causes.js';

const fact = messagesOn(eventsTopicOf('refund'));
const id = { orderNumber: '536365', refundId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const ids = { orderNumber, refundId: z.string() };

/** REF-01: the parts that a refund is made of. */
export const refundPart = z.object({ kind: z.enum(['goods', 'price-difference', 'freight', 'repair-fee', 'compensation']), amount });
export type RefundPart = z.infer<typeof refundPart>;

const applicationFields = z.object({
  orderNumber,
  caseId: z.string().max(120).optional(),
  cause: z.enum(refundCauses),
  /** REF-07: what the customer declared, never rewritten. */
  declaredReason: plainCustomerText.optional(),
  declaredCause: declaredCause.optional(),
  amount: amount.positive(),
  currency,
  parts: z.array(refundPart).min(1).max(20),
});

const partsAddUp: Parameters<typeof applicationFields.superRefine>[0] = (application, issues) => {
  const sum = application.parts.reduce((total, part) => total + part.amount, 0);
  if (sum !== application.amount)
    issues.addIssue({ code: 'custom', path: ['amount'], message: `is ${application.amount}, but its parts add up to ${sum}` });
};

/** A refund application as a person files it; its parts add up to its amount. */
export const refundApplication = applicationFields.superRefine(partsAddUp);

const application = {
  orderNumber: '536365',
  cause: 'cancelled' as const,
  amount: 1530,
  currency: 'GBP',
  parts: [{ kind: 'goods' as const, amount: 1530 }],
};

export const refundMessages = [
  fact.message('FieldsKept', fieldsKept),
  messagesOn(commandsTopicOf('refund')).message('RequestRefund', {
    rule: 'REF-01',
    description: 'Requests a refund, from the named payment.',
    data: sealable(applicationFields)
      .superRefine(partsAddUp)
      .safeExtend({
        filedBy: z.string().max(120).optional().describe('the person on whose behalf a flow files it; never approves it (REF-02)'),
        alsoFiledBy: z
          .array(z.string().max(120))
          .max(20)
          .optional()
          .describe('others on whose behalf it is filed, such as who opened the case; none of them approves it (REF-02)'),
        payment: z.object({ method: z.string(), captured: amount, reference: z.string() }),
        payments: payments.optional(),
      }),
    example: { ...application, payment: { method: 'card', captured: 4059, reference: 'pay-536365' } },
  }),
  fact.message('PaymentCaptured', {
    rule: 'REF-03',
    description: 'The maximum amount that can be refunded from this payment. A later one raises it.',
    data: z.object({ orderNumber, currency, method: z.string(), captured: amount, reference: z.string() }),
    example: { orderNumber: '536365', currency: 'GBP', method: 'card', captured: 4059, reference: 'pay-536365' },
  }),
  fact.message('RefundRequested', {
    rule: 'REF-01',
    description: 'The refund is filed, and its amount reserved against the captured amount (REF-03).',
    data: z.object({
      ...ids,
      amount,
      currency,
      cause: z.enum(refundCauses),
      declaredReason: customerText.optional(),
      declaredCause: declaredCause.optional(),
      parts: z.array(refundPart),
      caseId: z.string().optional(),
      filedBy: z.string(),
      alsoFiledBy: z.array(z.string()).optional(),
      twoApprovals: z.boolean(),
      method: z.string(),
      reference: z.string().describe('the payment that it is paid back to'),
      partOf: z
        .string()
        .optional()
        .describe('the refund that this is the rest of: an application that several payments bear is one refund for each'),
      insteadOf: z.string().optional().describe('the refund whose payment came back, and that this one pays again'),
      flow: flowId.optional(),
    }),
    example: {
      ...id,
      ...application,
      filedBy: 'cancel-order-x',
      twoApprovals: false,
      method: 'card',
      reference: 'pay-536365',
      flow: 'cancel-order-x',
    },
  }),
  fact.message('RefundApplicationRefused', {
    rule: 'REF-03',
    description: 'The refund would exceed the captured amount.',
    data: z.object({ ...ids, amount, reason, flow: flowId.optional() }),
    example: { ...id, amount: 9999, reason: 'more than the 4059 captured' },
  }),
  fact.message('RefundApplicationSettled', {
    rule: 'REF-05',
    description:
      'Every refund of an application is paid or rejected; `refundId` is the id of the first. Where an application is paid back to several ' +
      'payments, this is its outcome. Published again if a returned payment changes it.',
    data: z.object({
      ...ids,
      paid: amount,
      byHand: amount.optional().describe('what of `paid` a supervisor settled by hand, since its payment came back and its sum was taken'),
      rejected: amount,
      currency,
      reason: reason.optional().describe('why it was rejected, the last time'),
      caseId: z.string().optional(),
      filers: z
        .array(z.string())
        .optional()
        .describe('of a rejected refund of a case: who filed it, and does not approve it when it is applied for again (REF-02)'),
      again: z.literal(true).optional().describe('it had another outcome before'),
      flow: flowId.optional(),
    }),
    example: { ...id, paid: 1530, rejected: 0, currency: 'GBP', flow: 'cancel-order-x' },
  }),
  fact.message('RefundRefiled', {
    rule: 'REF-02',
    description: 'A supervisor filed the refund again after finance had rejected it or given it up, and does not approve it.',
    data: z.object({ ...ids, filedBy: z.string() }),
    example: { ...id, filedBy: 'supervisor:hao' },
  }),
  fact.message('RefundCauseVerified', {
    rule: 'REF-07',
    description: 'A person verified the cause of the refund. What the customer declared stays as it is.',
    data: z.object({
      ...ids,
      cause: z.enum(refundCauses).describe('that was found'),
      declaredCause: declaredCause.optional(),
      note: reason,
      verifiedBy: z.string(),
    }),
    example: { ...id, cause: 'cancelled', declaredCause: 'not-as-agreed', note: 'the photos show the goods', verifiedBy: 'service:mia' },
  }),
  fact.message('RefundApproved', {
    rule: 'REF-02',
    description: 'As many people as required approved the refund.',
    data: z.object({ ...ids, approvedBy: z.array(z.string()), flow: flowId }),
    example: { ...id, approvedBy: ['finance:li'], flow: 'finance-refund-x' },
  }),
  fact.message('RefundRejected', {
    rule: 'REF-02',
    description: 'Finance rejected the refund, with a reason. Its amount is no longer reserved.',
    data: z.object({ ...ids, reason, flow: flowId }),
    example: { ...id, reason: 'not owed', flow: 'finance-refund-x' },
  }),
  fact.message('RefundExecutionStarted', {
    rule: 'REF-04',
    description: 'The payment provider is asked to pay, under this idempotency key.',
    data: z.object({ ...ids, idempotencyKey: z.string() }),
    example: { ...id, idempotencyKey: id.refundId },
  }),
  fact.message('RefundOutcomeUnknown', {
    rule: 'REF-05',
    description: 'The payment provider did not answer in time. The refund is neither paid nor failed.',
    data: z.object(ids),
    example: id,
  }),
  fact.message('RefundFailed', {
    rule: 'REF-05',
    description: 'The payment provider refused to pay.',
    data: z.object({ ...ids, reason }),
    example: { ...id, reason: 'account closed' },
  }),
  fact.message('RefundPaid', {
    rule: 'REF-04',
    description: 'The refund is paid.',
    data: z.object({ ...ids, amount, currency, providerReference: z.string(), flow: flowId }),
    example: { ...id, amount: 1530, currency: 'GBP', providerReference: 'psp-1', flow: 'finance-refund-x' },
  }),
  ...refundPayoutMessages,
];
