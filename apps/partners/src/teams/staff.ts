import { answering } from './task-inbox.js';
import { bankTransfer } from './finance.js';
import { paymentsNotices } from '../messaging/topics.js';
import type { Task, TaskHandler, TaskHandlers } from './task.js';
import { arrival } from './purchasing.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

/** Answers without further fields. */
const chosen = (context: PartnerContext): TaskHandler => answering(context, (task) => ({ type: context.behaviour.choice(task.draw) }));

/** The customer, at the storefront. */
export const customer = (context: PartnerContext): TaskHandlers => ({
  'confirm-order': chosen(context),
  'bear-loss': chosen(context),
  'choose-without-missing': chosen(context),
  'wait-or-exchange': chosen(context),
  'parcel-received': chosen(context),
  'keep-or-refuse-delivery': chosen(context),
  'settle-problem-parcel': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'RedirectChosen' ? { type, to: 'the shop next door' } : { type };
  }),
  'choose-other-product': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    const { recommended } = task.about as unknown as { recommended: readonly { sku: string }[] };
    return type === 'OtherProductChosen' ? { type, sku: recommended[0]?.sku } : { type };
  }),
  'go-on-with-change': chosen(context),
  'pay-difference': (task) => pay(context, task),
});

/** A difference is answered by its payment. */
function pay(context: PartnerContext, { taskId, subject: orderNumber, about }: Task): Promise<void> {
  const { reference, amount, currency } = about;
  const data = { orderNumber, reference, method: 'card', amount, currency, capturedAt: context.now().toISOString() };
  return context.send({
    topic: paymentsNotices,
    key: orderNumber,
    id: `paid-${taskId}`,
    source: 'payments',
    type: 'PaymentCaptured',
    data,
  });
}

export const reviewer = (context: PartnerContext): TaskHandlers => ({
  'review-order': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'ReviewHeld' ? { type, reason: 'the address can’t be delivered to' } : { type };
  }),
});

export const service = (context: PartnerContext): TaskHandlers => ({
  'make-offer': answering(context, (task) => {
    const { loss } = task.about as { loss: number };
    const type = context.behaviour.choice(task.draw);
    return type === 'OfferMade' ? { type, loss: Math.floor(loss * context.behaviour.share(task.draw)) } : { type };
  }),
  'offer-second-order': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'SecondOrderOffered' ? { type, goodwill: 'coupon', detail: `SECOND-${task.subject}` } : { type };
  }),
  'settle-short-lines': answering(context, () => ({ type: 'ShortLinesSettled', note: 'the customer waits for the goods' })),
  'explain-scan': answering(context, () => ({ type: 'ScanExplained', note: 'the label bore the number of another order' })),
  'exchange-late-order': answering(context, () => ({ type: 'ExchangeSettled', note: 'the customer waits after all' })),
  'settle-returned-parcel': answering(context, () => ({ type: 'ReturnedParcelSettled', note: 'it is sent again when it is here' })),
  'judge-delivery': answering(context, (task) => ({ type: context.behaviour.choice(task.draw), note: 'the signature was looked at' })),
  'answer-finance': answering(context, () => ({
    type: 'QuestionAnswered',
    answer: 'it is as the customer declared: the order was cancelled before it shipped',
  })),
  'check-repeated-order': answering(context, () => ({
    type: 'RepeatChecked',
    note: 'the storefront sent it twice; the first order is the right one',
  })),
});

/** The warehouse, about goods that lie there. */
export const warehouseOfLateOrders = (context: PartnerContext): TaskHandlers => ({
  'explain-delay': answering(context, (task) => ({
    type: 'DelayExplained',
    reason: 'there is more to pack than on other days',
    expectedAt: arrival(context, task),
  })),
});

export const supervisor = (context: PartnerContext): TaskHandlers => ({
  'decide-rejected-refund': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    if (type === 'RefundFiledAgain') return { type, note: 'it was promised to the customer, and the order was paid in full' };
    if (type === 'RefundPaidOtherwise') return { type, reference: bankTransfer(task) };
    return { type, explanation: 'the sum was never paid for in full' };
  }),
  'settle-refund': answering(context, () => ({ type: 'RefundSettledByHand', note: 'paid by bank transfer' })),
});
