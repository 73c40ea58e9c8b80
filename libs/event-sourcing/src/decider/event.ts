import type { Instant } from '@orderloom/kernel';

/** A fact of a noun: past-tense name and plain data. */
export type Fact<Type extends string = string, Data extends object = object> = { readonly type: Type; readonly data: Data };

/** Something of the world that an event is about, for queries across streams. */
export interface ObjectRef {
  readonly type: string;
  readonly id: string;
  readonly role?: string;
}

/** An event before it has a place: what an append says of it. */
export interface NewEvent extends Fact {
  /** Schema version of `data`; 1 unless said. */
  readonly typeVersion?: number;
  /** The manual's rule that this follows (`ORD-12`). */
  readonly rule?: string;
  /** When it occurred in the world; when it is recorded, unless said. */
  readonly occurredAt?: Instant;
  readonly objects?: readonly ObjectRef[];
}

/** Where an input came from; the same for every event of a unit of work. */
export interface Meta {
  /** Who: a person, system or flow, from the token or the record, never from a payload. */
  readonly by: string;
  /** Id of the message, command or event that caused this. */
  readonly causation?: string;
  /** Who said what caused this, where it was a message: its id is unique within its source only. */
  readonly causationSource?: string;
  /** Id of the story: the first cause of all. */
  readonly correlation?: string;
  readonly trace?: string;
  /** The cause's `recordedAt`: what is recorded now is later by a microsecond at least. */
  readonly causedAt?: Instant;
  readonly policyVersion?: string;
}

/** An event as it is stored for ever. */
export interface RecordedEvent<F extends Fact = Fact> {
  readonly id: string;
  readonly type: F['type'];
  readonly typeVersion: number;
  readonly data: F['data'];
  readonly stream: string;
  /** Version in its stream, from 1 without gaps. */
  readonly version: number;
  /** The message key: what the stream is about (an order number). */
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

/** A place in the global order: transaction id, then position, compared as numbers of any size. */
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
