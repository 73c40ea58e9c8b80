import type { Deadline, DeadlineWrite } from '@orderloom/event-sourcing';
import { addDuration, type Instant, type Policies, UnknownCalendarDay } from '@orderloom/kernel';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance } from './instance.js';
import type { Step } from './step.js';

/** The base of a deadline; deadlines of older releases lack the base or the version. */
interface CountedFrom {
  readonly policy?: string;
  readonly policyVersion?: string;
  readonly base?: Instant;
  readonly questions?: readonly string[];
}

/** The deadlines of a flow that a recount sets anew, and the number of those that it has to leave as they are. */
export interface Recounted {
  /** Null where no due time changes. */
  readonly step: Step | null;
  readonly moved: number;
  /** Set by a release that did not keep the base. */
  readonly withoutBase: number;
  /** The policy value is unknown, or its due time is on a day that the calendar does not cover. */
  readonly uncountable: number;
}

/**
 * CS-02: counts the `open` deadlines of a flow anew from their base, without those for which `isCounted` says that their version is the
 * recounted one or a later one. A task that is due by a deadline moves with it. Pure; needs no chart, so parked flows are recounted too.
 */
export function recountDeadlines(
  before: FlowInstance,
  open: readonly Deadline[],
  policies: Policies,
  isCounted: (policyVersion: string) => boolean,
): Recounted {
  const older = open.filter(({ data }) => !isCounted((data as CountedFrom).policyVersion ?? ''));
  const results = older.map((deadline) => ({ deadline, dueAt: dueAgain(deadline.data as CountedFrom, policies) }));
  const moved = results.flatMap(({ deadline, dueAt }) =>
    typeof dueAt === 'symbol' || dueAt === deadline.dueAt ? [] : [{ deadline, dueAt }],
  );
  return {
    step: moved.length === 0 ? null : movedStep(before, moved, policies.version),
    moved: moved.length,
    withoutBase: results.filter(({ dueAt }) => dueAt === noBase).length,
    uncountable: results.filter(({ dueAt }) => dueAt === uncountable).length,
  };
}

interface Moved {
  readonly deadline: Deadline;
  readonly dueAt: Instant;
}

const noBase = Symbol('no base');
const uncountable = Symbol('uncountable');

function dueAgain(
  { policy: name = '', base }: CountedFrom,
  { deadlines, calendar }: Policies,
): Instant | typeof noBase | typeof uncountable {
  if (base === undefined) return noBase;
  const policy = deadlines[name];
  if (!policy) return uncountable;
  try {
    return addDuration(base, policy, calendar);
  } catch (error) {
    if (!(error instanceof UnknownCalendarDay)) throw error;
    return uncountable;
  }
}

function movedStep(before: FlowInstance, moved: readonly Moved[], policyVersion: string): Step {
  const { flowId, flow, version, streamVersion } = before;
  const of = { flowId, flow, version };
  const tasks = before.tasks.map((task) => {
    const dueTimes = moved.filter(({ deadline }) => isDueBy(task, deadline)).map(({ dueAt }) => dueAt);
    return { ...task, dueAt: dueTimes.sort()[0] ?? task.dueAt };
  });
  const deadlines = moved.map(({ deadline, dueAt }) => ({ policy: policyOf(deadline), dueBefore: deadline.dueAt, dueAt }));
  const events: FlowEvent[] = [
    { type: 'DeadlinesRecounted', data: { ...of, settings: policyVersion, deadlines }, rule: 'CS-02' },
    ...tasks.flatMap(({ taskId, team, question, dueAt, rule }, i): FlowEvent[] =>
      dueAt === null || dueAt === before.tasks[i]?.dueAt
        ? []
        : [{ type: 'TaskDueChanged', data: { ...of, taskId, team, question, dueAt }, rule }],
    ),
  ];
  const generation = streamVersion + 1;
  return {
    instance: { ...before, tasks, streamVersion: streamVersion + events.length },
    events,
    deadlines: moved.map(({ deadline, dueAt }): DeadlineWrite => ({
      op: 'set',
      deadline: { ...deadline, generation, dueAt, data: { ...deadline.data, policyVersion } },
    })),
    moved: true,
  };
}

const policyOf = ({ data }: Deadline): string => (data as CountedFrom).policy ?? '';

/** The team was told the due time of this deadline. */
const isDueBy = ({ question, dueAt }: FlowInstance['tasks'][number], deadline: Deadline): boolean =>
  dueAt === deadline.dueAt && (deadline.data as CountedFrom).questions?.includes(question) === true;
