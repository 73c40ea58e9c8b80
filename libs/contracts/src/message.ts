import type { z } from 'zod';

/** One message that is said on a topic: its type and version, the rule it follows, its schema and an example that fits. */
export interface MessageContract<Type extends string = string, S extends z.ZodType = z.ZodType> {
  readonly topic: string;
  readonly type: Type;
  readonly version: number;
  readonly rule: string;
  readonly says: string;
  readonly data: S;
  readonly example: z.input<S>;
}

type Spec<S extends z.ZodType> = { rule: string; says: string; data: S; example: z.input<S>; version?: number };

/** Declares the messages of one topic. */
export const on = (topic: string) => ({
  message: <Type extends string, S extends z.ZodType>(type: Type, spec: Spec<S>): MessageContract<Type, S> => ({
    version: 1,
    ...spec,
    topic,
    type,
  }),
});

export type DataOf<M extends MessageContract> = z.infer<M['data']>;

/** One of `list` by its type: `messageOf(orderMessages, 'OrderCancelled')`. */
export const messageOf = <M extends MessageContract, T extends M['type']>(
  list: readonly M[],
  type: T,
): Extract<M, { readonly type: T }> => {
  const found = list.find((message): message is Extract<M, { readonly type: T }> => message.type === type);
  if (!found) throw new RangeError(`no contract for ${type}`);
  return found;
};
