import { z } from 'zod';

/** Response schemas of the console. Amounts are minor units, instants ISO 8601 in UTC. */
const text = z.string().nullable();
const amount = z.int().nullable();

const foundOrder = z
  .object({
    number: z.string().describe('the reference: of another storefront than main `<storefront>:<number>`'),
    storefront: text,
    name: text,
    email: text,
    phone: text,
    placedAt: text,
    status: text.describe('placed, held, approved, released, dispatched, delivered or cancelled; null while its order is unheard of'),
    currency: text,
    total: amount,
    captured: amount,
    refunded: z.int(),
    openChange: text,
    refusal: text.describe('of an order that has not been taken: why its record was refused, and what to do'),
  })
  .meta({ id: 'FoundOrder' });
export type FoundOrder = z.infer<typeof foundOrder>;

export const foundOrders = z.object({ orders: z.array(foundOrder), hint: z.string().optional() });
export type FoundOrders = z.infer<typeof foundOrders>;

const timelineLine = z
  .object({
    id: z.string(),
    source: z.string(),
    topic: z.string(),
    type: z.string(),
    rule: text,
    by: text,
    occurredAt: z.string(),
    recordedAt: z.string(),
    causation: text,
    causationSource: text.describe('the source of the message that causation names'),
    correlation: text,
    flow: text,
    says: z.string(),
    unreadable: text,
    ignored: text.describe('why nothing came of it: refused, or no answer to what is open; null where it counts'),
    data: z.unknown(),
  })
  .meta({ id: 'TimelineLine' });
export type TimelineLine = z.infer<typeof timelineLine>;

export const timeline = z.object({
  orderNumber: z.string(),
  order: foundOrder.nullable(),
  lines: z.array(timelineLine),
  hint: z.string().optional(),
});
export type Timeline = z.infer<typeof timeline>;

export const openTask = z
  .object({
    taskId: z.string(),
    flowId: text,
    flow: text,
    team: text,
    question: text,
    subject: text,
    rule: text,
    about: z.unknown(),
    answers: z.array(z.string()).nullable(),
    askedAt: text,
    dueAt: text,
    reminders: z.int(),
    escalated: z.boolean(),
  })
  .meta({ id: 'OpenTask' });
export type OpenTask = z.infer<typeof openTask>;

export const runningFlow = z
  .object({
    flowId: z.string(),
    flow: z.string(),
    version: z.string(),
    service: z.string(),
    orderNumber: z.string(),
    state: z.unknown(),
    status: z.enum(['running', 'ended', 'parked']),
    outcome: text,
    error: text,
    updatedAt: z.string(),
    openTasks: z.array(z.object({ taskId: z.string(), team: text, question: text, dueAt: text })),
  })
  .meta({ id: 'Flow' });
export type RunningFlow = z.infer<typeof runningFlow>;

export const summary = z.object({
  sections: z.array(z.object({ title: z.string(), rows: z.array(z.tuple([z.string(), z.union([z.string(), z.number()])])) })),
  example: z.object({ orderNumber: z.string(), email: z.string() }).optional().describe('an order worth looking at'),
});
export type Summary = z.infer<typeof summary>;
