import {
  type AboutOf,
  type AnswerType,
  type CommandOf,
  type CommandType,
  type QuestionName,
  questions,
  type ServiceName,
  type Team,
} from '@orderloom/contracts';
import type { Keep, On, SetFields, State, Transitions } from './chart.js';
import { type EffectAction, effects, type OneOrMany } from './effects.js';

/** Commands that the flow's own service carries out for it, by service: `{ order: OrderCommand }`. */
type OwnCommands = { readonly [S in ServiceName]?: { readonly type: string } };

type NoCommands = { readonly [S in never]: never };

type OfType<Command extends { readonly type: string }, T> = Command extends { readonly type: string }
  ? T extends Command['type']
    ? Omit<Command, 'type' | 'flow' | 'now' | 'by'>
    : never
  : never;

type Sendable<S extends ServiceName, Own extends OwnCommands> = Own[S] extends { readonly type: string }
  ? Own[S]['type']
  : CommandType<S> & string;
type DataFor<S extends ServiceName, T extends string, Own extends OwnCommands> = Own[S] extends { readonly type: string }
  ? OfType<Own[S], T>
  : CommandOf<S, T>;

/** The transitions of a question's state: every answer to it, other inputs, and the policy values. */
interface Asked<C, Q extends QuestionName, P extends string, A extends string> {
  readonly on: On<C> & { readonly [T in AnswerType<Q>]: Transitions<C, never> };
  /** Policy value after which the team is reminded. */
  readonly remindedAfter?: P;
  readonly after?: { readonly [K in A]?: Transitions<C, unknown> };
  /** Effects before the question. */
  readonly first?: OneOrMany<EffectAction<C>>;
}

const many = <T>(one: OneOrMany<T> = []): readonly T[] => (Array.isArray(one) ? (one as readonly T[]) : [one as T]);

const keeping = <I>(fields: Readonly<Record<string, string>>): Keep<I> => ({
  type: 'keep',
  fields,
  params: ({ event }) =>
    Object.fromEntries(Object.entries(fields).map(([to, from]) => [to, (event as Readonly<Record<string, unknown>>)[from]])),
});

type Renamed<C> = { readonly [F in keyof C]?: string };
/** The fields that are kept, as the input must have them: those of optional fields of the context may be absent. */
type InputOf<C, R> = {
  readonly [F in keyof R & keyof C as undefined extends C[F] ? never : R[F] & string]: C[F];
} & {
  readonly [F in keyof R & keyof C as undefined extends C[F] ? R[F] & string : never]?: C[F];
};

/** `keep('loss', 'currency')`, or `keep({ refusal: 'reason' })`, which keeps the input's `reason` as `refusal`. */
interface KeepFields<C> {
  <F extends keyof C & string>(...fields: F[]): Keep<Pick<C, F>>;
  <const R extends Renamed<C>>(renamed: R): Keep<InputOf<C, R>>;
  <F extends keyof C & string, const R extends Renamed<C>>(...fields: [...F[], R]): Keep<Pick<C, F> & InputOf<C, R>>;
}

/** A final state: the flow ends with these effects. */
export const end = <C>(rule: string, ...entry: readonly EffectAction<C>[]): State<C, never> => ({
  type: 'final',
  description: rule,
  entry,
});

/**
 * Typed builders for the chart of a flow with context `C`, checked against the contracts. `Own` are the commands of the flow's own service.
 * Everything is plain data, payloads apart.
 */
export function notation<C extends object, Own extends OwnCommands = NoCommands>() {
  const { ask, inform, remind, send, tell } = effects<C>();
  const asks = <Q extends QuestionName>(question: Q, about: (c: C) => AboutOf<Q>) => ask(questions[question].team, question, about);
  return {
    /** Asks the team of a question. The task stays open until the asking state is left. Allowed as an entry action only. */
    ask: asks,
    /** A state that asks a question and handles each of its answers; `rule` is the rule that it follows. */
    asking: <Q extends QuestionName, P extends string = never, A extends string = never>(
      rule: string,
      question: Q,
      about: (c: C) => AboutOf<Q>,
      { on, remindedAfter, after, first }: Asked<C, Q, P, A>,
    ): State<C, P | A> => {
      const { team } = questions[question];
      const reminded: State<C>['after'] = remindedAfter === undefined ? {} : { [remindedAfter]: { actions: remind(team) } };
      return {
        description: rule,
        entry: first === undefined ? asks(question, about) : [...many(first), asks(question, about)],
        on,
        after: { ...after, ...reminded },
      };
    },
    /** Reminds a team of its open task, as often as the policy value allows; then the task is escalated. */
    remind: (team: Team) => remind(team),
    /** Sends a command to a service, which returns the flow id in its reply. A command to the own service joins the unit of work. */
    send: <S extends ServiceName, T extends Sendable<S, Own>>(service: S, command: T, data: (c: C) => NoInfer<DataFor<S, T, Own>>) =>
      send(service, command, data as (c: C) => object),
    /** Sends the customer a message from a template. */
    tell,
    /** Sends a team a notice that needs no answer. */
    inform: (team: Team, notice: string, about: (c: C) => object) => inform(team, notice, about),
    /** Keeps fields of the input, by their name or under another one. */
    keep: ((...fields: readonly (string | Readonly<Record<string, string>>)[]) =>
      keeping(
        Object.fromEntries(fields.flatMap((field) => (typeof field === 'string' ? [[field, field]] : Object.entries(field)))),
      )) as KeepFields<C>,
    /** Sets fields to constants. */
    set: (values: Partial<C>): SetFields => ({ type: 'set', params: values }),
  };
}

type Started<F, V> = Omit<F, 'type'> & V;

/**
 * The start of a flow: the data of the fact that starts it, or the named `fields` of them, and the values of the other fields.
 */
export function starts<const V extends object>(values: V): <F extends object>(fact: F) => Started<F, V>;
export function starts<const V extends object, K extends string>(
  values: V,
  ...fields: readonly K[]
): <F extends { readonly [Field in K]?: unknown }>(fact: F) => Pick<F, K & keyof F> & V;
export function starts(values: object, ...fields: readonly string[]) {
  return ({ type: _type, ...data }: Readonly<Record<string, unknown>>): object => {
    const kept = fields.length === 0 ? data : Object.fromEntries(fields.map((field) => [field, data[field]]));
    return { ...kept, ...values };
  };
}
