import type { EventStore } from '@orderloom/event-sourcing';
import type { Flow } from '../definition/flow-definition.js';
import type { CommandRoutes } from './local-commands.js';

export interface FlowRuntimeOptions {
  readonly store: EventStore;
  readonly service: string;
  /** All versions with running instances; the last version of a flow starts new ones. */
  readonly flows: readonly Flow[];
  /** Routes of the service's own commands. */
  readonly commands: CommandRoutes;
}
