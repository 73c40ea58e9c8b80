import { type AnyMachineSnapshot, initialTransition } from 'xstate';
import { getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { Flow, FlowInput } from './flow.js';
import type { FlowEvent } from './flow-event.js';
import { type FlowInstance, stateName } from './instance.js';
import { policyOf, statesOf } from './sound.js';
import { advance, begin } from './step.js';

/** One way through a flow, as it would run. */
export interface Walk {
  readonly inputs: readonly FlowInput[];
  /** Where it was, from the first state to the last: `open.reviewing`. */
  readonly states: readonly string[];
  readonly said: readonly FlowEvent[];
  readonly instance: FlowInstance;
}

export interface Walks {
  /** To every state by every simple path; and on from each state, once, with every input that leaves it where it is. */
  readonly all: readonly Walk[];
  /** States from which no way leads to an end. */
  readonly traps: readonly string[];
}

type Edge = { readonly event: FlowInput; readonly state: AnyMachineSnapshot };
type Graph = Readonly<Record<string, { readonly state: AnyMachineSnapshot; readonly transitions: Readonly<Record<string, Edge>> }>>;
type Key = (snapshot: AnyMachineSnapshot) => string;

const now = '2010-12-01T09:00:00.000000Z';

/**
 * Walks every simple path of a flow from the fact that starts it, with `samples` of its inputs: at least one of each type that it
 * understands (throws otherwise); deadlines come by themselves. `matters` is what of the case decides later, so that two visits of
 * a state that differ in it are two states. `every arrow`: of a chart that has too many paths, the shortest to every state, and on by
 * every arrow from there.
 */
export function walksOf(
  flow: Flow,
  startedBy: FlowInput,
  samples: readonly FlowInput[],
  matters: (about: never) => unknown = () => null,
  by: 'every path' | 'every arrow' = 'every path',
): Walks {
  const about = flow.startedBy[startedBy.type]?.(startedBy);
  if (!about) throw new TypeError(`${flow.id} is not started by ${startedBy.type}`);
  const key: Key = ({ value, context }) => JSON.stringify([value, matters(context as never)]);
  const options = { fromState: initialTransition(flow.machine, about)[0], serializeState: key, events: inputsOf(flow, samples) };
  const graph = getAdjacencyMap(flow.machine, options as never) as unknown as Graph;
  const paths = by === 'every path' ? getSimplePaths : getShortestPaths;
  const simple = paths(flow.machine, options as never).map((path) => ({
    to: key(path.state as AnyMachineSnapshot),
    inputs: path.steps.slice(1).map((step) => step.event as FlowInput),
  }));
  const staying = Object.entries(graph).flatMap(([vertex, { state, transitions }]) => {
    const way = simple.find(({ to }) => to === vertex)?.inputs ?? [];
    const stays = Object.values(transitions).filter(
      ({ event, state: next }) => (by === 'every arrow' || key(next) === vertex) && state.can(event as never),
    );
    return stays.map(({ event }) => [...way, event]);
  });
  const walk = walkerOf(flow, startedBy, about);
  return { all: [...simple.map(({ inputs }) => inputs), ...staying].map(walk), traps: trapsOf(graph, key) };
}

/** What can come in a state: samples of the types that it understands, and its deadlines. */
function inputsOf(flow: Flow, samples: readonly FlowInput[]): (snapshot: AnyMachineSnapshot) => FlowInput[] {
  const understood = statesOf(flow.machine).flatMap((state) => [...state.transitions.keys()]);
  const missing = understood.filter((type) => policyOf(type) === undefined && !samples.some((sample) => sample.type === type));
  if (missing.length > 0) throw new TypeError(`${flow.id} understands ${missing.join(', ')}, of which there is no sample`);
  return ({ _nodes: active, status }) => {
    if (status === 'done') return [];
    const types = new Set(active.flatMap((state) => [...state.transitions.keys()]));
    return [...types].flatMap((type) => (policyOf(type) === undefined ? samples.filter((s) => s.type === type) : [{ type }]));
  };
}

/** Runs a flow along `inputs`; what two ways share is run once. */
function walkerOf(flow: Flow, startedBy: FlowInput, about: object): (inputs: readonly FlowInput[]) => Walk {
  const known = new Map<string, Walk>();
  const cause = (input: FlowInput, n: number) => ({ input, messageId: `message-${n}`, by: 'somebody' });
  const first = begin(flow, `${flow.id}-1`, String(startedBy.orderNumber), about, cause(startedBy, 0), now, 'story-1');
  known.set('[]', { inputs: [], states: [stateName(first.instance.state)], said: first.events, instance: first.instance });
  const walk = (inputs: readonly FlowInput[]): Walk => {
    const at = JSON.stringify(inputs);
    const found = known.get(at);
    if (found) return found;
    const before = walk(inputs.slice(0, -1));
    const input = inputs.at(-1) as FlowInput;
    const taskId = before.instance.tasks.find((task) => task.answers.includes(input.type))?.taskId;
    const { instance, events, moved } = advance(flow, before.instance, { ...cause(input, inputs.length), taskId }, now);
    if (!moved) throw new Error(`${flow.id} does not take ${at} in ${before.states.at(-1)}`);
    const next = { inputs, states: [...before.states, stateName(instance.state)], said: [...before.said, ...events], instance };
    known.set(at, next);
    return next;
  };
  return walk;
}

function trapsOf(graph: Graph, key: Key): string[] {
  const leadsOn = new Set(Object.keys(graph).filter((vertex) => graph[vertex]?.state.status === 'done'));
  for (let size = -1; size < leadsOn.size;) {
    size = leadsOn.size;
    for (const [vertex, { transitions }] of Object.entries(graph))
      if (Object.values(transitions).some(({ state }) => leadsOn.has(key(state)))) leadsOn.add(vertex);
  }
  return Object.keys(graph).filter((vertex) => !leadsOn.has(vertex));
}
