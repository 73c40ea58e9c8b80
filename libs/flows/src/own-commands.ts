import { type AnyDecider, type Append, decideOn, type EventStore, type Meta, type RowWrite, streamOf } from '@orderloom/event-sourcing';
import type { FlowEvent } from './flow-event.js';

/** Where a command of a service goes: its noun, the field of its data that is the noun's id, and what its own id gives (new ids). */
export type CommandRoutes = Readonly<
  Record<string, { readonly decider: AnyDecider; readonly id: string; readonly derive?: (commandId: string) => object }>
>;

interface Asked {
  readonly type: string;
  readonly flow: string;
}

/** Commands of a flow to its own service, decided now so that they join the flow's unit of work. Throws what the noun refuses. */
export async function ownCommands(
  { store, service, commands }: { store: EventStore; service: string; commands: CommandRoutes },
  flowId: string,
  events: readonly FlowEvent[],
  meta: Meta,
): Promise<{ appends: readonly Append[]; rows: readonly RowWrite[] }> {
  // a flow that is redriven takes several inputs at once, which may have a command each for the same noun
  const asked = new Map<string, { readonly decider: AnyDecider; readonly id: string; readonly commands: Asked[] }>();
  for (const event of events) {
    if (event.type !== 'CommandSent' || event.data.service !== service) continue;
    const { command, data } = event.data;
    const route = commands[command];
    if (!route) throw new Error(`${service} has no command ${command}`);
    const id = String((data as Record<string, unknown>)[route.id]);
    const noun = asked.get(streamOf(route.decider, id)) ?? { decider: route.decider, id, commands: [] };
    noun.commands.push({ type: command, ...data, flow: flowId });
    asked.set(streamOf(route.decider, id), noun);
  }
  const appends: Append[] = [];
  const rows: RowWrite[] = [];
  for (const { decider, id, commands: those } of asked.values()) {
    const decision = await decideOn(store, decider, id, those, { ...meta, by: `flow:${flowId}` });
    if (decision.append) appends.push(decision.append);
    rows.push(...decision.rows);
  }
  return { appends, rows };
}
