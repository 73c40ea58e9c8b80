import type { Instant } from '@orderloom/kernel';
import type { Fact, ObjectRef, RecordedEvent } from './event.js';
import type { Append, RowWrite } from '../store/store.js';

/**
 * The rules of an aggregate, as pure functions. Commands carry `now`. `decide` returns no event if the command changes nothing, and throws a
 * `Refusal` for a violated rule.
 */
export interface Decider<State, Command, Event extends Fact, Settings = never> {
  /** Prefix of stream names: `<name>-<id>`. */
  readonly name: string;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  /** `settings`: those in force, which the service's store provides (`EventStore.settings`); without them the decider takes its defaults. */
  readonly decide: (command: Command, state: State, settings?: Settings) => readonly Event[];
  /** Number of the manual's rule by event type. */
  readonly rules: { readonly [T in Event['type']]: string };
  /** Message key of the stream's events; the stream's id by default. Constant for a stream. */
  readonly subject?: (id: string, state: State) => string;
  readonly objects?: (event: Event, id: string) => readonly ObjectRef[];
  /** Time at which an event occurred; the time of recording by default. */
  readonly occurredAt?: (event: Event) => Instant | undefined;
  /** Current schema version by event type; 1 by default. */
  readonly versions?: Readonly<Partial<Record<Event['type'], number>>>;
  /** Converts the data of an old version to the next version, by `type@version`. */
  readonly upcasters?: Readonly<Record<string, (data: never) => object>>;
  /** Sample data of unpublished events, for the compatibility check. Samples of published events are in their contracts. */
  readonly examples?: Readonly<Partial<Record<Event['type'], object>>>;
  /** Inline projections, written in the transaction of the events. */
  readonly views?: readonly Projection<Event>[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders of different aggregates
export type AnyDecider = Decider<any, any, any>;

/**
 * A read model with one row per key, folded from events. An inline projection is written with the events: its key must be that of the
 * stream, and it cannot use `recordedAt` and `cursor`, which the commit assigns.
 */
export interface Projection<Event extends Fact = Fact, Row extends object = object> {
  readonly table: string;
  key(event: RecordedEvent<Event>): string | undefined;
  evolve(row: Row | null, event: RecordedEvent<Event>): Row | null;
}

/** A command as `decide` receives it: with the time and the actor. */
export type WithContext<Command> = Command & { readonly now: Instant; readonly by: string };

/** A command as callers pass it. `now` is added from the store's clock, and `by` from the metadata. */
export type CommandInput<Command> = Command extends unknown ? Omit<Command, 'now' | 'by'> : never;

/** The result of commands that are not committed yet. */
export interface Decision<State, Event extends Fact = Fact> {
  readonly id: string;
  /** State after the new facts. */
  readonly state: State;
  /** Version of the stream before them. */
  readonly version: number;
  readonly now: Instant;
  /** Version of the settings that applied. */
  readonly policyVersion?: string;
  readonly facts: readonly Event[];
  /** Undefined without new facts. */
  readonly append?: Append;
  /** Rows of the decider's inline projections. */
  readonly rows: readonly RowWrite[];
}
