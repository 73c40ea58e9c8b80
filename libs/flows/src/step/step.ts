import type { Instant, Policies } from '@orderloom/kernel';
import type { Flow } from '../definition/flow-definition.js';
import type { FlowInstance, DeferredInput } from './instance.js';
import { ruleOf } from '../definition/machine-queries.js';
import { StepBuilder, type Step } from './step-builder.js';
import { initialTransition } from './transition.js';

/** Settings in force at a flow's start: policies, those of its definition unless given, and the language of messages to the customer. */
interface StartSettings {
  readonly policies?: Policies | undefined;
  readonly language?: string | undefined;
}

/** Starts a flow with the context `initialContext`. */
export function startFlow(
  flow: Flow,
  flowId: string,
  subject: string,
  initialContext: object,
  cause: DeferredInput,
  now: Instant,
  correlation: string,
  { policies = flow.policies, language }: StartSettings = {},
): Step {
  const [snapshot, actions] = initialTransition(flow.machine, initialContext);
  const scribe = new StepBuilder(flow, emptyInstance(flow, flowId, subject, now, correlation, language), now, policies);
  scribe.say('FlowStarted', { input: cause.input, to: snapshot.value }, ruleOf(snapshot));
  scribe.follow(snapshot, actions, cause);
  return scribe.step(true);
}

/** Handles one input of a running flow, then the deferred inputs that have become possible. */
export function handleInput(
  flow: Flow,
  instance: FlowInstance,
  cause: DeferredInput,
  now: Instant,
  policies: Policies = flow.policies,
): Step {
  const scribe = new StepBuilder(flow, instance, now, policies);
  const moved = scribe.take(cause);
  return scribe.step(moved);
}

const emptyInstance = (
  flow: Flow,
  flowId: string,
  subject: string,
  now: Instant,
  correlation: string,
  language: string | undefined,
): FlowInstance => ({
  flowId,
  flow: flow.id,
  version: flow.version,
  subject,
  status: 'active',
  state: null,
  snapshot: null,
  streamVersion: 0,
  tasks: [],
  deadlines: [],
  kept: [],
  correlation,
  ...(language !== undefined && { language }),
  startedAt: now,
  movedAt: now,
  exclusive: flow.exclusive && `${flow.exclusive}/${subject}`,
});

export type { Step };
