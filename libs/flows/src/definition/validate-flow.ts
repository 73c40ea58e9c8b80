import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Flow } from './flow-definition.js';

/** All state nodes of a machine, parents before children. */
export function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const all = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(all)];
  return all(machine.root);
}

/** Policy value of a delayed transition, from the event name that XState generates; undefined for other events. */
export const policyOf = (eventType: string): string | undefined => /^xstate\.after\.([^.]+)\./.exec(eventType)?.[1];

/** Validates a flow definition. Throws `TypeError` with flow, state and fault. */
export function validateFlow(flow: Flow, config: object): void {
  const refuse = (state: string, fault: string): never => {
    throw new TypeError(`invalid flow ${flow.id}, state ${state}: ${fault}`);
  };
  for (const node of statesOf(flow.machine)) {
    const nodeConfig = configOf(config, node.path);
    if (node.invoke.length > 0) refuse(node.key, 'invokes an actor, which a crash would lose; use ask or send');
    for (const [where, actions] of actionsOf(nodeConfig)) {
      for (const action of actions) {
        const type = typeof action === 'string' ? action : (action as { type: string }).type;
        if (type === 'ask' && where !== 'entry')
          refuse(node.key, 'ask is allowed as an entry action only, since its task is open while the state is active');
        if (type === 'keep' && where !== 'a transition by an input')
          refuse(node.key, 'keep is allowed on a transition by an input only, since it copies fields of that input');
        if (!(type in flow.machine.implementations.actions)) refuse(node.key, `unknown action ${type}; expected a note or an effect`);
      }
    }
    for (const transition of [...node.transitions.values(), node.always ?? []].flat()) {
      const policy = policyOf(String(transition.eventType));
      if (policy !== undefined && !(policy in flow.policies.deadlines)) refuse(node.key, `unknown policy value ${policy} in after`);
    }
    const isDeadEnd = node.type === 'atomic' && ancestry(node).every((n) => n.transitions.size === 0) && node.always === undefined;
    if (isDeadEnd) refuse(node.key, 'no way out: add a transition or a deadline');
  }
}

const ancestry = (node: AnyStateNode): AnyStateNode[] => (node.parent ? [node, ...ancestry(node.parent)] : [node]);

interface NodeConfig {
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly on?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  readonly always?: unknown;
  readonly states?: Record<string, NodeConfig>;
}

const configOf = (config: NodeConfig, path: readonly string[]): NodeConfig =>
  path.reduce<NodeConfig>((node, key) => node.states?.[key] ?? {}, config);

const list = (one: unknown): unknown[] => (one === undefined ? [] : Array.isArray(one) ? one : [one]);

function actionsOf(config: NodeConfig): [string, unknown[]][] {
  const ofTransitions = (transitions: unknown[]): unknown[] =>
    transitions.flatMap(list).flatMap((t) => (typeof t === 'object' && t !== null && 'actions' in t ? list(t.actions) : []));
  return [
    ['entry', list(config.entry)],
    ['exit', list(config.exit)],
    ['a transition by an input', ofTransitions(Object.values(config.on ?? {}))],
    ['another transition', ofTransitions([...Object.values(config.after ?? {}), config.always])],
  ];
}
