import { z } from 'zod';
import {
  address,
  amount,
  charge,
  currency,
  customer,
  customerText,
  flowId,
  lineNumber,
  lineQuantity,
  notes,
  orderLine,
  orderNumber,
  payment,
  payments,
  reason,
  when,
} from '../messages/common.js';
import { fieldsKept } from './fields-kept.js';
import { messagesOn } from '../messages/message.js';
import { sealable } from '../messages/personal.js';
import { changeMessages } from './order-changes.js';
import { productChangeMessages } from '../products/product-changes.js';
import { captureMessages } from './captures.js';
import { commandsTopicOf, eventsTopicOf } from '../messages/topics.js';
import { trackingRequested } from './tracking.js';
import { extra } from '../messages/unknown-fields.js';

const fact = messagesOn(eventsTopicOf('order'));
const exampleAddress = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 };

const gifts = z.array(lineNumber).optional().describe('lines that are gifts: they go only with goods');
/** AFT-34: a re-ship is an order of its own, linked to its case and to the flow that follows it. */
const reshipOf = z.object({ caseId: z.string(), originalOrder: orderNumber, flow: flowId, gifts });

export const reshipRequested = fact.message('ReshipRequested', {
  rule: 'AFT-34',
  description: 'Goods of this order are to be sent again, as a separate order that passes review.',
  data: z.object({
    orderNumber,
    caseId: z.string(),
    reshipNumber: orderNumber,
    storefront: z.string(),
    customer,
    address,
    lines: z.array(orderLine),
    currency,
    payment,
    at: when,
    flow: flowId,
    gifts,
  }),
  example: {
    ...{ orderNumber: '536365', caseId: 'c-1', reshipNumber: '536365-R3f0c9d1e', storefront: 'main', currency: 'GBP' },
    customer: { id: '17850', name: 'Ada Lovelace', email: 'ada@example.test' },
    address: exampleAddress,
    lines: [{ ...line, unitPrice: 0 }],
    payment: { method: 'card', captured: 0, reference: 'pay-536365' },
    at: '2010-12-07T09:00:00Z',
    flow: 'missing-items-x',
  },
});

export const requestReship = messagesOn(commandsTopicOf('order')).message('RequestReship', {
  rule: 'AFT-34',
  description: 'Sends these goods again, free of charge, under this order number.',
  data: z.object({ orderNumber, caseId: z.string(), reshipNumber: orderNumber, lines: z.array(orderLine), gifts }),
  example: { orderNumber: '536365', caseId: 'c-1', reshipNumber: '536365-R3f0c9d1e', lines: [{ ...line, unitPrice: 0 }] },
});

export const orderPlaced = fact.message('OrderPlaced', {
  rule: 'ORD-01',
  description: 'The order is accepted, with the dispatch time that was promised (ORD-05).',
  data: z.object({
    orderNumber,
    storefront: z.string(),
    placedAt: when,
    promisedDispatchBy: when,
    processedUntil: when.describe('end of the processing window (LOG-02)'),
    customer,
    address,
    lines: z.array(orderLine),
    charges: z.array(charge),
    currency,
    total: amount,
    payment,
    payments: payments.optional(),
    concerns: z
      .array(z.string())
      .describe('what speaks against approving it unseen (ORD-03), such as not-fully-paid or currency-not-of-storefront'),
    notes: notes.optional(),
    extra: sealable(extra),
    reship: reshipOf.optional().describe('this order is a re-ship, free of charge'),
  }),
  example: {
    orderNumber: '536365',
    storefront: 'main',
    placedAt: '2010-12-01T08:26:00Z',
    promisedDispatchBy: '2010-12-02T08:26:00Z',
    processedUntil: '2010-12-08T08:26:00Z',
    customer: { id: '17850', name: 'Ada Lovelace', email: 'ada@example.test' },
    address: exampleAddress,
    lines: [line],
    charges: [],
    currency: 'GBP',
    total: 1530,
    payment: { method: 'card', captured: 1530, reference: 'pay-536365' },
    concerns: [],
  },
});

export const orderMessages = [
  requestReship,
  fact.message('FieldsKept', fieldsKept),
  orderPlaced,
  reshipRequested,
  trackingRequested,
  fact.message('OrderRepeated', {
    rule: 'ORD-01',
    description: 'The same order number came again with different content. The first order stands; service is asked to look.',
    data: z.object({
      orderNumber,
      differs: z.array(z.string().max(200)).optional().describe('fields whose content is another one'),
      content: z.string().max(64).optional().describe('a hash of it: the same other content is said once'),
    }),
    example: { orderNumber: '536365', differs: ['lines', 'payment.captured'] },
  }),
  fact.message('OrderApproved', {
    rule: 'ORD-03',
    description: 'The order passed review.',
    data: z.object({ orderNumber }),
    example: { orderNumber: '536365' },
  }),
  fact.message('OrderHeld', {
    rule: 'ORD-03',
    description: 'Review holds the order, with a reason.',
    data: z.object({ orderNumber, reason }),
    example: { orderNumber: '536365', reason: 'address not deliverable' },
  }),
  fact.message('ReleaseDeferred', {
    rule: 'ORD-03',
    description: 'The order is not released while a change of it is open.',
    data: z.object({ orderNumber, changeId: z.string() }),
    example: { orderNumber: '536365', changeId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' },
  }),
  fact.message('OrderReleased', {
    rule: 'ORD-04',
    description: 'The order is released to the warehouse.',
    data: z.object({
      orderNumber,
      lines: z.array(orderLine),
      address,
      amendedBy: z.array(flowId).optional().describe('flows that had cancelled quantities before: these lines are without them'),
    }),
    example: { orderNumber: '536365', lines: [line], address: exampleAddress },
  }),
  fact.message('OrderDispatched', {
    rule: 'ORD-08',
    description: 'The order has left the warehouse.',
    data: z.object({ orderNumber, at: when, carrier: z.string(), method: z.string(), trackingNumber: z.string().nullable() }),
    example: {
      orderNumber: '536365',
      at: '2010-12-01T17:00:00Z',
      carrier: 'Royal Mail',
      method: 'Tracked 48',
      trackingNumber: 'RM536365GB',
    },
  }),
  ...changeMessages,
  ...productChangeMessages,
  ...captureMessages,
  fact.message('RequestRefused', {
    rule: 'ORD-03',
    description: 'A request of the storefront broke a rule: the code and the reason.',
    data: z.object({ orderNumber, request: z.string(), code: z.string(), message: z.string() }),
    example: {
      orderNumber: '536365',
      request: 'CancellationRequested',
      code: 'change-already-open',
      message: 'another change of this order is open',
    },
  }),
  fact.message('AfterSalesNeeded', {
    rule: 'AFT-30',
    description: 'Goods come back. No longer published: after-sales opens a case itself.',
    data: z.object({ orderNumber, lines: z.array(lineQuantity), reason: customerText }),
    example: { orderNumber: '536365', lines: [{ line: 2, quantity: 1 }], reason: 'invoice C536379' },
  }),
];
