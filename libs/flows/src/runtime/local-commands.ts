import { type AnyDecider, type Append, decideOn, type EventStore, type Meta, type RowWrite, streamOf } from '@orderloom/event-sourcing';
import type { FlowEvent } from '../step/flow-event.js';

/** Routes of a service's commands: the decider, the field with the entity id, and `derive`, which computes fields from the command id. */
export type CommandRoutes = Readonly<
  Record<string, { readonly decider: AnyDecider; readonly id: string; readonly derive?: (commandId: string) => object }>
>;

interface RoutedCommand {
  readonly type: string;
  readonly flow: string;
}

/** Decides the commands that a flow sends to its own service, so that they join the flow's unit of work. Throws the decider's refusal. */
export async function decideLocalCommands(
  { store, service, commands }: { store: EventStore; service: string; commands: CommandRoutes },
  flowId: string,
  events: readonly FlowEvent[],
  meta: Meta,
): Promise<{ appends: readonly Append[]; rows: readonly RowWrite[] }> {
  // A redrive handles several inputs, which may send several commands to the same entity.
  const targets = new Map<string, { readonly decider: AnyDecider; readonly id: string; readonly commands: RoutedCommand[] }>();
  for (const event of events) {
    if (event.type !== 'CommandSent' || event.data.service !== service) continue;
    const { command, data } = event.data;
    const route = commands[command];
    if (!route) throw new Error(`flow ${flowId} sends unknown command ${command} to ${service}: add it to the command routes`);
    const id = String((data as Record<string, unknown>)[route.id]);
    const target = targets.get(streamOf(route.decider, id)) ?? { decider: route.decider, id, commands: [] };
    target.commands.push({ type: command, ...data, flow: flowId });
    targets.set(streamOf(route.decider, id), target);
  }
  const appends: Append[] = [];
  const rows: RowWrite[] = [];
  for (const { decider, id, commands: commandsOfTarget } of targets.values()) {
    const decision = await decideOn(store, { decider, id, commands: commandsOfTarget, meta: { ...meta, by: `flow:${flowId}` } });
    if (decision.append) appends.push(decision.append);
    rows.push(...decision.rows);
  }
  return { appends, rows };
}
