import { z } from 'zod';
import {
  amount,
  currency,
  customerText,
  flowId,
  lineNumber,
  lineQuantity,
  lostParcel,
  orderLine,
  orderNumber,
  payment,
  payments,
  reason,
  when,
} from '../messages/common.js';
import { fieldsKept } from './fields-kept.js';
import { declared } from './refund/declared-cause.js';
import { messagesOn } from '../messages/message.js';
import { eventsTopicOf } from '../messages/topics.js';

const fact = messagesOn(eventsTopicOf('after-sales'));

/** AFT-01: what a customer claims. */
export const caseKinds = [
  'not-as-described',
  'wrong-item',
  'missing-items',
  'quality',
  'return',
  'exchange',
  'not-received',
  'review',
  'other',
] as const;

/** AFT-03: what a check finds; `none` where nothing was claimed to be wrong. */
export const findings = ['none', 'untrue', 'wrong-item', 'missing-items', 'listing-wrong', 'defect'] as const;

/** AFT-35: why goods come back; quality, wrong and missing are the merchant's. */
export const returnCauses = ['dislike', 'dissatisfied', 'quality', 'freight', 'wrong', 'missing'] as const;

export const caseId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,120}$/, 'must be the id of a case')
  .describe('id of the case');
export const caseKind = z.enum(caseKinds);
export const finding = z.enum(findings);
export const returnCause = z.enum(returnCauses);
export const claimedLines = z.array(lineQuantity).max(2000);

/** A return and missing items are about goods: their lines, each once. */
export const namesGoods = ({ kind, lines }: { kind: string; lines: readonly { line: number }[] }, issues: z.RefinementCtx): void => {
  if (lines.length === 0 && (kind === 'return' || kind === 'missing-items'))
    issues.addIssue({ code: 'custom', path: ['lines'], message: `must name the lines of a case of kind ${kind}` });
};

/** AFT-33: what the warehouse counted of one line, and where the accepted goods go. */
export const inspectedLine = z.object({
  line: lineNumber,
  accepted: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  stock: z.enum(['sellable', 'repair', 'scrap']),
});

/** AFT-31: what an inspection finds; what is rejected is shown on photos. */
export const inspection = z
  .object({ lines: z.array(inspectedLine).min(1).max(2000), found: finding, photos: z.array(z.string().trim().min(1).max(500)).max(50) })
  .superRefine(({ lines, photos }, issues) => {
    if (photos.length === 0 && lines.some((l) => l.rejected > 0))
      issues.addIssue({ code: 'custom', path: ['photos'], message: 'must have a photo of each rejected item' });
  });

const ids = { orderNumber, caseId };
const example = { orderNumber: '536365', caseId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };
const lines = [{ line: 2, quantity: 1 }];
/** AFT-34: which re-ship brought what is claimed, for which case it was sent, and whether it is in time by its delivery. */
export const sentAgain = z.object({ reshipNumber: orderNumber, caseId, withinWindow: z.boolean() });
const person = z.string().optional();
const begun = {
  ...declared,
  openedBy: person.describe('the person who opened the case or let the goods come back, where no customer did: never approves the refund'),
  alsoOpenedBy: z.array(z.string()).optional().describe('others who did, such as who opened a case that somebody else moved to its branch'),
  sent: sentAgain.optional().describe('the goods came with a re-ship of this order'),
};

const ofCases = [
  fact.message('CaseOpened', {
    rule: 'AFT-01',
    description: 'A case was opened for a problem with an order, with the claim of the customer.',
    data: z.object({
      ...ids,
      kind: caseKind,
      cause: returnCause.nullable(),
      lines: claimedLines,
      text: customerText,
      ...declared,
      channel: z.string(),
      openedAt: when,
      openedBy: z.string().optional().describe('the person who opened it, where no customer did'),
    }),
    example: {
      ...{ ...example, kind: 'return', cause: null, lines, text: 'invoice C536379', channel: 'storefront' },
      openedAt: '2010-12-06T09:00:00Z',
    },
  }),
  fact.message('ReturnBegun', {
    rule: 'AFT-30',
    description: 'A return of goods begins. Starts the flow.',
    data: z.object({
      ...{ ...ids, cause: returnCause.nullable(), lines: claimedLines, reason: customerText, openedAt: when },
      ...begun,
    }),
    example: { ...example, cause: null, lines, reason: 'invoice C536379', openedAt: '2010-12-06T09:00:00Z' },
  }),
  fact.message('MissingItemsBegun', {
    rule: 'AFT-15',
    description: 'A customer reports that goods were missing from a parcel. Starts the flow.',
    data: z.object({ ...ids, lines: claimedLines, reason: customerText, openedAt: when, ...begun }),
    example: { ...example, lines, reason: 'one is missing', openedAt: '2010-12-06T09:00:00Z' },
  }),
  fact.message('CaseLeftToService', {
    rule: 'AFT-01',
    description: 'The case is of a kind without a flow of its own. Service decides about it by a due date.',
    data: z.object({ ...ids, kind: caseKind, cause: returnCause.nullable(), lines: claimedLines, text: customerText, ...declared }),
    example: { ...example, kind: 'quality', cause: null, lines, text: 'it flickers' },
  }),
  fact.message('EvidenceRecorded', {
    rule: 'AFT-01',
    description: 'The customer sent evidence, for instance photos.',
    data: z.object({ ...ids, items: z.array(customerText) }),
    example: { ...example, items: ['photo-1'] },
  }),
  fact.message('EvidenceLacking', {
    rule: 'AFT-01',
    description: 'The customer sent no evidence in time, although reminded.',
    data: z.object(ids),
    example,
  }),
  fact.message('CaseFound', {
    rule: 'AFT-03',
    description: 'The check of the case has a result. The claim of the customer is kept beside it.',
    data: z.object({ ...ids, found: finding, note: z.string().max(2000) }),
    example: { ...example, found: 'missing-items', note: 'packing' },
  }),
  fact.message('GoodsInspected', {
    rule: 'AFT-33',
    description: 'The warehouse inspected returned goods: the quantities and where they go.',
    data: z.object({ ...ids, lines: z.array(inspectedLine), found: finding, photos: z.array(z.string()) }),
    example: { ...example, lines: [{ line: 2, accepted: 1, rejected: 0, stock: 'sellable' }], found: 'none', photos: [] },
  }),
  fact.message('CaseHandedOver', {
    rule: 'AFT-04',
    description: 'The case was handed over to another person. Without a name it is queued, and picked up first (AFT-02).',
    data: z.object({
      ...ids,
      from: z.string(),
      to: z.string().nullable(),
      problem: customerText,
      promised: customerText,
      open: customerText,
    }),
    example: { ...example, from: 'service:mia', to: null, problem: 'one is missing', promised: 'an answer today', open: 'the cause' },
  }),
  fact.message('CasePickedUp', {
    rule: 'AFT-02',
    description: 'A person took over the case.',
    data: z.object({ ...ids, by: z.string() }),
    example: { ...example, by: 'service:zhao' },
  }),
  fact.message('CaseClosed', {
    rule: 'CS-03',
    description: 'The case is closed with an outcome and a cause.',
    data: z.object({ ...ids, outcome: z.string(), cause: z.string() }),
    example: { ...example, outcome: 'refunded', cause: 'quality' },
  }),
];

const claim = { ...ids, lines: claimedLines, flow: flowId };
const flow = 'return-with-refund-x';

const ofPurchases = [
  fact.message('UnitsClaimed', {
    rule: 'AFT-30',
    description: 'Units of the order belong to this case alone, since a unit is returned only once.',
    data: z.object({
      ...{ ...claim, lines: z.array(orderLine), withinWindow: z.boolean(), currency, payment, lostParcel: lostParcel.optional() },
      reshipNumber: orderNumber.optional().describe('the re-ship that brought them'),
      takenFrom: z.object({ caseId, lines: claimedLines }).optional().describe('the case that a re-ship was sent for claims these no more'),
    }),
    example: {
      ...{ ...example, flow, withinWindow: true, currency: 'GBP', payment: { method: 'card', captured: 1530, reference: 'pay-536365' } },
      lines: [{ line: 2, sku: '71053', quantity: 1, unitPrice: 339 }],
    },
  }),
  fact.message('ClaimRefused', {
    rule: 'AFT-30',
    description: 'The units cannot be claimed, with the reason.',
    data: z.object({ ...ids, code: z.enum(['too-late', 'not-enough-left', 'order-cancelled']), reason, flow: flowId }),
    example: { ...example, code: 'too-late', reason: 'delivered more than 7 days before', flow },
  }),
  fact.message('GoodsNotDispatched', {
    rule: 'AFT-02',
    description: 'The goods to be returned have not shipped. They are stopped and refunded instead (ORD-14).',
    data: z.object({ ...claim, flow: flowId, originalOrder: orderNumber.optional().describe('they were sent again for this order') }),
    example: { ...example, lines, flow },
  }),
  fact.message('UnitsRestored', {
    rule: 'REF-05',
    description: "The refund of these units was rejected for good. They are the customer's again and can be claimed again.",
    data: z.object({ ...claim, refund: amount, refundId: z.string().optional() }),
    example: { ...example, lines, refund: 339, flow },
  }),
  fact.message('UnitsReleased', {
    rule: 'AFT-30',
    description: 'The case no longer claims the units.',
    data: z.object({
      ...ids,
      kept: claimedLines.optional().describe('of these, what a re-ship brought: it can not be missing from the order again'),
    }),
    example,
  }),
  fact.message('UnitsSettled', {
    rule: 'AFT-32',
    description: 'These units are refunded and cannot be refunded again. Other claimed units are free.',
    data: z.object({
      ...{ ...claim, refund: amount, currency, payments: payments.optional() },
      keepsRest: z.literal(true).optional().describe('what else was claimed stays claimed'),
      refundId: z.string().optional().describe('a refund that was rejected, and turns out to be paid'),
      kept: claimedLines.optional().describe('what else was claimed has arrived with a re-ship'),
    }),
    example: { ...example, lines, refund: 339, currency: 'GBP', flow },
  }),
];

/** The amount owed for goods that were unpaid when they came back, or were missing. */
const ofSurplus = [
  fact.message('CaseSurplusCaptured', {
    rule: 'AFT-32',
    description:
      'A payment was captured for goods that had been returned or missing before. It is owed to the customer. Starts the flow that requests the refund.',
    data: z.object({ ...ids, amount: amount.positive(), currency, payment, payments }),
    example: {
      ...{ ...example, amount: 339, currency: 'GBP', payment: { method: 'card', captured: 0, reference: 'pay-536365' } },
      payments: [{ method: 'card', captured: 4059, reference: 'pay-536365' }],
    },
  }),
];

export const afterSalesMessages = [...ofCases, ...ofPurchases, ...ofSurplus, fact.message('FieldsKept', fieldsKept)];
