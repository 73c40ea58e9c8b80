import { arrivalHours } from '../behaviour.js';
import { answering } from './task-inbox.js';
import type { Task, TaskHandlers } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

interface Goods {
  readonly lines: readonly { readonly line: number; readonly quantity: number; readonly unitPrice: number }[];
}

const hour = 3_600_000;

/** Purchasing: knows stock, arrivals, and the cost of goods already bought. */
export const purchasing = (context: PartnerContext): TaskHandlers => ({
  'confirm-stock': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    if (type === 'StockConfirmed') return { type };
    const lines = missing(context, task);
    return type === 'StockNotToBeHad' ? { type, lines } : { type, lines, expectedAt: arrival(context, task) };
  }),

  'confirm-product': answering(context, (task) => ({ type: context.behaviour.choice(task.draw) })),

  'supply-short-lines': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    const lines = (task.about as unknown as Goods).lines.map((l) => l.line);
    if (type === 'StockConfirmed') return { type };
    return type === 'StockNotToBeHad' ? { type, lines } : { type, lines, expectedAt: arrival(context, task) };
  }),

  'confirm-arrival': async (task) => {
    const { lines, expectedAt } = task.about as { lines: readonly number[]; expectedAt: string };
    const heard = task.askedAt;
    const hours = Math.max(0, (Date.parse(expectedAt) - Date.parse(heard)) / hour);
    await context.wait(hours, { since: heard, orderNumber: task.subject });
    task.askedAt = new Date(Date.parse(heard) + hours * hour).toISOString();
    const decide = answering(context, () => {
      const type = context.behaviour.choice(task.draw);
      return type === 'StockArrived' ? { type } : { type, lines };
    });
    await decide(task);
  },

  'goods-of-late-order': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'GoodsArrived' ? { type } : { type, expectedAt: arrival(context, task) };
  }),

  'loss-on-bought-goods': answering(context, (task) => {
    const { lines } = task.about as unknown as Goods;
    const value = lines.reduce((sum, l) => sum + l.quantity * l.unitPrice, 0);
    const loss = context.behaviour.choice(task.draw) === 'loss' ? Math.floor(value * context.behaviour.share(task.draw)) : 0;
    return { type: 'LossAssessed', loss };
  }),
});

/** About one line in five, at least one. */
function missing({ behaviour: profile }: PartnerContext, { about, draw }: Task): number[] {
  const all = (about as unknown as Goods).lines.map((l) => l.line);
  const some = all.filter((line) => profile.chance(draw, `line ${line}`) < 0.2);
  return some.length > 0 ? some : all.slice(0, 1);
}

export const arrival = (context: PartnerContext, { draw }: Task): string =>
  new Date(context.now().getTime() + hour * context.behaviour.between(draw, 'arrival', arrivalHours)).toISOString();
