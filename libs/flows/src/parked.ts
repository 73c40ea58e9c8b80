import { type DeadlineWrite, repaired, type Repair, type RowWrite } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance, KeptInput } from './instance.js';
import type { Step } from './step.js';

export type ParkedInput = NonNullable<FlowInstance['parked']>;

/** Parks a flow whose input threw: visible, with its reason; what comes now is kept in order. */
export function park(before: FlowInstance, input: KeptInput, error: unknown, now: Instant): Step {
  const message = error instanceof Error ? error.message : String(error);
  const { flowId, flow, version } = before;
  return {
    instance: { ...before, status: 'parked', parked: { error: message, input }, movedAt: now, streamVersion: before.streamVersion + 1 },
    events: [{ type: 'FlowParked', data: { flowId, flow, version, input: input.input, error: message } }],
    deadlines: [],
    moved: false,
  };
}

/** What a parked flow has to take, in order: the input that threw, then what was kept. */
export const unpark = (instance: FlowInstance): readonly KeptInput[] => [
  ...(instance.parked ? [instance.parked.input] : []),
  ...instance.kept,
];

/** A parked flow made active again, before it takes anything. */
export function revive(before: FlowInstance, { input }: KeptInput, now: Instant): Step {
  const { flowId, flow, version, streamVersion } = before;
  return {
    instance: { ...before, status: 'active', parked: undefined, kept: [], movedAt: now, streamVersion: streamVersion + 1 },
    events: [{ type: 'FlowRedriven', data: { flowId, flow, version, input } }],
    deadlines: [],
    moved: false,
  };
}

/** Gives a parked flow up: its tasks are withdrawn, its deadlines cancelled, what it kept is dropped. Needs no chart. */
export function dismiss(before: FlowInstance, reason: string, now: Instant): Step {
  const { flowId, flow, version, tasks, deadlines } = before;
  const of = { flowId, flow, version };
  const events: FlowEvent[] = [
    { type: 'FlowDismissed', data: { ...of, reason } },
    ...tasks.map(({ taskId, team, question, rule }) => ({
      ...{ type: 'TaskClosed' as const, rule },
      data: { ...of, taskId, team, question, how: 'withdrawn' as const, reason: 'dismissed' },
    })),
    { type: 'FlowEnded', data: { ...of, outcome: 'dismissed' } },
  ];
  const ended = {
    status: 'ended',
    outcome: 'dismissed',
    parked: undefined,
    kept: [],
    tasks: [],
    deadlines: [],
    exclusive: undefined,
  } as const;
  return {
    instance: { ...before, ...ended, movedAt: now, streamVersion: before.streamVersion + events.length },
    events,
    deadlines: deadlines.map((id): DeadlineWrite => ({ op: 'cancel', id })),
    moved: true,
  };
}

/** Writes down what somebody did about a flow that was parked with `parked`. */
export const repair = (
  { flowId, subject, movedAt, parked: still }: FlowInstance,
  { input: { input }, error }: ParkedInput,
  done: Pick<Repair, 'did' | 'by' | 'reason'>,
): RowWrite => repaired({ what: 'flow', of: flowId, type: input.type, key: subject, at: movedAt, error: still?.error ?? error, ...done });
