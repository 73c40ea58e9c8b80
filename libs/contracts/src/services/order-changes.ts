import { z } from 'zod';
import {
  address,
  amount,
  currency,
  customerText,
  flowId,
  lineQuantity,
  orderLine,
  orderNumber,
  payment,
  payments,
  reason,
  when,
} from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { declaredCause } from './refund/declared-cause.js';
import { refundPart } from './refund/refund.js';
import { commandsTopicOf, eventsTopicOf } from '../messages/topics.js';

const fact = messagesOn(eventsTopicOf('order'));
const exampleAddress = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 };
const change = { orderNumber: '536365', changeId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const changeFields = { orderNumber, changeId: z.string() };
const asking = {
  declaredCause: declaredCause.optional(),
  requestedBy: z.string().max(120).optional().describe('the person who asked, where one did'),
  alsoRequestedBy: z.array(z.string().max(120)).max(20).optional().describe('others who did, none of whom approves the refund (REF-02)'),
  caseId: z.string().max(120).optional().describe('the case that it was asked for'),
  flow: flowId.optional().describe('the flow of another service that asked, which this answers'),
};
/** ORD-08: said to the customer where the order goes on as it was. */
const dispatch = {
  promisedDispatchBy: when.optional().describe('the dispatch that was promised to this order (ORD-05)'),
  dispatchedAt: when.optional().describe('when it left, where it has'),
};
const amounts = { refund: amount, agreedLoss: amount };
const decided = z
  .object({ changeId: z.string(), ...amounts, reason: reason.optional() })
  .optional()
  .describe('another change had cancelled the order before, with these amounts and for this reason: nothing more is refunded for this one');
const paidBy = { payments: payments.optional().describe('all payments by now, where they are not just the `payment` of the placed order') };
const parts = z
  .array(refundPart)
  .optional()
  .describe('what the refund is made of (REF-01): the goods, and the shipping with the last of them');

/** Requests about an open order, and their outcomes. */
export const changeMessages = [
  messagesOn(commandsTopicOf('order')).message('RequestCancellation', {
    rule: 'ORD-14',
    description:
      'Stops the order, or quantities of its lines, and refunds them. Answered by CancellationRequested, CancellationQueued or CancellationRequestRefused.',
    data: z.object({
      orderNumber,
      reason: customerText,
      lines: z.array(lineQuantity).min(1).max(2000).optional(),
      caseId: z.string().max(120),
      declaredCause: asking.declaredCause,
      requestedBy: asking.requestedBy,
      alsoRequestedBy: asking.alsoRequestedBy,
    }),
    example: { orderNumber: '536365', reason: 'ordered twice', lines: [{ line: 1, quantity: 6 }], caseId: 'c-1' },
  }),
  fact.message('CancellationRequested', {
    rule: 'ORD-10',
    description: 'Somebody asked to cancel the order, or quantities of its lines. Starts the flow.',
    data: z.object({
      ...changeFields,
      reason: customerText,
      whole: z.boolean(),
      lines: z.array(orderLine).describe('what shall be cancelled, with its quantity'),
      paid: amount.describe('what was paid for it'),
      payment,
      currency,
      ...asking,
      ...dispatch,
      reship: z
        .object({ caseId: z.string(), originalOrder: orderNumber, gifts: z.array(z.int()).optional() })
        .optional()
        .describe('the order is a re-ship: the case that it was sent for says what becomes of the value of its goods (LOG-06)'),
    }),
    example: {
      ...change,
      reason: 'ordered twice',
      whole: false,
      lines: [line],
      paid: 1530,
      payment: { method: 'card', captured: 1530, reference: 'pay-536365' },
      currency: 'GBP',
    },
  }),
  fact.message('CancellationQueued', {
    rule: 'ORD-14',
    description:
      'Somebody asked to cancel while another change is open. The goods are held at once. The cancellation starts (CancellationRequested) when that change is closed.',
    data: z.object({
      ...changeFields,
      behind: z.string().describe('the change that is open'),
      reason: customerText,
      lines: z.array(lineQuantity).optional().describe('what shall be cancelled; the whole order where it is missing'),
      ...asking,
    }),
    example: { ...change, behind: 'change-1', reason: 'ordered twice' },
  }),
  fact.message('CancellationRequestRefused', {
    rule: 'ORD-10',
    description: 'A flow asked for a cancellation that is impossible: the order is unknown or cancelled, or the lines do not exist.',
    data: z.object({ orderNumber, code: z.string(), reason, caseId: asking.caseId, flow: flowId }),
    example: { orderNumber: '536365', code: 'order-unknown', reason: 'there is no order 536365', flow: 'return-with-refund-x' },
  }),
  fact.message('OrderLinesCancelled', {
    rule: 'ORD-13',
    description: 'Quantities of lines are cancelled. The rest of the order goes on.',
    data: z.object({
      ...changeFields,
      lines: z.array(lineQuantity),
      remaining: z.array(orderLine),
      ...amounts,
      ...paidBy,
      parts,
      currency,
      reason: customerText,
      flow: flowId,
    }),
    example: {
      ...change,
      lines: [{ line: 1, quantity: 6 }],
      remaining: [{ ...line, line: 2 }],
      refund: 1530,
      agreedLoss: 0,
      currency: 'GBP',
      reason: 'ordered twice',
      flow: 'cancel-order-x',
    },
  }),
  fact.message('OrderCancelled', {
    rule: 'ORD-13',
    description: 'The order can no longer ship. The payment, less an agreed loss, is to be refunded.',
    data: z.object({
      ...changeFields,
      ...amounts,
      ...paidBy,
      parts,
      currency,
      reason: customerText,
      flow: flowId,
      decided,
    }),
    example: {
      ...{ ...change, refund: 1530, parts: [{ kind: 'goods', amount: 1530 }], agreedLoss: 0 },
      ...{ currency: 'GBP', reason: 'ordered twice', flow: 'cancel-order-x' },
    },
  }),
  fact.message('CancellationRefused', {
    rule: 'ORD-11',
    description: 'The order goes on unchanged, unless another change has cancelled it before (`decided`).',
    data: z.object({ ...changeFields, reason, flow: flowId, decided }),
    example: { ...change, reason: 'shipped', flow: 'cancel-order-x' },
  }),
  fact.message('AddressChangeRequested', {
    rule: 'ORD-30',
    description: 'Somebody asked to send the order to another address. Starts the flow.',
    data: z.object({ ...changeFields, address, deliverable: z.boolean(), noticed: z.array(z.string()).optional(), ...dispatch }),
    example: { ...change, address: exampleAddress, deliverable: true },
  }),
  fact.message('AddressChanged', {
    rule: 'ORD-32',
    description: 'The order has a new delivery address.',
    data: z.object({ ...changeFields, address, flow: flowId }),
    example: { ...change, address: exampleAddress, flow: 'change-address-x' },
  }),
  fact.message('AddressChangeRefused', {
    rule: 'ORD-30',
    description: 'The order keeps its delivery address.',
    data: z.object({ ...changeFields, reason, flow: flowId }),
    example: { ...change, reason: 'shipped', flow: 'change-address-x' },
  }),
  fact.message('ChangeClosed', {
    rule: 'ORD-03',
    description:
      'The open change of the order is closed, of whichever kind it was. Another change may start. `changed` is empty where the order stays as it was.',
    data: z.object({
      ...changeFields,
      changed: z.array(z.enum(['lines-cancelled', 'product-changed', 'address-changed'])).describe('what the change has changed'),
      lines: z.array(orderLine).describe('the lines that are left'),
      address,
      promisedDispatchBy: when,
    }),
    example: {
      ...change,
      changed: ['address-changed'],
      lines: [line],
      address: exampleAddress,
      promisedDispatchBy: '2010-12-02T09:00:00.000000Z',
    },
  }),
];
