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

/** Table of contents of a service: its deciders, flows, subscriptions, publications and controllers. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly description: string;
  readonly deciders: readonly AnyDecider[];
  /** All running versions. The last version of a flow starts new instances. */
  readonly flows: readonly Flow[];
  /** Deciders of the commands that flows send. */
  readonly commands: CommandRoutes;
  /** Messages of other services that become commands. */
  readonly subscribes: readonly MessageRoute[];
  /** Publications of own events, besides those of flows. */
  readonly publishes: readonly Publication[];
  /** State invariants of its aggregates, checked by the audit. */
  readonly invariants?: readonly StateInvariant[];
  readonly migrations: readonly MigrationClass[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Stored streams of a service: its aggregates, rejected records, and unknown fields of messages. */
export const decidersOf = ({ name, deciders }: Pick<ServiceDefinition, 'name' | 'deciders'>): readonly AnyDecider[] => [
  ...deciders,
  rejection,
  ...(isOrderService(name) ? [keptFields] : []),
];

/** Publications of a service: its events, the steps of its flows, and rejections. */
export const publicationsOf = ({ name, publishes }: Pick<ServiceDefinition, 'name' | 'publishes'>): readonly Publication[] => [
  ...publishes,
  flowPublication(name),
  publishRejection,
  ...(isOrderService(name) ? [publishKeptFields(name)] : []),
];

/** A message of another service and the command that it becomes. */
export interface MessageRoute {
  readonly contract: MessageContract;
  readonly decider: AnyDecider;
  /** A pure function; null if nothing is to be done. */
  readonly command: (data: never, message: CloudEvent, found: never) => { readonly id: string; readonly command: object } | null;
  /** Command to record a refusal of the aggregate; without it the message is parked. */
  readonly refused?: (data: never, refusal: Refusal | InvalidInput) => { readonly id: string; readonly command: object };
  /** Reads rows for `command`, which stays pure. */
  readonly lookup?: (data: never, store: EventStore) => Promise<unknown>;
  /** Commands that the store's rows say, one for a stream. */
  readonly each?: (data: never, store: EventStore) => Promise<readonly { readonly id: string; readonly command: object }[]>;
}

interface Routed<Command> {
  readonly id: string;
  readonly command: CommandInput<Command>;
}

/** Routes messages to one aggregate, checked against contract and aggregate. */
export const routesTo =
  <S, Command, E extends Fact>(decider: Decider<S, Command, E>) =>
  <M extends MessageContract>(
    contract: M,
    command: (data: DataOf<M>, message: CloudEvent) => Routed<Command> | null,
    refused?: (data: DataOf<M>, refusal: Refusal | InvalidInput) => Routed<Command>,
  ): MessageRoute => ({ contract, decider, command, refused });

/** The same where the command needs rows of the service, such as a catalogue. */
export const routesWithLookup =
  <S, Command, E extends Fact>(decider: Decider<S, Command, E>) =>
  <M extends MessageContract, Found>(
    contract: M,
    lookup: (data: DataOf<M>, store: EventStore) => Promise<Found>,
    command: (data: DataOf<M>, message: CloudEvent, found: Found) => Routed<Command> | null,
    refused?: (data: DataOf<M>, refusal: Refusal | InvalidInput) => Routed<Command>,
  ): MessageRoute => ({ contract, decider, lookup, command, refused });

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
