import type { z } from 'zod';
import type { DataOf } from './messages/message.js';
import type { ServiceName } from './messages/topics.js';
import type { QuestionName, questions } from './questions/questions.js';
import type { afterSalesMessages } from './services/after-sales.js';
import type { lostParcelMessages } from './services/after-sales-lost.js';
import type { reshipMessages, unpaidReturnMessages } from './services/after-sales-reships.js';
import type { logisticsMessages } from './services/logistics.js';
import type { orderMessages } from './services/order.js';
import type { refundMessages } from './services/refund/refund.js';

type Declared = (
  | typeof orderMessages
  | typeof logisticsMessages
  | typeof refundMessages
  | typeof afterSalesMessages
  | typeof reshipMessages
  | typeof unpaidReturnMessages
  | typeof lostParcelMessages
)[number];

/** Data as read: nothing of it is changed in place. */
type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type Published = Extract<Declared, { readonly topic: `orderloom.${ServiceName}.events` }>;
type Facts = { readonly [M in Published as M['type']]: DeepReadonly<DataOf<M>> };

/** Types of the facts that services publish: `ShipmentHeld`. */
export type FactType = keyof Facts;
/** Data of a published fact, by its type. */
export type FactOf<T extends FactType> = Facts[T];

type Questions = typeof questions;
type AnswersTo<Q extends QuestionName> = Questions[Q]['answers'];

/** Types of the answers to a question: `OfferAccepted`. */
export type AnswerType<Q extends QuestionName = QuestionName> = { [K in Q]: keyof AnswersTo<K> & string }[Q];
type AnswerTo<Q extends QuestionName, T> = T extends keyof AnswersTo<Q> ? (AnswersTo<Q>[T] extends z.ZodType<infer D> ? D : never) : never;
/** Data of an answer by its type, as a flow gets it: `by` is the person who answered. */
export type AnswerOf<T extends AnswerType> = DeepReadonly<{ [Q in QuestionName]: AnswerTo<Q, T> }[QuestionName]> & { readonly by: string };
/** Data that a question is asked with. */
export type AboutOf<Q extends QuestionName> = DeepReadonly<z.input<Questions[Q]['about']>>;

type Commands<S extends ServiceName> = Extract<Declared, { readonly topic: `orderloom.${S}.commands` }>;
/** Types of the commands that flows of other services may send to a service. */
export type CommandType<S extends ServiceName> = Commands<S>['type'];
/** Data of such a command, without the id of the flow that sends it. */
export type CommandOf<S extends ServiceName, T extends string> =
  Extract<Commands<S>, { readonly type: T }> extends { readonly data: infer D extends z.ZodType } ? DeepReadonly<z.input<D>> : never;
