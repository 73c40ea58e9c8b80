import type { Instant } from '@orderloom/kernel';
import type { Fact, ObjectRef, RecordedEvent } from './event.js';
import type { Append, RowWrite } from '../store/store.js';

/** A noun: what it decides and how it remembers. Pure; commands carry `now`. `[]` means "already so"; a broken rule throws a `Refusal`. */
export interface Decider<State, Command, Event extends Fact> {
  /** Streams are named `<name>-<id>`. */
  readonly name: string;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  /** `settings`: those in force, of the type that the service gives its store; absent in tests, where a decider has defaults. */
  readonly decide: (command: Command, state: State, settings?: never) => readonly Event[];
  /** The manual's rule that each event follows. */
  readonly rules: { readonly [T in Event['type']]: string };
  /** The message key of the stream's events, where it is not the stream's own id; the same as long as the stream lives. */
  readonly subject?: (id: string, state: State) => string;
  readonly objects?: (event: Event, id: string) => readonly ObjectRef[];
  /** When an event occurred in the world, where that is not when it is recorded. */
  readonly occurredAt?: (event: Event) => Instant | undefined;
  /** Current schema version by event type, where it is not 1. */
  readonly versions?: Readonly<Partial<Record<Event['type'], number>>>;
  /** Lifts the data of an older version one version up, by `type@version`. The one place where old events are understood. */
  readonly upcasters?: Readonly<Record<string, (data: never) => object>>;
  /** Data of events that nobody else is told, for the schema's memory; those of published events are their contract's. */
  readonly examples?: Readonly<Partial<Record<Event['type'], object>>>;
  /** Read models written in the transaction of the events. */
  readonly views?: readonly Projection<Event>[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of deciders of different nouns
export type AnyDecider = Decider<any, any, any>;

/**
 * A read model: one row by key, the fold of its events. In a decider it is written in the transaction of the events: its
 * key must be the stream's own, and it shows `occurredAt`, since `recordedAt` and `cursor` come with the commit.
 */
export interface Projection<Event extends Fact = Fact, Row extends object = object> {
  readonly table: string;
  key(event: RecordedEvent<Event>): string | undefined;
  evolve(row: Row | null, event: RecordedEvent<Event>): Row | null;
}

/** What `decide` gets besides the command's own data. */
export type WithContext<Command> = Command & { readonly now: Instant; readonly by: string };

/** A command as callers give it: `now` and `by` are added from the store's clock and the meta data. */
export type CommandInput<Command> = Command extends unknown ? Omit<Command, 'now' | 'by'> : never;

/** What a decider made of a command, not yet committed. */
export interface Decision<State, Event extends Fact = Fact> {
  readonly id: string;
  /** The state after the new facts. */
  readonly state: State;
  /** The stream's version before them. */
  readonly version: number;
  readonly now: Instant;
  /** Version of the settings under which it was decided. */
  readonly policyVersion?: string;
  readonly facts: readonly Event[];
  /** Missing where there are no new facts. */
  readonly append?: Append;
  /** Rows of the decider's views. */
  readonly rows: readonly RowWrite[];
}
