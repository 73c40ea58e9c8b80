import type { ChartConfig, Guard } from './chart.js';

/** A chart without its types: XState's config is the same, with guards by name and assignments as actions. */
interface StateConfig {
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly on?: ByName<unknown>;
  readonly after?: ByName<unknown>;
  readonly always?: unknown;
  readonly states?: ByName<StateConfig>;
}
type ByName<V> = Readonly<Record<string, V>>;
type AnyGuard = Guard<never, never>;
type AnyNote = (about: unknown, input: unknown) => object;

/** A function that is written in place has the name of its field, or none. */
const isInline = (fn: { readonly name: string }): boolean => ['', 'guard', 'actions', 'entry', 'exit'].includes(fn.name);

const eachOf = (one: unknown, change: (one: unknown) => unknown): unknown => (Array.isArray(one) ? one.map(change) : change(one));
const byName = <V>(all: ByName<V>, change: (one: V, name: string) => unknown): ByName<unknown> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one, name)]));

const action = (one: unknown): unknown => {
  if (typeof one !== 'function') return one;
  const note = one as AnyNote;
  return { type: 'note', note: note.name, params: ({ context, event }: { context: unknown; event: unknown }) => note(context, event) };
};

/** XState's config of a chart, and its guards by their names. Throws `TypeError` for an unnamed function, and for two guards of one name. */
export function machineConfigOf(chart: ChartConfig<never, string, never>): { readonly config: object; readonly guards: ByName<AnyGuard> } {
  const guards: Record<string, AnyGuard> = {};

  const state = (config: StateConfig, name: string): StateConfig => {
    const refuse = (fault: string): never => {
      throw new TypeError(`invalid flow ${chart.id}, state ${name}: ${fault}`);
    };
    const effect = (where: string) => (one: unknown) =>
      typeof one === 'function' ? refuse(`inline function as ${where}; use a named one`) : one;
    const transitionAction = (one: unknown): unknown =>
      typeof one === 'function' && isInline(one) ? refuse('inline function as a transition; use a named one') : action(one);
    const guardName = (guard: unknown): string => {
      if (typeof guard !== 'function' || isInline(guard)) return refuse('inline function as guard; use a named one');
      if ((guards[guard.name] ?? guard) !== guard) refuse(`two guards are called ${guard.name}; rename one`);
      guards[guard.name] = guard as AnyGuard;
      return guard.name;
    };
    const transition = (one: unknown): unknown => {
      if (typeof one !== 'object' || one === null) return one;
      const { guard, actions } = one as { readonly guard?: unknown; readonly actions?: unknown };
      return {
        ...one,
        ...(guard !== undefined && { guard: guardName(guard) }),
        ...(actions !== undefined && { actions: eachOf(actions, transitionAction) }),
      };
    };
    const transitions = (some: unknown): unknown => eachOf(some, transition);
    const { entry, exit, on, after, always, states } = config;
    return {
      ...config,
      ...(entry !== undefined && { entry: eachOf(entry, effect('entry')) }),
      ...(exit !== undefined && { exit: eachOf(exit, effect('exit')) }),
      ...(on && { on: byName(on, transitions) }),
      ...(after && { after: byName(after, transitions) }),
      ...(always !== undefined && { always: transitions(always) }),
      ...(states && { states: byName(states, state) as ByName<StateConfig> }),
    };
  };
  return { config: { ...chart, states: byName(chart.states as ByName<StateConfig>, state) }, guards };
}
