import { type AnyActorScope, type AnyMachineSnapshot, type AnyStateMachine, createActor, type ExecutableActionObject } from 'xstate';

type Transition = [after: AnyMachineSnapshot, actions: ExecutableActionObject[]];

const scopes = new WeakMap<AnyStateMachine, AnyActorScope>();

/** XState's function of that name, without the actor and the first state that it makes each time: a chart has no children to be told of one. */
export const transition = (machine: AnyStateMachine, before: AnyMachineSnapshot, input: { readonly type: string }): Transition =>
  acting(machine, (scope) => machine.transition(before, input, scope));

/** The state that a machine begins in, and what it does on the way there. */
export const initialTransition = (machine: AnyStateMachine, about: object): Transition =>
  acting(machine, (scope) => machine.getInitialSnapshot(scope, about));

function acting(machine: AnyStateMachine, act: (scope: AnyActorScope) => AnyMachineSnapshot): Transition {
  const actions: Transition[1] = [];
  const scope = scopes.get(machine) ?? scopeOf(machine);
  scopes.set(machine, scope);
  const actionExecutor: AnyActorScope['actionExecutor'] = (action) => actions.push(action);
  return [act({ ...scope, actionExecutor }), actions];
}

function scopeOf(machine: AnyStateMachine): AnyActorScope {
  const self = createActor(machine);
  const nothing = (): void => undefined;
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    ...{ logger: nothing, defer: nothing, emit: nothing, stopChild: nothing },
    actionExecutor: nothing,
  };
}
