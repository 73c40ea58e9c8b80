import {
  afterSalesMessages,
  answerMessages,
  customerTold,
  type DataOf,
  flowMessages,
  logisticsMessages,
  type MessageContract,
  orderMessages,
  partnerMessages,
  refundMessages,
  rejectionMessages,
  reshipMessages,
  unpaidReturnMessages,
  storefrontMessages,
  taskMessages,
} from '@orderloom/contracts';
import type { Entry } from './entry.js';

const kinds = {
  storefront: storefrontMessages,
  order: orderMessages,
  logistics: logisticsMessages,
  refund: refundMessages,
  afterSales: [...afterSalesMessages, ...reshipMessages, ...unpaidReturnMessages],
  partners: partnerMessages,
  tasks: taskMessages,
  answers: answerMessages,
  flows: flowMessages,
  rejections: rejectionMessages,
  customer: [customerTold],
};
type Kinds = typeof kinds;
export type Kind = keyof Kinds;

const byTopic = new Map(Object.entries(kinds).flatMap(([kind, list]) => list.map((message) => [message.topic, kind as Kind])));

/** Whose words a topic carries; undefined for a topic on which nothing is said yet. */
export const kindOf = (topic: string): Kind | undefined => byTopic.get(topic);

/** What is made of each type of message, from its data and the line that brought it. */
type PerType<M extends MessageContract, Result> = {
  readonly [Type in M['type']]: (data: DataOf<Extract<M, { readonly type: Type }>>, entry: Entry) => Result;
};

/** A function for every message there is: one that is missing does not compile. */
export type ExhaustiveHandlers<Result> = { readonly [K in Kind]: PerType<Kinds[K][number], Result> };

/** Functions for the messages that matter. */
export type PartialHandlers<Result> = { readonly [K in Kind]?: Partial<PerType<Kinds[K][number], Result>> };

/** What `table` makes of a message whose data its contract has read; undefined where it says nothing of it. */
export function apply<Result>(
  table: ExhaustiveHandlers<Result> | PartialHandlers<Result>,
  entry: Entry,
  data: unknown,
): Result | undefined {
  const kind = kindOf(entry.topic);
  const perType = kind && (table[kind] as Partial<Record<string, (data: unknown, entry: Entry) => Result>> | undefined);
  return perType?.[entry.type]?.(data, entry);
}
