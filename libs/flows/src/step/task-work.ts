import { addDuration, type Instant, instant, NotFound, type Policies, Refusal, UnknownCalendarDay } from '@orderloom/kernel';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance, OpenTask, TaskClaim } from './instance.js';
import type { Step } from './step.js';

/** Something that a person does with an open task, short of answering it. `by` and `to` as in events: `purchasing:li`. */
export type TaskWork =
  | { readonly kind: 'claim'; readonly by: string }
  | { readonly kind: 'release'; readonly by: string }
  | { readonly kind: 'hand-over'; readonly by: string; readonly to: string }
  | { readonly kind: 'comment'; readonly by: string; readonly comment: string };

type WorkEvent = Extract<FlowEvent, { type: 'TaskClaimed' | 'TaskReleased' | 'TaskHandedOver' | 'TaskCommented' }>;
type Written = { [E in WorkEvent as E['type']]: Omit<E['data'], 'flowId' | 'flow' | 'version' | 'taskId' | 'team' | 'question'> };

const claimPolicy = 'taskClaim';
/** For a flow whose version is not registered in this process. */
const defaultClaimMs = 30 * 60_000;

/**
 * CS-02: the events of `work` and the task after it; null where it is already so. Needs no chart. Throws `NotFound`, and `Refusal`
 * `task-closed` or `task-claimed`.
 */
export function workOnTask(taskId: string, work: TaskWork, before: FlowInstance, now: Instant, policies?: Policies): Step | null {
  const task = openTask(before, taskId);
  const claim = currentClaim(task, now);
  switch (work.kind) {
    case 'claim': {
      assertFree(task, work.by, now);
      const until = claimedUntil(now, policies);
      return stepOf(before, task, { by: work.by, until }, 'TaskClaimed', { by: work.by, until });
    }
    case 'release':
      if (!claim) return null;
      assertMayTake(task, work.by, now);
      return stepOf(before, task, undefined, 'TaskReleased', { by: work.by, holder: claim.by });
    case 'hand-over': {
      assertMayTake(task, work.by, now);
      const until = claimedUntil(now, policies);
      const from = claim?.by ?? null;
      return stepOf(before, task, { by: work.to, until }, 'TaskHandedOver', { by: work.by, from, to: work.to, until });
    }
    case 'comment':
      return stepOf(before, task, task.claim, 'TaskCommented', { by: work.by, comment: work.comment });
  }
}

/** Throws `Refusal` `task-claimed` while somebody else than `by` holds the task; a task that is closed is free. */
export function assertFreeFor(instance: FlowInstance, taskId: string, by: string, now: Instant): void {
  const task = instance.tasks.find((one) => one.taskId === taskId);
  if (task) assertFree(task, by, now);
}

/** The claim that holds at `now`. */
export const currentClaim = ({ claim }: Pick<OpenTask, 'claim'>, now: Instant): TaskClaim | undefined =>
  claim && claim.until > now ? claim : undefined;

function openTask({ tasks, streamVersion }: FlowInstance, taskId: string): OpenTask {
  const task = tasks.find((one) => one.taskId === taskId);
  if (task) return task;
  if (Number(taskId.slice(taskId.lastIndexOf('.') + 1)) > streamVersion) throw new NotFound(`task ${taskId}`);
  throw new Refusal('task-closed', `task ${taskId} is closed: it was answered or withdrawn`, 'CS-02');
}

function assertFree(task: OpenTask, by: string, now: Instant): void {
  const claim = currentClaim(task, now);
  if (!claim || isSamePerson(claim.by, by)) return;
  throw new Refusal(
    'task-claimed',
    `${claim.by} holds task ${task.taskId} until ${claim.until}: wait until then, or have it released or handed over`,
    'CS-02',
  );
}

/** A supervisor takes a task from whoever holds it. */
function assertMayTake(task: OpenTask, by: string, now: Instant): void {
  if (!by.startsWith('supervisor:')) assertFree(task, by, now);
}

/** REF-02: a person is the same in every role. */
const isSamePerson = (a: string, b: string): boolean => personOf(a) === personOf(b);
const personOf = (by: string): string => by.slice(by.lastIndexOf(':') + 1);

function claimedUntil(now: Instant, policies: Policies | undefined): Instant {
  const duration = policies?.deadlines[claimPolicy];
  if (!policies || !duration) return instant(new Date(Date.parse(now) + defaultClaimMs));
  try {
    return addDuration(now, duration, policies.calendar);
  } catch (error) {
    if (!(error instanceof UnknownCalendarDay)) throw error;
    throw new Refusal('claim-uncountable', `the end of the claim cannot be counted by ${claimPolicy}: ${error.message}`, 'CS-02');
  }
}

function stepOf<Type extends keyof Written>(
  before: FlowInstance,
  task: OpenTask,
  claim: TaskClaim | undefined,
  type: Type,
  data: Written[Type],
): Step {
  const { flowId, flow, version, streamVersion, tasks } = before;
  const { claim: _before, ...rest } = task;
  const { taskId, team, question } = task;
  const after: OpenTask = { ...rest, ...(claim && { claim }) };
  return {
    instance: { ...before, tasks: tasks.map((one) => (one === task ? after : one)), streamVersion: streamVersion + 1 },
    events: [{ type, data: { flowId, flow, version, taskId, team, question, ...data }, rule: 'CS-02' } as unknown as FlowEvent],
    deadlines: [],
    moved: true,
  };
}
