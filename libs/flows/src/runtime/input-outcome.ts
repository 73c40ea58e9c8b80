import type { CloudEvent } from '@orderloom/messaging';
import type { EventStore, Meta, Outcome } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import type { FlowInput } from '../definition/chart.js';
import type { FlowInstance, DeferredInput } from '../step/instance.js';
import { flowEnded, taskClosed } from '../step/step-builder.js';
import type { Step } from '../step/step.js';
import type { TaskWork } from '../step/task-work.js';

/** Outcome of an input. */
export type InputOutcome = 'moved' | 'kept' | 'strayed' | 'duplicate' | 'parked';

/** An answer to a task by a sender who may answer for `teams`. `refused` is the reason if the answer contradicts its task. */
export type GivenAnswer = CloudEvent<{
  readonly taskId: string;
  readonly answer: FlowInput;
  readonly by: string;
  readonly teams: readonly string[];
  readonly refused?: string | undefined;
  /** Set for a person: the answer is refused while somebody else holds the task. A system answers for its team, whoever holds it. */
  readonly person?: string | undefined;
}>;

/** An input with its origin. */
export interface IncomingInput extends DeferredInput {
  readonly meta: Meta;
}

export const flowOfTask = (taskId: string): string => taskId.slice(0, taskId.lastIndexOf('.'));

/** Returns whether a task is not asked yet, because the service was restored to an earlier state and will ask it again. */
export async function isTaskNotYetAsked(store: Pick<EventStore, 'row'>, taskId: string): Promise<boolean> {
  const flow = await store.row<FlowInstance>('flows', flowOfTask(taskId));
  return !flow || (flow.status !== 'ended' && Number(taskId.slice(taskId.lastIndexOf('.') + 1)) > flow.streamVersion);
}

export function causeOf(message: CloudEvent, input: FlowInput): IncomingInput {
  const meta = {
    by: message.by ?? message.source,
    causation: message.id,
    causationSource: message.source,
    correlation: message.correlation ?? message.id,
    trace: message.traceparent,
    causedAt: message.recordedAt,
  };
  return { input, messageId: `${message.source}/${message.id}`, by: meta.by, meta };
}

export function causeOfAnswer(message: GivenAnswer): IncomingInput {
  const { taskId, answer, by, teams, refused } = message.data;
  return { ...causeOf({ ...message, by }, { ...answer, by }), taskId, teams, ...(refused !== undefined && { refused }) };
}

/** Id and trace of a command over HTTP. */
export interface WorkSource {
  readonly id: string;
  readonly trace?: string | undefined;
}

export function causeOfWork({ kind, by }: TaskWork, { id, trace }: WorkSource): IncomingInput {
  return { input: { type: kind, by }, messageId: `${worklist}/${id}`, by, meta: { by, causation: id, trace } };
}

/** Source of what people do with tasks over HTTP. */
export const worklist = '/orderloom/worklist';

export const deferredInputOf = ({ meta: _meta, ...input }: IncomingInput): DeferredInput => input;

export const joinSteps = (a: Step, b: Step): Step => ({
  ...b,
  events: [...a.events, ...b.events],
  deadlines: [...a.deadlines, ...b.deadlines],
  moved: a.moved || b.moved,
});

/** Reason why an ignored answer is refused; undefined if it was handled or deferred, or only came too late (CS-02). */
export function refusalOf({ events }: Step): string | undefined {
  const stray = events.find((event) => event.type === 'InputStrayed');
  return stray?.type === 'InputStrayed' && stray.data.why !== flowEnded && stray.data.why !== taskClosed ? stray.data.why : undefined;
}

export function outcomeOf({ instance, moved, events }: Step): InputOutcome {
  if (events.some((e) => e.type === 'FlowParked')) return 'parked';
  if (moved) return 'moved';
  return instance.status !== 'ended' && events.some((e) => e.type === 'InputKept') ? 'kept' : 'strayed';
}

/** Maps the outcome of a commit to that of the input; undefined means that the step must be retried. */
export function inputOutcome(outcome: Outcome, step: Step): InputOutcome | undefined {
  switch (outcome.status) {
    case 'committed':
      return outcomeOf(step);
    case 'duplicate':
    case 'stale':
      return 'duplicate';
    case 'taken':
      throw new Refusal('change-already-open', `another flow holds ${outcome.key}: wait until it has ended`, 'ORD-03');
    case 'conflict':
      return undefined;
  }
}

export const tooManyConflicts = (flowId: string, attempts: number, outcome: Outcome): Error =>
  new Error(`cannot commit flow ${flowId}: ${attempts} conflicts on ${outcome.status === 'conflict' ? outcome.stream : outcome.status}`);
