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
  lostParcelMessages,
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
  afterSales: [...afterSalesMessages, ...reshipMessages, ...unpaidReturnMessages, ...lostParcelMessages],
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

/** Sender of a topic's messages; undefined for a topic without messages. */
export const kindOf = (topic: string): Kind | undefined => byTopic.get(topic);

/** Handlers by message type. Each gets the data and the entry. */
type PerType<M extends MessageContract, Result> = {
  readonly [Type in M['type']]: (data: DataOf<Extract<M, { readonly type: Type }>>, entry: Entry) => Result;
};

/** A handler for every message; a missing one does not compile. */
export type ExhaustiveHandlers<Result> = { readonly [K in Kind]: PerType<Kinds[K][number], Result> };

/** Handlers for some messages. */
export type PartialHandlers<Result> = { readonly [K in Kind]?: Partial<PerType<Kinds[K][number], Result>> };

/** Applies the handler in `table` to a parsed message; undefined if there is none. */
export function apply<Result>(
  table: ExhaustiveHandlers<Result> | PartialHandlers<Result>,
  entry: Entry,
  data: unknown,
): Result | undefined {
  const kind = kindOf(entry.topic);
  const perType = kind && (table[kind] as Partial<Record<string, (data: unknown, entry: Entry) => Result>> | undefined);
  return perType?.[entry.type]?.(data, entry);
}
