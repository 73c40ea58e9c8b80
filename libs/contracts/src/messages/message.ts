import type { z } from 'zod';

/** One message that is said on a topic: its type and version, the rule it follows, its schema and an example that fits. */
export interface MessageContract<Type extends string = string, S extends z.ZodType = z.ZodType, Topic extends string = string> {
  readonly topic: Topic;
  readonly type: Type;
  readonly version: number;
  readonly rule: string;
  readonly description: string;
  readonly data: S;
  readonly example: z.input<S>;
  /** The version before this one; it is still read. */
  readonly before?: PreviousVersion;
  /**
   * The subject of a record of this type: its `key` alone, or its key and this field of its data. A later record with the same subject as one that
   * was refused for a wrong field takes its place. Undefined where one key has many such records that are told apart by their id alone.
   */
  readonly identity?: string;
  /** The field of its data that says when it happened: not later than now. */
  readonly happened?: string;
}

/** An earlier version of a message, and what its data say in the version after it. */
export interface PreviousVersion {
  readonly contract: MessageContract;
  readonly lift: (data: never) => object;
}

type Spec<S extends z.ZodType> = {
  rule: string;
  description: string;
  data: S;
  example: z.input<S>;
  version?: number;
  before?: PreviousVersion;
  identity?: string;
  happened?: string;
};

/** Declares the messages of one topic. */
export const messagesOn = <Topic extends string>(topic: Topic) => ({
  message: <Type extends string, S extends z.ZodType>(type: Type, spec: Spec<S>): MessageContract<Type, S, Topic> => ({
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
/** Converts data of the previous version: `{ version: 2, before: upcastFrom(placedV1, (data) => ({ ...data, … })), … }`. */
export const upcastFrom = <M extends MessageContract>(contract: M, lift: (data: DataOf<M>) => object): PreviousVersion => ({
  contract,
  lift,
});

/** Every version of a message, the oldest first. */
export const versionsOf = (contract: MessageContract): readonly MessageContract[] =>
  contract.before ? [...versionsOf(contract.before.contract), contract] : [contract];

type Parse = (schema: z.ZodType) => (data: unknown) => unknown;

/** Reads data of any version up to the contract's own, as its own version says them; `parse` checks data against a schema and throws. */
export function readerOf(contract: MessageContract, parse: Parse): (data: unknown, version?: number) => unknown {
  const read = parse(contract.data);
  if (!contract.before) return read;
  const { lift } = contract.before;
  const readBefore = readerOf(contract.before.contract, parse);
  return (data, version = contract.version) => (version < contract.version ? read(lift(readBefore(data, version) as never)) : read(data));
}
