import type { AnswerOf, AnswerType, FactOf, FactType } from '@orderloom/contracts';
import type { EffectAction, OneOrMany } from './effects.js';

export type { AboutOf, AnswerOf, CommandOf, FactOf } from '@orderloom/contracts';

/** An input of a flow: an event, an answer or a command's result, with its type and flat data. */
export interface FlowInput {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Every input that the contracts know: the facts of all services, and the answers to all questions. */
export type Input =
  { [T in FactType]: { readonly type: T } & FactOf<T> }[FactType] | { [T in AnswerType]: { readonly type: T } & AnswerOf<T> }[AnswerType];

/** Members of the input union `E` whose type is `T`. */
type Having<E extends { readonly type: string }, T extends string> = E extends { readonly type: string }
  ? Extract<E['type'], T> extends never
    ? never
    : E
  : never;

/** Copies fields of the input `I` to the context; `fields` names the field of the input by that of the context. */
export interface Keep<I> {
  readonly type: 'keep';
  readonly fields: Readonly<Record<string, string>>;
  readonly params: (args: { event: I }) => object;
}

/** Sets fields of the context to constants. */
export interface SetFields {
  readonly type: 'set';
  readonly params: object;
}

/** A condition, as a named function: the chart shows its name. */
export type Guard<C, I> = (about: C, input: I) => boolean;
/** An assignment that is computed, as a named function: it returns the fields to change. */
export type Note<C, I> = (about: C, input: I) => Partial<C>;

/** A transition by an input `I`. Without a target the flow stays where it is. */
export interface Transition<C, I> {
  readonly guard?: Guard<C, I>;
  readonly target?: string;
  readonly reenter?: true;
  readonly actions?: OneOrMany<Keep<I> | SetFields | Note<C, I> | EffectAction<C, 'remind' | 'send' | 'tell' | 'inform'>>;
}

/** A target alone, one transition, or several of which the first whose guard holds is taken. */
export type Transitions<C, I> = string | OneOrMany<Transition<C, I>>;

/** Transitions by type of input. */
export type On<C, E extends { readonly type: string } = Input> = { readonly [T in E['type']]?: Transitions<C, Having<E, T>> };

/** A state of a chart with context `C` and policy values `P`: the subset of XState's notation that flows may use. */
export interface State<C, P extends string = string, E extends { readonly type: string } = Input> {
  /** The rules of the manual that the state follows. */
  readonly description?: string;
  readonly type?: 'final' | 'parallel';
  /** `pivot`: from here on only forward. `decided`: the next exclusive flow of the subject may start. */
  readonly tags?: OneOrMany<'pivot' | 'decided'>;
  readonly initial?: string;
  readonly entry?: OneOrMany<EffectAction<C>>;
  readonly on?: On<C, E>;
  /** Transitions by policy value, never by a duration. */
  readonly after?: { readonly [K in P]?: Transitions<C, unknown> };
  readonly always?: Transitions<C, unknown>;
  readonly states?: States<C, P, E>;
}

export type States<C, P extends string = string, E extends { readonly type: string } = Input> = Readonly<Record<string, State<C, P, E>>>;

/** A chart: its id and version, and its states. */
export interface ChartConfig<C, P extends string = string, E extends { readonly type: string } = Input> {
  readonly id: string;
  readonly version: string;
  readonly type?: 'parallel';
  readonly initial?: string;
  readonly states: States<C, P, E>;
}
