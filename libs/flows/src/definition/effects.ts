/**
 * Effects of a flow, as data. Team, question, command and template are static, so that diagrams can show them; the payload is a pure
 * function of the flow's context.
 */
export type Effect =
  | { readonly kind: 'ask'; readonly team: string; readonly question: string; readonly about: object }
  | { readonly kind: 'remind'; readonly team: string }
  | { readonly kind: 'send'; readonly service: string; readonly command: string; readonly data: object }
  | { readonly kind: 'tell'; readonly template: string; readonly rule: string; readonly fields: object }
  | { readonly kind: 'inform'; readonly team: string; readonly notice: string; readonly about: object };

/** Effects by the name of their action in a machine. */
export interface EffectActions {
  readonly ask: Effect & { kind: 'ask' };
  readonly remind: Effect & { kind: 'remind' };
  readonly send: Effect & { kind: 'send' };
  readonly tell: Effect & { kind: 'tell' };
  readonly inform: Effect & { kind: 'inform' };
}

export type OneOrMany<T> = T | readonly T[];

/** An effect as an action of a machine: its static fields, and its payload as a function of the context `C`. */
export type EffectAction<C, K extends Effect['kind'] = Effect['kind']> = {
  [T in K]: { readonly type: T; readonly params: (args: { context: C }) => EffectActions[T] };
}[K];

type Payload<C> = (about: C) => object;

const wholeContext = <C extends object>(about: C): object => about;

/** Effects of a flow with context `C`, not checked against the contracts: flows use `notation`. */
export function effects<C extends object>() {
  return {
    ask: (
      team: string,
      question: string,
      about: Payload<C> = wholeContext,
    ): EffectAction<C, 'ask'> & { team: string; question: string } => ({
      type: 'ask',
      team,
      question,
      params: ({ context }) => ({ kind: 'ask', team, question, about: about(context) }),
    }),
    /** Reminds a team of its open task, as often as the policy value allows; then the task is escalated. */
    remind: (team: string): EffectAction<C, 'remind'> & { team: string } => ({
      type: 'remind',
      team,
      params: () => ({ kind: 'remind', team }),
    }),
    send: (
      service: string,
      command: string,
      data: Payload<C> = wholeContext,
    ): EffectAction<C, 'send'> & { service: string; command: string } => ({
      type: 'send',
      service,
      command,
      params: ({ context }) => ({ kind: 'send', service, command, data: data(context) }),
    }),
    /** Sends the customer a message from a template. */
    tell: (rule: string, template: string, fields: Payload<C>): EffectAction<C, 'tell'> & { rule: string; template: string } => ({
      type: 'tell',
      rule,
      template,
      params: ({ context }) => ({ kind: 'tell', rule, template, fields: fields(context) }),
    }),
    /** Sends a team a notice that needs no answer. */
    inform: (team: string, notice: string, about: Payload<C>): EffectAction<C, 'inform'> & { team: string; notice: string } => ({
      type: 'inform',
      team,
      notice,
      params: ({ context }) => ({ kind: 'inform', team, notice, about: about(context) }),
    }),
  };
}
