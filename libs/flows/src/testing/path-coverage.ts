import { type AnyMachineSnapshot, initialTransition } from 'xstate';
import { getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { FlowInput } from '../definition/chart.js';
import type { Flow } from '../definition/flow-definition.js';
import type { FlowEvent } from '../step/flow-event.js';
import { type FlowInstance, stateName } from '../step/instance.js';
import { policyOf, statesOf } from '../definition/validate-flow.js';
import { handleInput, startFlow } from '../step/step.js';

/** One path through a flow, executed. */
export interface Walk {
  readonly inputs: readonly FlowInput[];
  /** Visited states from first to last, such as `open.reviewing`. */
  readonly states: readonly string[];
  readonly said: readonly FlowEvent[];
  readonly instance: FlowInstance;
}

export interface FlowPaths {
  /** Every simple path to every state, and from each state one more step for every input that keeps the flow in it. */
  readonly all: readonly Walk[];
  /** States from which no final state is reachable. */
  readonly traps: readonly string[];
}

type Edge = { readonly event: FlowInput; readonly state: AnyMachineSnapshot };
type Graph = Readonly<Record<string, { readonly state: AnyMachineSnapshot; readonly transitions: Readonly<Record<string, Edge>> }>>;
type Key = (snapshot: AnyMachineSnapshot) => string;

const now = '2010-12-01T09:00:00.000000Z';

/**
 * Executes every simple path of a flow from the starting event. `samples` must have at least one input per handled type (throws `TypeError`
 * otherwise); deadlines are added. `matters` selects the part of the context that influences later steps: visits that differ in it are
 * different states. `every arrow` covers charts with too many paths: the shortest path to every state, then each transition.
 */
export function enumeratePaths(
  flow: Flow,
  startedBy: FlowInput,
  samples: readonly FlowInput[],
  matters: (about: never) => unknown = () => null,
  by: 'every path' | 'every arrow' = 'every path',
): FlowPaths {
  const about = flow.startedBy[startedBy.type]?.(startedBy);
  if (!about) throw new TypeError(`flow ${flow.id} is not started by ${startedBy.type}`);
  const key: Key = ({ value, context }) => JSON.stringify([value, matters(context as never)]);
  const options = { fromState: initialTransition(flow.machine, about)[0], serializeState: key, events: inputsOf(flow, samples) };
  const graph = getAdjacencyMap(flow.machine, options as never) as unknown as Graph;
  const paths = by === 'every path' ? getSimplePaths : getShortestPaths;
  const simple = paths(flow.machine, options as never).map((path) => ({
    to: key(path.state as AnyMachineSnapshot),
    inputs: path.steps.slice(1).map((step) => step.event as FlowInput),
  }));
  const continued = Object.entries(graph).flatMap(([vertex, { state, transitions }]) => {
    const path = simple.find(({ to }) => to === vertex)?.inputs ?? [];
    const stays = Object.values(transitions).filter(
      ({ event, state: next }) => (by === 'every arrow' || key(next) === vertex) && state.can(event as never),
    );
    return stays.map(({ event }) => [...path, event]);
  });
  const walk = createWalker(flow, startedBy, about);
  return { all: [...simple.map(({ inputs }) => inputs), ...continued].map(walk), traps: findDeadEnds(graph, key) };
}

/** Possible inputs of a state: samples of the types that it handles, and its deadlines. */
function inputsOf(flow: Flow, samples: readonly FlowInput[]): (snapshot: AnyMachineSnapshot) => FlowInput[] {
  const understood = statesOf(flow.machine).flatMap((state) => [...state.transitions.keys()]);
  const missing = understood.filter((type) => policyOf(type) === undefined && !samples.some((sample) => sample.type === type));
  if (missing.length > 0) throw new TypeError(`flow ${flow.id} handles ${missing.join(', ')}: add a sample of each`);
  return ({ _nodes: active, status }) => {
    if (status === 'done') return [];
    const types = new Set(active.flatMap((state) => [...state.transitions.keys()]));
    return [...types].flatMap((type) => (policyOf(type) === undefined ? samples.filter((s) => s.type === type) : [{ type }]));
  };
}

/** Executes a flow along `inputs`, caching common prefixes. */
function createWalker(flow: Flow, startedBy: FlowInput, about: object): (inputs: readonly FlowInput[]) => Walk {
  const cache = new Map<string, Walk>();
  const inputOf = (input: FlowInput, n: number) => ({ input, messageId: `message-${n}`, by: 'somebody' });
  const first = startFlow(flow, `${flow.id}-1`, String(startedBy.orderNumber), about, inputOf(startedBy, 0), now, 'story-1');
  cache.set('[]', { inputs: [], states: [stateName(first.instance.state)], said: first.events, instance: first.instance });
  const walk = (inputs: readonly FlowInput[]): Walk => {
    const pathKey = JSON.stringify(inputs);
    const cached = cache.get(pathKey);
    if (cached) return cached;
    const before = walk(inputs.slice(0, -1));
    const input = inputs.at(-1) as FlowInput;
    const taskId = before.instance.tasks.find((task) => task.answers.includes(input.type))?.taskId;
    const { instance, events, moved } = handleInput(flow, before.instance, { ...inputOf(input, inputs.length), taskId }, now);
    if (!moved) throw new Error(`flow ${flow.id} does not handle ${pathKey} in state ${before.states.at(-1)}`);
    const next = { inputs, states: [...before.states, stateName(instance.state)], said: [...before.said, ...events], instance };
    cache.set(pathKey, next);
    return next;
  };
  return walk;
}

function findDeadEnds(graph: Graph, key: Key): string[] {
  const reachesEnd = new Set(Object.keys(graph).filter((vertex) => graph[vertex]?.state.status === 'done'));
  for (let size = -1; size < reachesEnd.size;) {
    size = reachesEnd.size;
    for (const [vertex, { transitions }] of Object.entries(graph))
      if (Object.values(transitions).some(({ state }) => reachesEnd.has(key(state)))) reachesEnd.add(vertex);
  }
  return Object.keys(graph).filter((vertex) => !reachesEnd.has(vertex));
}
