import { SpanKind } from '@opentelemetry/api';
import type { Deadline, DeadlineWrite, Meta } from '@orderloom/event-sourcing';
import { traced } from '@orderloom/messaging';
import type { IncomingInput, InputOutcome } from './input-outcome.js';
import type { FlowInput } from '../definition/chart.js';
import { type FlowInstance, stateName } from '../step/instance.js';
import type { Step } from '../step/step.js';

/** Data of a flow's deadline. */
export interface DeadlineData {
  readonly input: FlowInput;
  readonly policy?: string;
  /** `traceparent` of the step that set the deadline. */
  readonly trace?: string;
}

/** Adds the outcome of a step to its span. */
export type NoteOutcome = (before: FlowInstance | null, step: Step, delivery: InputOutcome) => void;

/** Runs a step in a span; the events of the step belong to its trace. */
export const traceStep = (
  flowId: string,
  { input, meta }: Pick<IncomingInput, 'input' | 'meta'>,
  work: (meta: Meta, noteOutcome: NoteOutcome) => Promise<InputOutcome>,
): Promise<InputOutcome> =>
  traced({ name: 'flow', parent: meta.trace, attributes: () => ({ 'orderloom.flow.id': flowId }) }, async (span) => {
    const delivery = await work({ ...meta, trace: span.trace }, (before, { instance, events }, outcome) => {
      span.rename(`flow ${instance.flow}`);
      span.setAttributes(() => ({
        'orderloom.flow.name': instance.flow,
        'orderloom.flow.version': instance.version,
        ...(before && { 'orderloom.flow.from': stateName(before.state) }),
        'orderloom.flow.to': stateName(instance.state),
        'orderloom.flow.input': input.type,
        'orderloom.flow.status': instance.status,
        'orderloom.flow.commands': events.flatMap(({ type, data }) => (type === 'CommandSent' ? [data.command] : [])),
        'orderloom.rule': events.find(({ rule }) => rule !== undefined)?.rule,
        'orderloom.outcome': outcome,
      }));
    });
    span.setAttributes(() => ({ 'orderloom.outcome': delivery }));
    return delivery;
  });

/** Fires a deadline in a span with its own trace, linked to the step that set it. */
export const traceDeadline = (
  { id, generation, owner, data }: Omit<Deadline, 'dueAt'>,
  work: (trace: string | undefined) => Promise<InputOutcome>,
): Promise<InputOutcome> => {
  const { policy, trace } = data as DeadlineData;
  const attributes = () => ({
    'orderloom.flow.id': owner,
    'orderloom.deadline.id': id,
    'orderloom.deadline.generation': generation,
    ...(policy !== undefined && { 'orderloom.deadline.policy': policy }),
  });
  return traced({ name: `deadline ${policy ?? ''}`.trim(), kind: SpanKind.CONSUMER, links: () => [trace], attributes }, (span) =>
    work(span.trace),
  );
};

/** Adds the `traceparent` of the current step to deadlines, for `traceDeadline`. */
export const withTrace = (deadlines: readonly DeadlineWrite[], trace: string | undefined): readonly DeadlineWrite[] =>
  trace === undefined
    ? deadlines
    : deadlines.map((write) =>
        write.op === 'set' ? { ...write, deadline: { ...write.deadline, data: { ...write.deadline.data, trace } } } : write,
      );
