import { type DeadlineWrite, operatorActionRow, type OperatorAction, type RowWrite } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance, DeferredInput } from './instance.js';
import type { Step } from './step.js';

export type ParkedInput = NonNullable<FlowInstance['parked']>;

/** Parks a flow whose input caused an error. The error is visible, and later inputs are deferred in order. */
export function park(before: FlowInstance, input: DeferredInput, error: unknown, now: Instant): Step {
  const message = error instanceof Error ? error.message : String(error);
  const { flowId, flow, version } = before;
  return {
    instance: { ...before, status: 'parked', parked: { error: message, input }, movedAt: now, streamVersion: before.streamVersion + 1 },
    events: [{ type: 'FlowParked', data: { flowId, flow, version, input: input.input, error: message } }],
    deadlines: [],
    moved: false,
  };
}

/** Inputs that a redrive handles: the one that failed, then the deferred ones. */
export const inputsToRedrive = (instance: FlowInstance): readonly DeferredInput[] => [
  ...(instance.parked ? [instance.parked.input] : []),
  ...instance.kept,
];

/** Reactivates a parked flow, before it handles any input. */
export function reactivate(before: FlowInstance, { input }: DeferredInput, now: Instant): Step {
  const { flowId, flow, version, streamVersion } = before;
  return {
    instance: { ...before, status: 'active', parked: undefined, kept: [], movedAt: now, streamVersion: streamVersion + 1 },
    events: [{ type: 'FlowRedriven', data: { flowId, flow, version, input } }],
    deadlines: [],
    moved: false,
  };
}

/** Ends a parked flow: withdraws its tasks, cancels its deadlines and drops deferred inputs. Works without the flow's definition. */
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

/** The operator action on a parked flow, as a row. */
export const repair = (
  { flowId, subject, movedAt, parked: still }: FlowInstance,
  { input: { input }, error }: ParkedInput,
  done: Pick<OperatorAction, 'action' | 'by' | 'reason'>,
): RowWrite =>
  operatorActionRow({ what: 'flow', of: flowId, type: input.type, key: subject, at: movedAt, error: still?.error ?? error, ...done });
