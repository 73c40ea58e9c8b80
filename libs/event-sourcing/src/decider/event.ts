import type { Instant } from '@orderloom/kernel';

/** An event type of an aggregate: a name in the past tense and plain data. */
export type Fact<Type extends string = string, Data extends object = object> = { readonly type: Type; readonly data: Data };

/** An object that an event is about (order, parcel, refund), for queries across streams and OCEL exports. */
export interface ObjectRef {
  readonly type: string;
  readonly id: string;
  readonly role?: string;
}

/** An event to append. */
export interface NewEvent extends Fact {
  /** Schema version of `data`; 1 by default. */
  readonly typeVersion?: number;
  /** Number of the manual's rule (`ORD-12`). */
  readonly rule?: string;
  /** Time at which it occurred; the time of recording by default. */
  readonly occurredAt?: Instant;
  readonly objects?: readonly ObjectRef[];
}

/** Origin of an input; the same for every event of a unit of work. */
export interface Meta {
  /** The person, system or flow that acted, from the token or the record, never from a payload. */
  readonly by: string;
  /** Id of the message, command or event that caused this. */
  readonly causation?: string;
  /** Source of the causing message, since message ids are unique within their source only. */
  readonly causationSource?: string;
  /** Id of the first cause of the chain. */
  readonly correlation?: string;
  readonly trace?: string;
  /** `recordedAt` of the cause. Events are recorded at least a microsecond later. */
  readonly causedAt?: Instant;
  readonly policyVersion?: string;
}

/** A stored event. It never changes. */
export interface RecordedEvent<F extends Fact = Fact> {
  readonly id: string;
  readonly type: F['type'];
  readonly typeVersion: number;
  readonly data: F['data'];
  readonly stream: string;
  /** Version in its stream, from 1 without gaps. */
  readonly version: number;
  /** Message key: the subject of the stream, such as an order number. */
  readonly subject: string;
  readonly objects: readonly ObjectRef[];
  readonly rule?: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly by: string;
  readonly causation?: string;
  readonly causationSource?: string;
  readonly correlation: string;
  readonly trace?: string;
  readonly policyVersion?: string;
  readonly cursor: Cursor;
}

/** A position in the global order: transaction id, then position, compared as integers of any size. */
export interface Cursor {
  readonly transaction: string;
  readonly position: string;
}

export const start: Cursor = { transaction: '0', position: '0' };

export const compareCursors = (a: Cursor, b: Cursor): number => {
  const [x, y] =
    a.transaction === b.transaction ? [BigInt(a.position), BigInt(b.position)] : [BigInt(a.transaction), BigInt(b.transaction)];
  return x < y ? -1 : x > y ? 1 : 0;
};
