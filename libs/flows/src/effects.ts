/**
 * What a flow can do, as data. The static part (team, question, command, template) stands beside `params` on the action, where
 * charts read it; the payload is a pure function of the case.
 */
export type Effect =
  | { readonly kind: 'ask'; readonly team: string; readonly question: string; readonly about: object }
  | { readonly kind: 'remind'; readonly team: string }
  | { readonly kind: 'send'; readonly service: string; readonly command: string; readonly data: object }
  | { readonly kind: 'tell'; readonly template: string; readonly rule: string; readonly fields: object }
  | { readonly kind: 'inform'; readonly team: string; readonly notice: string; readonly about: object };

/** The effects by the name they have in a machine. */
export interface EffectActions {
  readonly ask: Effect & { kind: 'ask' };
  readonly remind: Effect & { kind: 'remind' };
  readonly send: Effect & { kind: 'send' };
  readonly tell: Effect & { kind: 'tell' };
  readonly inform: Effect & { kind: 'inform' };
}

type Payload<C> = (about: C) => object;
type Action<C, K extends Effect['kind']> = { readonly type: K; readonly params: (args: { context: C }) => EffectActions[K] };

const everything = <C extends object>(about: C): object => about;

/** The effects of a flow whose case is a `C`. */
export function effects<C extends object>() {
  return {
    /** Asks a team (or the customer) a question of the contracts; the task is open until its state is left. Only at entry. */
    ask: (team: string, question: string, about: Payload<C> = everything): Action<C, 'ask'> & { team: string; question: string } => ({
      type: 'ask',
      team,
      question,
      params: ({ context }) => ({ kind: 'ask', team, question, about: about(context) }),
    }),
    /** Reminds a team of its open task, under a policy value: as often as that says, then escalates. */
    remind: (team: string): Action<C, 'remind'> & { team: string } => ({ type: 'remind', team, params: () => ({ kind: 'remind', team }) }),
    /** Sends a command to a service; its answer brings the flow's id back. To the own service it joins the same unit of work. */
    send: (service: string, command: string, data: Payload<C> = everything): Action<C, 'send'> & { service: string; command: string } => ({
      type: 'send',
      service,
      command,
      params: ({ context }) => ({ kind: 'send', service, command, data: data(context) }),
    }),
    /** Tells the customer a template. */
    tell: (rule: string, template: string, fields: Payload<C>): Action<C, 'tell'> & { rule: string; template: string } => ({
      type: 'tell',
      rule,
      template,
      params: ({ context }) => ({ kind: 'tell', rule, template, fields: fields(context) }),
    }),
    /** Gives a team a notice that needs no answer. */
    inform: (team: string, notice: string, about: Payload<C>): Action<C, 'inform'> & { team: string; notice: string } => ({
      type: 'inform',
      team,
      notice,
      params: ({ context }) => ({ kind: 'inform', team, notice, about: about(context) }),
    }),
  };
}
