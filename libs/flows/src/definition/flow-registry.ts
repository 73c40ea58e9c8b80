import { Refusal } from '@orderloom/kernel';
import type { Flow } from './flow-definition.js';

/** The registry lacks the version of a running flow. A process of another version may have it, so the flow is not parked. */
export class UnknownFlowVersion extends Refusal {
  constructor(id: string, version: string) {
    super('unknown-chart', `flow ${id} version ${version} is not registered, but a running flow needs it`);
  }
}

/** All registered versions of a service's flows. The last version of a flow starts new instances. */
export class FlowRegistry {
  constructor(private readonly flows: readonly Flow[]) {}

  /** Types of events that start flows or to which they listen. Replies are routed by flow id instead. */
  get facts(): ReadonlySet<string> {
    return new Set(this.flows.flatMap((flow) => [...Object.keys(flow.startedBy), ...flow.listensTo]));
  }

  find = (id: string, version: string): Flow | undefined => this.flows.find((f) => f.id === id && f.version === version);

  /** The registered version of a running flow. Throws `UnknownFlowVersion`. */
  of({ flow: id, version }: { readonly flow: string; readonly version: string }): Flow {
    const found = this.find(id, version);
    if (!found) throw new UnknownFlowVersion(id, version);
    return found;
  }

  newest(): Flow[] {
    return [...new Map(this.flows.map((flow) => [flow.id, flow])).values()];
  }

  listening = (type: string): boolean => this.flows.some((flow) => flow.listensTo.includes(type));

  /** Returns whether `flowId` belongs to a registered flow. */
  owns = (flowId: string): boolean => this.flows.some((flow) => flowId.startsWith(`${flow.id}-`));
}
