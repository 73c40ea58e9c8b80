import type { Policies } from '@orderloom/kernel';
import { type AnyStateMachine, assign, setup } from 'xstate';
import type { EffectActions } from './effects.js';
import { assertSound } from './sound.js';

/** What moves a flow: a fact, an answer or a command's result, by type, with its data flat beside it. */
export interface FlowInput {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Why a task needs no answer any more, for whoever was asked; time-outs, repeated questions and dismissals have theirs without being told. */
export type WithdrawalReason = 'held' | 'picked' | 'shipped' | 'cancelled' | 'superseded';

/** A flow: its machine, and how messages find it. */
export interface Flow {
  readonly id: string;
  readonly version: string;
  readonly service: string;
  readonly machine: AnyStateMachine;
  readonly policies: Policies;
  /** Facts that start one, and the case that they start it with. */
  readonly startedBy: Readonly<Record<string, (fact: FlowInput) => object>>;
  /** Facts about its subject that it hears without having asked. */
  readonly listensTo: readonly string[];
  /** Why tasks are withdrawn, by the type of the input that leaves their state otherwise than by their answer. */
  readonly withdraws: Readonly<Record<string, WithdrawalReason>>;
  /** At most one flow of this kind per subject, by a unique key, until it ends or is in a state with the tag `decided`. */
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
  /** What a transition writes down in the case: the fields to change. */
  readonly notes?: { readonly [K in N]: (about: C, input: E) => Partial<C> };
}

// XState asks for `{}` where a machine has no child actors
type NoChildren = { [name in never]: string };

/** The members of an input's union that have one of the types `T`. */
type Having<E extends FlowInput, T extends string> = E extends FlowInput ? (Extract<E['type'], T> extends never ? never : E) : never;

/** An input of type `T` as `noteLoss` and guards see it; throws for another, which the chart then let through wrongly. */
export function only<E extends FlowInput, T extends E['type']>(input: E, ...types: T[]): Having<E, T> {
  if (!types.includes(input.type as T)) throw new TypeError(`${input.type} where only ${types.join(' or ')} can be`);
  return input as Having<E, T>;
}

/**
 * Sets up a flow; its `chart` takes an XState machine and gives the flow. Refuses (throws at start) what TypeScript lets through:
 * an `after` that is no policy value, an inline function as action or guard, a state that waits for nothing.
 */
export function flowOf<C extends object, E extends FlowInput>() {
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
        assertSound(flow, config);
        return flow;
      },
    };
  };
}
