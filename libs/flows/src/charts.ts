import { Refusal } from '@orderloom/kernel';
import type { Flow } from './flow.js';

/** A process of another version may know the chart: nothing is wrong with the flow. */
export class UnknownChart extends Refusal {
  constructor(id: string, version: string) {
    super('unknown-chart', `no chart of ${id} version ${version} here, though a case runs on it`);
  }
}

/** Every version of the flows that a service runs; of one flow the last one starts new cases. */
export class Charts {
  constructor(private readonly flows: readonly Flow[]) {}

  /** Types of facts that start flows or that they listen to; replies come by their flow's id whatever their type. */
  get facts(): ReadonlySet<string> {
    return new Set(this.flows.flatMap((flow) => [...Object.keys(flow.startedBy), ...flow.listensTo]));
  }

  find = (id: string, version: string): Flow | undefined => this.flows.find((f) => f.id === id && f.version === version);

  /** The chart that a case runs on. Throws `UnknownChart`. */
  of({ flow: id, version }: { readonly flow: string; readonly version: string }): Flow {
    const found = this.find(id, version);
    if (!found) throw new UnknownChart(id, version);
    return found;
  }

  newest(): Flow[] {
    return [...new Map(this.flows.map((flow) => [flow.id, flow])).values()];
  }

  listening = (type: string): boolean => this.flows.some((flow) => flow.listensTo.includes(type));

  /** Whether `flowId` is of one of these flows. */
  owns = (flowId: string): boolean => this.flows.some((flow) => flowId.startsWith(`${flow.id}-`));
}
