import type { WithdrawalReason, Flow } from './flow-definition.js';
import type { FactOf, FactType } from '@orderloom/contracts';
import type { Policies } from '@orderloom/kernel';
import { assign, createMachine } from 'xstate';
import type { ChartConfig, Guard, Input } from './chart.js';
import { machineConfigOf } from './machine-config.js';
import { validateFlow } from './validate-flow.js';

type Named = { readonly type: string };

/** Starts by type of fact, for the inputs of the contracts; of others only the result is checked. */
type StartedBy<C, E extends Named> = [Input] extends [E]
  ? { readonly [T in FactType]?: (fact: FactOf<T>, settings?: never) => C | null }
  : Readonly<Record<string, (fact: never, settings?: never) => C | null>>;

interface Spec<C extends object, P extends Policies, E extends Named> {
  readonly service: string;
  readonly policies: P;
  readonly startedBy: StartedBy<C, E>;
  readonly listensTo?: readonly E['type'][];
  readonly exclusive?: string;
  readonly withdraws?: { readonly [T in E['type']]?: WithdrawalReason };
}

type AnyGuard = Guard<unknown, unknown>;
type Args = { readonly context: unknown; readonly event: unknown };

const effectActions = Object.fromEntries(['ask', 'remind', 'send', 'tell', 'inform'].map((name) => [name, () => {}]));
const changing = assign((_, fields: object) => fields);

/**
 * Sets up a flow with context `C`; `chart` takes its states and returns the flow. `E` are its inputs, by default all that the contracts
 * know. Throws `TypeError` at start for faults that TypeScript does not detect, such as a state without a way out.
 */
export function defineFlow<C extends object, E extends Named = Input>() {
  return <P extends Policies>(spec: Spec<C, P, E>) => ({
    chart(chart: ChartConfig<C, Extract<keyof P['deadlines'], string>, E>): Flow {
      const { config, guards } = machineConfigOf(chart as never);
      const implementations = {
        guards: Object.fromEntries(
          Object.entries(guards).map(([name, guard]) => [name, ({ context, event }: Args) => (guard as AnyGuard)(context, event)]),
        ),
        actions: { ...effectActions, keep: changing, set: changing, note: changing },
        delays: Object.fromEntries(Object.keys(spec.policies.deadlines).map((name) => [name, 1])),
      };
      const context = ({ input }: { input: object }): object => input;
      const machine = createMachine({ ...config, context } as never, implementations as never);
      const flow: Flow = {
        id: chart.id,
        version: chart.version,
        service: spec.service,
        machine,
        policies: spec.policies,
        startedBy: spec.startedBy as unknown as Flow['startedBy'],
        listensTo: spec.listensTo ?? [],
        withdraws: (spec.withdraws ?? {}) as Flow['withdraws'],
        exclusive: spec.exclusive,
      };
      validateFlow(flow, config);
      return flow;
    },
  });
}
