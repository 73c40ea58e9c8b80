import { answering } from './task-inbox.js';
import { bankTransfer } from './finance.js';
import type { TaskHandler } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

type Dealings = Readonly<Record<string, TaskHandler>>;

/** Answers without further fields. */
const chosen = (world: PartnerContext): TaskHandler => answering(world, (task) => ({ type: world.manners.choice(task.draw) }));

/** The customer, at the storefront. */
export const customer = (world: PartnerContext): Dealings => ({
  'bear-loss': chosen(world),
  'choose-without-missing': chosen(world),
});

export const reviewer = (world: PartnerContext): Dealings => ({
  'review-order': answering(world, (task) => {
    const type = world.manners.choice(task.draw);
    return type === 'ReviewHeld' ? { type, reason: 'the address can’t be delivered to' } : { type };
  }),
});

export const service = (world: PartnerContext): Dealings => ({
  'make-offer': answering(world, (task) => {
    const { loss } = task.about as { loss: number };
    const type = world.manners.choice(task.draw);
    return type === 'OfferMade' ? { type, loss: Math.floor(loss * world.manners.share(task.draw)) } : { type };
  }),
  'settle-short-lines': answering(world, () => ({ type: 'ShortLinesSettled', note: 'the customer waits for the goods' })),
  'explain-scan': answering(world, () => ({ type: 'ScanExplained', note: 'the label bore the number of another order' })),
  'answer-finance': answering(world, () => ({
    type: 'QuestionAnswered',
    answer: 'it is as the customer declared: the order was cancelled before it shipped',
  })),
  'check-repeated-order': answering(world, () => ({
    type: 'RepeatChecked',
    note: 'the storefront sent it twice; the first order is the right one',
  })),
});

export const supervisor = (world: PartnerContext): Dealings => ({
  'decide-rejected-refund': answering(world, (task) => {
    const type = world.manners.choice(task.draw);
    if (type === 'RefundFiledAgain') return { type, note: 'it was promised to the customer, and the order was paid in full' };
    if (type === 'RefundPaidOtherwise') return { type, reference: bankTransfer(task) };
    return { type, explanation: 'the sum was never paid for in full' };
  }),
  'settle-refund': answering(world, () => ({ type: 'RefundSettledByHand', note: 'paid by bank transfer' })),
});
