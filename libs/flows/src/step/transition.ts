import { type AnyActorScope, type AnyMachineSnapshot, type AnyStateMachine, createActor, type ExecutableActionObject } from 'xstate';

type Transition = [after: AnyMachineSnapshot, actions: ExecutableActionObject[]];

const scopes = new WeakMap<AnyStateMachine, AnyActorScope>();

/** Like XState's `transition`, without creating an actor and an initial state on every call; flows have no child actors. */
export const transition = (machine: AnyStateMachine, before: AnyMachineSnapshot, input: { readonly type: string }): Transition =>
  runCollecting(machine, (scope) => machine.transition(before, input, scope));

/** Initial state of a machine, with the actions of entering it. */
export const initialTransition = (machine: AnyStateMachine, input: object): Transition =>
  runCollecting(machine, (scope) => machine.getInitialSnapshot(scope, input));

function runCollecting(machine: AnyStateMachine, compute: (scope: AnyActorScope) => AnyMachineSnapshot): Transition {
  const actions: Transition[1] = [];
  const scope = scopes.get(machine) ?? createScope(machine);
  scopes.set(machine, scope);
  const actionExecutor: AnyActorScope['actionExecutor'] = (action) => actions.push(action);
  return [compute({ ...scope, actionExecutor }), actions];
}

function createScope(machine: AnyStateMachine): AnyActorScope {
  const self = createActor(machine);
  const noop = (): void => undefined;
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    ...{ logger: noop, defer: noop, emit: noop, stopChild: noop },
    actionExecutor: noop,
  };
}
