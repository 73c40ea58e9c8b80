import { z } from 'zod';
import { afterSalesQuestions } from './after-sales-questions.js';
import { address, amount, currency, lineNumber, notes, orderLine, orderNumber, reason, when } from '../messages/common.js';
import { lostParcelQuestions } from './lost-parcel-questions.js';
import { declaredCause } from '../services/refund/declared-cause.js';
import { productQuestions } from '../products/product-questions.js';
import { refundQuestions } from './refund-questions.js';
import { parcelOnItsWay } from '../services/logistics.js';
import type { Question } from './tasks.js';
import { trackingQuestions } from './tracking-questions.js';

const nothing = z.object({});
const goods = z.object({ orderNumber, lines: z.array(orderLine) });
const missingLines = z.object({ lines: z.array(lineNumber).min(1) });

/** Every question that flows ask, by name. The answers' types are the events of the flows. */
export const questions = {
  'review-order': {
    team: 'reviewer',
    rule: 'ORD-03',
    description: 'May this order go to the warehouse?',
    about: goods.extend({ address, concerns: z.array(z.string()), notes: notes.optional() }),
    answers: { ReviewPassed: nothing, ReviewHeld: z.object({ reason }) },
  },
  'confirm-order': {
    team: 'customer',
    rule: 'ORD-02',
    description:
      'Is this what you ordered, and does it go to the right place? The order goes on meanwhile. Whoever wants it otherwise asks for a change ' +
      'or a cancellation; then it is asked anew.',
    about: goods.extend({ address, phone: address.shape.phone }),
    answers: { OrderConfirmed: nothing },
  },
  'confirm-stock': {
    team: 'purchasing',
    rule: 'ORD-04',
    description: 'Are these lines available?',
    about: goods.extend({ promisedDispatchBy: when }),
    answers: { StockConfirmed: nothing, StockArrivesLater: missingLines.extend({ expectedAt: when }), StockNotToBeHad: missingLines },
  },
  'confirm-arrival': {
    team: 'purchasing',
    rule: 'ORD-04',
    description: 'Have the missing lines arrived?',
    about: z.object({ orderNumber, lines: z.array(lineNumber), expectedAt: when }),
    answers: { StockArrived: nothing, StockNotToBeHad: missingLines },
  },
  'choose-without-missing': {
    team: 'customer',
    rule: 'ORD-04',
    description: 'Some lines are not to be had: cancel those lines, or the order?',
    about: z.object({ orderNumber, lines: z.array(lineNumber) }),
    answers: { LinesGivenUp: nothing, OrderGivenUp: nothing },
  },
  'loss-on-bought-goods': {
    team: 'purchasing',
    rule: 'ORD-12',
    description: 'Do goods already bought for this order cause a loss?',
    about: goods.extend({ currency }),
    answers: { LossAssessed: z.object({ loss: amount }) },
  },
  'bear-loss': {
    team: 'customer',
    rule: 'ORD-12',
    description: 'Cancelling causes a loss: will you bear this part of it?',
    about: z.object({ orderNumber, loss: amount, currency }),
    answers: { OfferAccepted: nothing, OfferDeclined: nothing, OtherOfferAsked: nothing },
  },
  'make-offer': {
    team: 'service',
    rule: 'ORD-12',
    description: 'The customer asks for another offer: how much of the loss shall they bear?',
    about: z.object({ orderNumber, loss: amount, currency, offers: z.int() }),
    answers: { OfferMade: z.object({ loss: amount }), NoOtherOffer: nothing },
  },
  'check-repeated-order': {
    team: 'service',
    rule: 'ORD-01',
    description: 'The same order number came again with other content, and the first order stands: which one did the storefront mean?',
    about: z.object({ orderNumber, differs: z.array(z.string()).describe('fields whose content is another one') }),
    answers: { RepeatChecked: z.object({ note: z.string().max(1000) }) },
  },
  'trace-capture': {
    team: 'finance',
    rule: 'ORD-01',
    description:
      'A payment was captured that belongs to no order, or does not fit it: find out whose it is, and see to it that it goes there or back.',
    about: z.object({ orderNumber, reference: z.string(), amount, currency, reason: z.string() }),
    answers: { CaptureTraced: z.object({ note: z.string().max(1000) }) },
  },
  'redirect-parcel': {
    team: 'courier',
    rule: 'ORD-30',
    description: 'The customer wants these parcels brought to another address: do you redirect them?',
    about: z.object({ orderNumber, address, parcels: z.array(parcelOnItsWay).min(1) }),
    answers: { ParcelRedirected: nothing, RedirectRefused: z.object({ reason }) },
  },
  'keep-or-refuse-delivery': {
    team: 'customer',
    rule: 'ORD-30',
    description: 'The courier cannot bring the parcel to another address: do you take it at the old one, or refuse the delivery?',
    about: z.object({ orderNumber, reason }),
    answers: { AddressKept: nothing, DeliveryRefused: nothing },
  },
  'settle-refund': {
    team: 'supervisor',
    rule: 'REF-03',
    description: 'A refund that is owed was refused: settle it by hand.',
    about: z.object({ orderNumber, amount, currency, reason: z.string() }),
    answers: { RefundSettledByHand: z.object({ note: z.string().max(1000) }) },
  },
  'ship-order': {
    team: 'warehouse',
    rule: 'LOG-01',
    description:
      'Pick, pack and ship; the label in clear: GET /shipments/{orderNumber}/label. Reported on orderloom.warehouse.reports; withdrawn when held or ' +
      'cancelled, and asked anew with the address of today when the label changes.',
    about: goods.extend({ address }),
    answers: {},
  },
  'supply-short-lines': {
    team: 'purchasing',
    rule: 'ORD-04',
    description:
      'These units were not on the shelves when the order was picked: are they there, when do they come, or are they not to be had?',
    about: goods,
    answers: { StockConfirmed: nothing, StockArrivesLater: missingLines.extend({ expectedAt: when }), StockNotToBeHad: missingLines },
  },
  'settle-short-lines': {
    team: 'service',
    rule: 'ORD-04',
    description:
      'These units were not on the shelves, and could not be cancelled: settle it with purchasing and the customer, then the warehouse is asked again.',
    about: goods.extend({ reason: z.string() }),
    answers: { ShortLinesSettled: z.object({ note: z.string().trim().min(1).max(1000) }) },
  },
  'hold-order': {
    team: 'warehouse',
    rule: 'LOG-09',
    description: 'Stop this order before it is picked.',
    about: z.object({ orderNumber }),
    answers: { HoldConfirmed: nothing, HoldDenied: z.object({ reason }) },
  },
  'change-label': {
    team: 'warehouse',
    rule: 'ORD-30',
    description: 'Put another address on the label.',
    about: z.object({ orderNumber, address }),
    answers: { LabelConfirmed: nothing, LabelDenied: z.object({ reason }) },
  },
  'explain-scan': {
    team: 'service',
    rule: 'LOG-01',
    description:
      'The courier saw a parcel of this order under a number that the warehouse has not reported: find out with both what it is. Withdrawn when the warehouse reports the number.',
    about: z.object({ orderNumber, trackingNumber: z.string(), scan: z.string(), at: when }),
    answers: { ScanExplained: z.object({ note: z.string().trim().min(1).max(1000) }) },
  },
  'approve-refund': {
    team: 'finance',
    rule: 'REF-02',
    description: 'Approve, reject with a reason, or ask back. Never by who filed it; above a limit by two people.',
    about: z.object({
      orderNumber,
      refundId: z.string(),
      amount,
      currency,
      cause: z.string(),
      declaredCause: declaredCause.optional(),
      filedBy: z.string(),
      alsoFiledBy: z.array(z.string()).optional().describe('who else filed it, and approves it as little'),
      approvedBy: z.string().nullable(),
      answer: z.string().nullable(),
    }),
    answers: { ApprovalGiven: nothing, ApprovalDenied: z.object({ reason }), QuestionAsked: z.object({ question: reason }) },
  },
  'answer-finance': {
    team: 'service',
    rule: 'REF-02',
    description: 'Finance asks back about a refund.',
    about: z.object({ orderNumber, refundId: z.string(), question: z.string() }),
    answers: { QuestionAnswered: z.object({ answer: reason }) },
  },
  'pay-refund': {
    team: 'payments',
    rule: 'REF-04',
    description:
      'Pay back to the method of the original payment. The same idempotencyKey is never paid twice; answered on orderloom.payments.notices. ' +
      'A refund answered RefundFailed must stay failed: its idempotencyKey is never paid later, unless another task asks for it again.',
    about: z.object({
      orderNumber,
      refundId: z.string(),
      idempotencyKey: z.string(),
      amount,
      currency,
      method: z.string(),
      reference: z.string(),
    }),
    answers: { RefundSucceeded: z.object({ providerReference: z.string().min(1).max(120) }), RefundFailed: z.object({ reason }) },
  },
  'send-refund-mail': {
    team: 'finance',
    rule: 'REF-04',
    description: 'Paid by card: send the success mail with the posting time. It is the only one: nothing else tells the customer.',
    about: z.object({ orderNumber, refundId: z.string(), amount, currency, postingTime: z.string() }),
    answers: { RefundMailSent: nothing },
  },
  ...trackingQuestions,
  ...productQuestions,
  ...refundQuestions,
  ...afterSalesQuestions,
  ...lostParcelQuestions,
} as const satisfies Record<string, Question>;

export type QuestionName = keyof typeof questions;

/** The schema of each type of answer, whichever questions may have it. */
export const answers: Readonly<Record<string, z.ZodType>> = Object.assign(
  {},
  ...Object.values(questions).map((q: Question) => q.answers),
) as Record<string, z.ZodType>;
