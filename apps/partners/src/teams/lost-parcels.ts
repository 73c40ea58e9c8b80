import { answering } from './task-inbox.js';
import type { TaskHandlers } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

interface Goods {
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
}

export const customerOfLostParcels = (context: PartnerContext): TaskHandlers => ({
  'reship-or-refund': answering(context, (task) => ({ type: context.behaviour.choice(task.draw) })),
});

/** The warehouse finds half of the lines in the packing list of the parcel. */
export const warehouseOfLostParcels = (context: PartnerContext): TaskHandlers => ({
  'name-lost-goods': answering(context, (task) => {
    const { lines } = task.about as unknown as Goods;
    const some = lines.slice(0, Math.ceil(lines.length / 2));
    return { type: 'LostGoodsNamed', lines: some.map(({ line, quantity }) => ({ line, quantity })) };
  }),
});

export const serviceOfLostParcels = (context: PartnerContext): TaskHandlers => ({
  'grant-goodwill': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    const [goodwill] = task.about['kinds'] as readonly string[];
    return type === 'GoodwillGranted' ? { type, goodwill, detail: `SORRY-${task.subject}` } : { type };
  }),
  'settle-found-parcel': answering(context, (task) => ({
    type: 'FoundParcelSettled',
    outcome: context.behaviour.choice(task.draw),
    note: 'as agreed with the customer',
  })),
});
