import type { EventStore } from '@orderloom/event-sourcing';
import type { Instant, Policies } from '@orderloom/kernel';
import type { Flow } from '../definition/flow-definition.js';
import type { CommandRoutes } from './local-commands.js';

export interface FlowRuntimeOptions {
  readonly store: EventStore;
  readonly service: string;
  /** All versions with running instances; the last version of a flow starts new ones. */
  readonly flows: readonly Flow[];
  /** Routes of the service's own commands. */
  readonly commands: CommandRoutes;
  /** Settings in force at `now` for what `subject` names; without them each flow has the values of its definition. */
  readonly settings?: (subject: string, now: Instant) => Promise<FlowSettings>;
}

/** Settings as a flow gets them: its policy values, and what its start reads (`startedBy`). */
export interface FlowSettings {
  readonly policies: Policies;
  readonly values: object;
  /** Language of messages to the customer, a BCP 47 tag; a running flow keeps that of its start. */
  readonly language?: string;
}
