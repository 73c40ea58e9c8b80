import { z } from 'zod';
import { amount, currency, orderNumber, payment, payments, reason, when } from '../messages/common.js';
import { optionalText } from '../messages/contact.js';
import { messagesOn } from '../messages/message.js';
import { withOrderReference, storefrontName } from '../messages/reference.js';
import { eventsTopicOf, paymentsNotices } from '../messages/topics.js';

const fact = messagesOn(eventsTopicOf('order'));
const example = { orderNumber: '536365', reference: 'pay-536365', method: 'card', amount: 4059, currency: 'GBP' };
const capture = {
  orderNumber,
  reference: payment.shape.reference.describe('the payment: that of the order, or another one of it'),
  method: payment.shape.method,
  amount: amount.positive().describe('what was captured now; a payment may be captured in parts'),
  currency,
  capturedAt: when,
};

export const paymentCaptured = messagesOn(paymentsNotices).message('PaymentCaptured', {
  rule: 'ORD-01',
  description:
    'A payment of an order, or a part of it, was captured. All captures together never exceed the total of the order, and the differences that it was asked to pay (DifferenceRequested), each of which is paid at once and exactly. Each capture has its own `ce_id`.',
  data: z.object({ ...capture, storefront: optionalText(storefrontName) }).transform(withOrderReference),
  example: { ...example, capturedAt: '2010-12-01T09:00:00Z' },
  happened: 'capturedAt',
});

const recorded = { ...capture, captureId: z.string().describe('of this capture alone') };
const ofCapture = { ...example, captureId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', capturedAt: '2010-12-01T09:00:00Z' };

/** Captures after the placement of an order, or before it was known. */
export const captureMessages = [
  fact.message('CaptureRecorded', {
    rule: 'ORD-01',
    description: 'More of a payment was captured, and can be refunded.',
    data: z.object({
      ...recorded,
      captured: amount.describe('what is captured of this payment by now'),
      outstanding: amount.optional().describe('what is still to be captured for the goods that are left of the order, and their shipping'),
      concerns: z.array(z.string()).optional().describe('reasons for a review (ORD-03): the storefront does not list the payment method'),
    }),
    example: { ...ofCapture, captured: 4059 },
  }),
  fact.message('CaptureAwaitsOrder', {
    rule: 'ORD-01',
    description:
      'A payment was captured for an order that is unknown so far. It is recorded when the order is placed. Starts the flow that watches it.',
    data: z.object(recorded),
    example: ofCapture,
  }),
  fact.message('CaptureRefused', {
    rule: 'ORD-01',
    description: 'A capture that waited for its order does not match it, with the reason. A person is asked to look at it.',
    data: z.object({ orderNumber, captureId: z.string(), reference: capture.reference, amount: capture.amount, currency, reason }),
    example: {
      ...{ orderNumber: '536365', captureId: ofCapture.captureId, reference: 'pay-536365', amount: 4059, currency: 'GBP' },
      reason: 'amount is 4059: with the 4059 captured before that is more than the total of 4059',
    },
  }),
  fact.message('SurplusCaptured', {
    rule: 'ORD-13',
    description:
      'A payment was captured for goods that had been cancelled before. It is owed to the customer. Starts the flow that requests the refund.',
    data: z.object({ orderNumber, reference: capture.reference, amount: amount.positive(), currency, payment, payments }),
    example: {
      ...{ orderNumber: '536365', reference: 'pay-536365', amount: 4059, currency: 'GBP' },
      payment: { method: 'card', captured: 0, reference: 'pay-536365' },
      payments: [{ method: 'card', captured: 4059, reference: 'pay-536365' }],
    },
  }),
];
