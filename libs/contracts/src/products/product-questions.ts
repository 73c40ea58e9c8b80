import { z } from 'zod';
import { amount, currency, orderLine, orderNumber } from '../messages/common.js';
import { offeredProduct } from './products.js';
import type { Question } from '../questions/tasks.js';

const nothing = z.object({});
const ofChange = z.object({ orderNumber, changeId: z.string() });
const otherProduct = z.object({ sku: orderLine.shape.sku.describe('of a product that the task recommends') });
const difference = ofChange.extend({
  reference: z.string().describe('the reference that the payment must have'),
  amount: amount.positive(),
  currency,
});

/** The questions of a change of product. */
export const productQuestions = {
  'confirm-product': {
    team: 'purchasing',
    rule: 'ORD-20',
    description: 'A customer wants this product in place of another one: is it in stock?',
    about: ofChange.extend({ product: offeredProduct, quantity: orderLine.shape.quantity }),
    answers: { ProductInStock: nothing, ProductOutOfStock: nothing },
  },
  'choose-other-product': {
    team: 'customer',
    rule: 'ORD-21',
    description: 'The product is not in stock: would you like one of these instead, or keep the order as it was?',
    about: ofChange.extend({ product: offeredProduct, recommended: z.array(offeredProduct).min(1), currency }),
    answers: { OtherProductChosen: otherProduct, ChangeGivenUp: nothing },
  },
  'pay-difference': {
    team: 'customer',
    rule: 'ORD-22',
    description:
      'The new product is dearer: please pay the difference. Paid by a payment with this reference, amount and currency (PaymentCaptured on ' +
      'orderloom.payments.notices).',
    about: difference.extend({ product: offeredProduct }),
    answers: { ChangeGivenUp: nothing },
  },
  'go-on-with-change': {
    team: 'customer',
    rule: 'ORD-22',
    description: 'The difference was not paid in time: do you want to pay it still, another product, or the order as it was?',
    about: difference.extend({ product: offeredProduct, recommended: z.array(offeredProduct) }),
    answers: { ChangeConfirmed: nothing, OtherProductChosen: otherProduct, ChangeGivenUp: nothing },
  },
  'offer-second-order': {
    team: 'service',
    rule: 'ORD-20',
    description: 'It is too late to change the product: offer the customer a second order, with a coupon or a gift.',
    about: ofChange.extend({ product: offeredProduct, quantity: orderLine.shape.quantity, reason: z.string() }),
    answers: {
      SecondOrderOffered: z.object({ goodwill: z.enum(['coupon', 'gift']), detail: z.string().trim().min(1).max(300) }),
      NoSecondOrder: nothing,
    },
  },
} as const satisfies Record<string, Question>;
