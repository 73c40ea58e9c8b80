import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Flow } from './flow.js';

const effectNames = new Set(['ask', 'remind', 'send', 'tell', 'inform']);

/** Every state of a machine, parents before children. */
export function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const all = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(all)];
  return all(machine.root);
}

/** The policy value that a delayed transition waits for, from the name XState gave its event; undefined for another event. */
export const policyOf = (eventType: string): string | undefined => /^xstate\.after\.([^.]+)\./.exec(eventType)?.[1];

/** Throws a `TypeError` that names flow, state and fault, where a chart could not run as it reads. */
export function assertSound(flow: Flow, config: object): void {
  const refuse = (state: string, fault: string): never => {
    throw new TypeError(`flow ${flow.id}, state ${state}: ${fault}`);
  };
  for (const node of statesOf(flow.machine)) {
    const written = configOf(config, node.path);
    if (node.invoke.length > 0) refuse(node.key, 'invokes an actor, whom nobody would start again after a crash; ask, or send a command');
    for (const [where, actions] of actionsOf(written)) {
      for (const action of actions) {
        if (typeof action === 'function') refuse(node.key, `an inline function as ${where}; name it`);
        const type = typeof action === 'string' ? action : (action as { type: string }).type;
        if (type === 'ask' && where !== 'entry')
          refuse(node.key, 'a question may only be asked at entry, since its task is open while the state is');
        if (!effectNames.has(type) && !(type in flow.machine.implementations.actions)) refuse(node.key, `no note or effect named ${type}`);
      }
    }
    for (const transition of [...node.transitions.values(), node.always ?? []].flat()) {
      if (typeof transition.guard === 'function') refuse(node.key, 'an inline function as guard; name it');
      const policy = policyOf(String(transition.eventType));
      if (policy !== undefined && !(policy in flow.policies.deadlines)) refuse(node.key, `after ${policy}, which is no policy value`);
    }
    const waits = node.type === 'atomic' && ancestry(node).every((n) => n.transitions.size === 0) && node.always === undefined;
    if (waits) refuse(node.key, 'waits with neither an answer nor a deadline');
  }
}

const ancestry = (node: AnyStateNode): AnyStateNode[] => (node.parent ? [node, ...ancestry(node.parent)] : [node]);

interface Written {
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly on?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  readonly always?: unknown;
  readonly states?: Record<string, Written>;
}

const configOf = (config: Written, path: readonly string[]): Written => path.reduce<Written>((at, key) => at.states?.[key] ?? {}, config);

const list = (one: unknown): unknown[] => (one === undefined ? [] : Array.isArray(one) ? one : [one]);

function actionsOf(written: Written): [string, unknown[]][] {
  const transitions = [...Object.values(written.on ?? {}), ...Object.values(written.after ?? {}), written.always].flatMap(list);
  const ofTransitions = transitions.flatMap((t) => (typeof t === 'object' && t !== null && 'actions' in t ? list(t.actions) : []));
  return [
    ['entry', list(written.entry)],
    ['exit', list(written.exit)],
    ['a transition', ofTransitions],
  ];
}
