import { commandsTopicOf, messages, type Question, questions, type ServiceName } from '@orderloom/contracts';
import type { RecordedEvent } from '@orderloom/event-sourcing';
import type { AnyStateNode } from 'xstate';
import type { Flow } from '../definition/flow-definition.js';
import { flowPublication } from '../runtime/publication.js';
import { questionsAskedBy } from '../definition/machine-queries.js';
import { policyOf, statesOf } from '../definition/validate-flow.js';
import type { Walk, FlowPaths } from './path-coverage.js';
import { neglectedTasks } from './silence.js';
import { messageFaults } from './contract-fit.js';

/**
 * Violations of the laws of every flow, by law; `{}` is good. `walks` start with every possible start; `own` are the commands
 * that its service carries out for its own flows.
 */
export function violatedInvariants(flow: Flow, walks: readonly FlowPaths[], own: readonly string[]): Record<string, string[]> {
  const all = walks.flatMap((some) => some.all);
  const laws = {
    'every state is reached': unvisited(flow, all),
    'every state leads on to an end': walks.flatMap(({ traps }) => traps),
    'every question is one of the contracts, its answers are understood, and it has an answer or a deadline': questionFaults(flow),
    'every task that nobody answers is escalated or ends': neglectedTasks(flow, walks),
    'every command is carried out by somebody': commandFaults(flow, own),
    'every message is as its contract says': misfitsOf(flow, all),
  };
  return Object.fromEntries(Object.entries(laws).filter(([, faults]) => faults.length > 0));
}

/** States that no walk comes to; those that are only passed through count where a transition leads to them. */
export function unvisited(flow: Flow, walks: readonly Walk[]): string[] {
  const seen = new Set(walks.map((walk) => walk.states.at(-1)));
  const reached = reachedFrom([flow.machine.root]);
  const visited = (state: AnyStateNode): boolean => (state.always?.length ? reached.has(state) : seen.has(pathOf(state)));
  return leaves(flow)
    .filter((state) => !visited(state))
    .map(pathOf);
}

/** Final states that can be reached from a pivot, whatever its guards say. */
export const endsAfterPivot = (flow: Flow): string[] =>
  [...reachedFrom(statesOf(flow.machine).filter((state) => state.tags.includes('pivot')))]
    .filter((state) => state.type === 'final')
    .map(pathOf);

/** Questions that the contracts don't know so, answers that the asking state does not understand, and what could wait for ever. */
const questionFaults = (flow: Flow): string[] =>
  statesOf(flow.machine).flatMap((state) =>
    questionsAskedBy(state).flatMap(({ question, team, answers }) => {
      const contract = (questions as Readonly<Record<string, Question>>)[question];
      if (!contract) return [`${pathOf(state)} asks ${question}, which is no question of the contracts`];
      const known = Object.keys(contract.answers);
      return [
        ...(contract.team === team ? [] : [`${pathOf(state)} asks ${question} of ${team} instead of ${contract.team}`]),
        ...known.filter((type) => !answers.includes(type)).map((type) => `${pathOf(state)} does not understand ${type}`),
        ...(known.length > 0 || timed(state) ? [] : [`${pathOf(state)} asks ${question} without an answer or a deadline`]),
      ];
    }),
  );

/** Commands that nobody carries out: `own` are those of the flow's service, as its module routes them. */
const commandFaults = (flow: Flow, own: readonly string[]): string[] =>
  statesOf(flow.machine)
    .flatMap((state) => [...state.entry, ...state.exit, ...transitionsOf(state).flatMap((t) => t.actions)])
    .map((action) => action as unknown as Record<string, string>)
    .flatMap(({ type, service = '', command = '' }) => {
      if (type !== 'send') return [];
      const topic = commandsTopicOf(service as ServiceName);
      const known = service === flow.service ? own.includes(command) : messages.some((m) => m.topic === topic && m.type === command);
      return known ? [] : [`${service} does not carry out ${command}`];
    });

/** Messages of the walks that do not fit their contracts. */
function misfitsOf(flow: Flow, walks: readonly Walk[]): string[] {
  const said = new Set(walks.flatMap((walk) => walk.said));
  const publish = flowPublication(flow.service as ServiceName);
  const published = [...said].flatMap((event) => publish({ ...event, stream: 'flow-1', subject: '536365' } as unknown as RecordedEvent));
  return [...new Set(published.flatMap(({ topic, type, data }) => messageFaults(topic, type, data)))];
}

/** The manual's rules that the machine names, in order. */
export const rulesOf = (flow: Flow): string[] =>
  [
    ...new Set(
      statesOf(flow.machine).flatMap((state) => [
        ...(state.description?.match(/[A-Z]{2,3}-\d\d/g) ?? []),
        ...state.entry.flatMap((action) => (action as unknown as { rule?: string }).rule ?? []),
      ]),
    ),
  ].sort();

/** The ends that walks come to. */
export const outcomesOf = (walks: readonly Walk[]): string[] =>
  [...new Set(walks.flatMap(({ instance }) => instance.outcome ?? []))].sort();

const pathOf = (state: AnyStateNode): string => state.path.join('.');
const leaves = (flow: Flow): AnyStateNode[] => statesOf(flow.machine).filter(({ type }) => type === 'atomic' || type === 'final');
const transitionsOf = (state: AnyStateNode) => [...state.transitions.values(), state.always ?? []].flat();
const timed = (state: AnyStateNode): boolean => [...state.transitions.keys()].some((type) => policyOf(type) !== undefined);

/** All states that can come after `starts`, by any transition of theirs or of a state around them. */
function reachedFrom(starts: readonly AnyStateNode[]): Set<AnyStateNode> {
  const reached = new Set<AnyStateNode>();
  const visit = (state: AnyStateNode): void => {
    if (reached.has(state)) return;
    reached.add(state);
    if (state.type === 'compound') state.initial.target?.forEach(visit);
    for (let around: AnyStateNode | undefined = state; around; around = around.parent)
      transitionsOf(around).forEach(({ target }) => target?.forEach(visit));
  };
  starts.forEach(visit);
  return reached;
}
