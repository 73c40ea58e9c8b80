import type { Policies } from '@orderloom/kernel';
import { type AnyStateMachine, assign, setup } from 'xstate';
import type { EffectActions } from './effects.js';
import { validateFlow } from './validate-flow.js';

/** An input of a flow: an event, an answer or a command's result, with its type and flat data. */
export interface FlowInput {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Reason for the withdrawal of a task, sent to the asked team. Time-outs, repeated questions and dismissals have reasons of their own. */
export type WithdrawalReason = 'held' | 'picked' | 'shipped' | 'cancelled' | 'superseded';

/** A flow: its state machine, and the routing of messages to it. */
export interface Flow {
  readonly id: string;
  readonly version: string;
  readonly service: string;
  readonly machine: AnyStateMachine;
  readonly policies: Policies;
  /** Types of events that start the flow, with a function that returns the initial context. */
  readonly startedBy: Readonly<Record<string, (fact: FlowInput) => object>>;
  /** Types of events about its subject that the flow consumes without having asked for them. */
  readonly listensTo: readonly string[];
  /** Withdrawal reasons by the type of the input that leaves a state with an open task. */
  readonly withdraws: Readonly<Record<string, WithdrawalReason>>;
  /** Key prefix that admits one active flow per subject, until it ends or reaches a state with the tag `decided`. */
  readonly exclusive?: string;
}

interface Spec<C extends object, E extends FlowInput, P extends Policies, G extends string, N extends string> {
  readonly service: string;
  readonly policies: P;
  readonly startedBy: Readonly<Record<string, (fact: never) => C>>;
  readonly listensTo?: readonly string[];
  readonly exclusive?: string;
  readonly withdraws?: { readonly [T in E['type']]?: WithdrawalReason };
  readonly guards?: { readonly [K in G]: (about: C, input: E) => boolean };
  /** Assignments to the context: each returns the fields to change. */
  readonly notes?: { readonly [K in N]: (about: C, input: E) => Partial<C> };
}

// XState requires `{}` for a machine without child actors.
type NoChildren = { [name in never]: string };

/** Members of the input union `E` whose type is in `T`. */
type Having<E extends FlowInput, T extends string> = E extends FlowInput ? (Extract<E['type'], T> extends never ? never : E) : never;

/** Narrows `input` to the given types. Throws `TypeError` for another type, which the machine should not have admitted. */
export function narrowInput<E extends FlowInput, T extends E['type']>(input: E, ...types: T[]): Having<E, T> {
  if (!types.includes(input.type as T)) throw new TypeError(`unexpected input ${input.type}: expected ${types.join(' or ')}`);
  return input as Having<E, T>;
}

/**
 * Sets up a flow; `chart` takes an XState machine config and returns the flow. Throws `TypeError` at start for faults that TypeScript does
 * not detect: an `after` without a policy value, an inline function as action or guard, or a state without a way out.
 */
export function defineFlow<C extends object, E extends FlowInput>() {
  return <P extends Policies, G extends string = never, N extends string = never>(spec: Spec<C, E, P, G, N>) => {
    type Guards = Record<G, undefined>;
    type Actions = Record<N, undefined> & { [K in keyof EffectActions]: EffectActions[K] };
    const entries = <V>(record: Readonly<Record<string, V>> | undefined): [string, V][] => Object.entries(record ?? {});
    const base = setup<C, E, Record<string, never>, NoChildren, Actions, Guards, Extract<keyof P['deadlines'], string>, string, C>({
      guards: Object.fromEntries(
        entries<(about: C, input: E) => boolean>(spec.guards).map(([name, guard]) => [
          name,
          ({ context, event }: { context: C; event: E }) => guard(context, event),
        ]),
      ) as never,
      actions: {
        ...Object.fromEntries(
          entries<(about: C, input: E) => Partial<C>>(spec.notes).map(([name, note]) => [
            name,
            assign(({ context, event }) => note(context as never, event as never) as never),
          ]),
        ),
        ...Object.fromEntries(['ask', 'remind', 'send', 'tell', 'inform'].map((name) => [name, () => {}])),
      } as never,
      delays: Object.fromEntries(Object.keys(spec.policies.deadlines).map((name) => [name, 1])) as never,
    });
    type Config = Parameters<typeof base.createMachine>[0];
    return {
      chart(config: Omit<Config, 'context'> & { id: string; version: string }): Flow {
        const machine = base.createMachine({ ...config, context: ({ input }: { input: C }) => input });
        const flow: Flow = {
          id: config.id,
          version: config.version,
          service: spec.service,
          machine: machine,
          policies: spec.policies,
          startedBy: spec.startedBy as unknown as Flow['startedBy'],
          listensTo: spec.listensTo ?? [],
          withdraws: (spec.withdraws ?? {}) as Flow['withdraws'],
          exclusive: spec.exclusive,
        };
        validateFlow(flow, config);
        return flow;
      },
    };
  };
}
