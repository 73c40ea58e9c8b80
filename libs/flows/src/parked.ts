import type { Instant } from '@orderloom/kernel';
import type { FlowInstance, KeptInput } from './instance.js';
import type { Step } from './step.js';

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
