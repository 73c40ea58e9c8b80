import type { Provider, Type } from '@nestjs/common';
import { type DataOf, isOrderService, type MessageContract, type ServiceName } from '@orderloom/contracts';
import type {
  AnyDecider,
  Decider,
  EventStore,
  Fact,
  MigrationClass,
  Publication,
  StateInvariant,
  CommandInput,
} from '@orderloom/event-sourcing';
import { type CommandRoutes, type Flow, flowPublication } from '@orderloom/flows';
import type { InvalidInput, Refusal } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import { keptFields, publishKeptFields } from '../intake/fields-kept.js';
import { publishRejection, rejection } from '../intake/rejection.js';

/** A service's table of contents: everything it decides, runs, hears, says and answers. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly description: string;
  readonly deciders: readonly AnyDecider[];
  /** Every version that still runs; of one flow the last one starts new cases. */
  readonly flows: readonly Flow[];
  /** Commands by flows, own and others': the noun each is for. */
  readonly commands: CommandRoutes;
  /** What others say that becomes a command here. */
  readonly subscribes: readonly MessageRoute[];
  /** What is said of own events, beside those of flows. */
  readonly publishes: readonly Publication[];
  /** What is for ever true of its nouns, for the auditor. */
  readonly invariants?: readonly StateInvariant[];
  readonly migrations: readonly MigrationClass[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** What a service stores: its own nouns, the records that it refused, and what it did not know of others. */
export const decidersOf = ({ name, deciders }: Pick<ServiceDefinition, 'name' | 'deciders'>): readonly AnyDecider[] => [
  ...deciders,
  rejection,
  ...(isOrderService(name) ? [keptFields] : []),
];

/** All that a service publishes: its own facts, the steps of its flows, and what it refused of others. */
export const publicationsOf = ({ name, publishes }: Pick<ServiceDefinition, 'name' | 'publishes'>): readonly Publication[] => [
  ...publishes,
  flowPublication(name),
  publishRejection,
  ...(isOrderService(name) ? [publishKeptFields(name)] : []),
];

/** A message of others, and the command that it becomes. */
export interface MessageRoute {
  readonly contract: MessageContract;
  readonly decider: AnyDecider;
  /** A pure map; null for nothing to do. */
  readonly command: (data: never, message: CloudEvent) => { readonly id: string; readonly command: object } | null;
  /** What to record where the noun refuses; without it the message is parked. */
  readonly refused?: (data: never, refusal: Refusal | InvalidInput) => { readonly id: string; readonly command: object };
  /** Commands that the store's rows say, one for a stream. */
  readonly each?: (data: never, store: EventStore) => Promise<readonly { readonly id: string; readonly command: object }[]>;
}

interface Routed<Command> {
  readonly id: string;
  readonly command: CommandInput<Command>;
}

/** Routes of messages to one noun, checked against contract and noun: `const hear = hearFor(order)`. */
export const routesTo =
  <S, Command, E extends Fact>(decider: Decider<S, Command, E>) =>
  <M extends MessageContract>(
    contract: M,
    command: (data: DataOf<M>, message: CloudEvent) => Routed<Command> | null,
    refused?: (data: DataOf<M>, refusal: Refusal | InvalidInput) => Routed<Command>,
  ): MessageRoute => ({ contract, decider, command, refused });

/** The same where the store says whom a message is for; `commands`: at most one for each. */
export const routesToEach =
  <S, Command, E extends Fact>(decider: Decider<S, Command, E>) =>
  <M extends MessageContract>(
    contract: M,
    commands: (data: DataOf<M>, store: EventStore) => Promise<readonly Routed<Command>[]>,
  ): MessageRoute => ({ contract, decider, command: () => null, each: commands });

/** Says every event of a noun as it is on `topic`; a `flow` in its data is the one that it answers. `except`: types that stay here. */
export const publishAll =
  (decider: AnyDecider, topic: string, except: readonly string[] = []): Publication =>
  (event) => {
    if (!event.stream.startsWith(`${decider.name}-`) || except.includes(event.type)) return [];
    const { flow } = event.data as { flow?: string };
    return [{ topic, type: event.type, typeVersion: event.typeVersion, data: event.data, ...(flow === undefined ? {} : { flow }) }];
  };
