import { z } from 'zod';
import {
  amount,
  charge,
  currency,
  flowId,
  lineQuantity,
  minorUnits,
  orderLine,
  orderNumber,
  payment,
  payments,
  reason,
  when,
} from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { eventsTopicOf } from '../messages/topics.js';
import { offeredProduct } from './products.js';

const fact = messagesOn(eventsTopicOf('order'));
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 };
const change = { orderNumber: '536365', changeId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const changeFields = { orderNumber, changeId: z.string() };
const flow = 'change-product-x';

/** ORD-20..23: what is asked of the goods of an open order, and what becomes of it. */
export const productChangeMessages = [
  fact.message('ProductChangeRequested', {
    rule: 'ORD-20',
    description: 'Somebody asked for another product in place of units of a line. Starts the flow.',
    data: z.object({
      ...changeFields,
      line: orderLine.describe('the units to be replaced'),
      wanted: offeredProduct.describe('the product that the customer wants, with its price of now'),
      similar: z.array(offeredProduct).describe('products of the same category, with their prices of now (ORD-21)'),
      currency,
      payment,
      promisedDispatchBy: when.optional().describe('the dispatch that was promised to this order (ORD-05)'),
      dispatchedAt: when.optional().describe('when it left, where it has'),
    }),
    example: {
      ...{ ...change, line, wanted: { sku: '71053', unitPrice: 339 }, similar: [], currency: 'GBP' },
      payment: { method: 'card', captured: 1530, reference: 'pay-536365' },
    },
  }),
  fact.message('DifferenceRequested', {
    rule: 'ORD-22',
    description:
      'The customer is to pay this difference, as a payment with this `reference` (PaymentCaptured). It takes the place of an earlier request ' +
      'of the same change. What is paid for a request that no longer stands is refunded.',
    data: z.object({ ...changeFields, reference: payment.shape.reference, amount: amount.positive(), currency, flow: flowId }),
    example: { ...change, reference: `${change.changeId}-1`, amount: 504, currency: 'GBP', flow },
  }),
  fact.message('OrderLinesReplaced', {
    rule: 'ORD-23',
    description: 'Units of the order are replaced by others. From here on nothing of the units that were replaced is picked.',
    data: z.object({
      ...changeFields,
      removed: z.array(lineQuantity),
      added: z.array(orderLine).describe('under line numbers that the order has never had'),
      remaining: z.array(orderLine).describe('all lines of the order by now'),
      charges: z.array(charge).describe('with which the remaining lines cost what they cost; they take the place of those of before'),
      difference: minorUnits.describe('what the new units cost more than those they replace; negative where they are cheaper'),
      refund: amount.describe('what of a negative difference was paid, and is to be refunded'),
      currency,
      payment,
      payments: payments.optional().describe('all payments by now, where they are not just the `payment` of the placed order'),
      promisedDispatchBy: when.describe('the dispatch that is promised for the changed order'),
      flow: flowId,
    }),
    example: {
      ...{ ...change, removed: [{ line: 1, quantity: 6 }], added: [{ ...line, line: 2, sku: '71053', unitPrice: 339 }] },
      ...{ remaining: [{ ...line, line: 2, sku: '71053', unitPrice: 339 }], charges: [], difference: 504, refund: 0, currency: 'GBP' },
      payment: { method: 'card', captured: 1530, reference: 'pay-536365' },
      promisedDispatchBy: '2010-12-06T08:26:00Z',
      flow,
    },
  }),
  fact.message('ProductChangeRefused', {
    rule: 'ORD-20',
    description: 'The order keeps the product that it has; its change of product goes no further, and is closed next.',
    data: z.object({ ...changeFields, reason, flow: flowId }),
    example: { ...change, reason: 'cancelled', flow },
  }),
  fact.message('ProductChangeClosed', {
    rule: 'ORD-23',
    description: 'The change of product is over: the order has other goods, or keeps those that it had.',
    data: z.object({ ...changeFields, changed: z.boolean(), reason: reason.optional().describe('why nothing changed'), flow: flowId }),
    example: { ...change, changed: true, flow },
  }),
];
