import { SpanKind } from '@opentelemetry/api';
import type { Deadline, DeadlineWrite, Meta } from '@orderloom/event-sourcing';
import { traced } from '@orderloom/messaging';
import type { Cause, Delivery } from './delivery.js';
import type { FlowInput } from './flow.js';
import { type FlowInstance, stateName } from './instance.js';
import type { Step } from './step.js';

/** What a flow's deadline says when it fires. */
export interface DeadlineData {
  readonly input: FlowInput;
  readonly policy?: string;
  /** `traceparent` of the step that set it. */
  readonly trace?: string;
}

/** Says what a step did, once it is known. */
export type Told = (before: FlowInstance | null, step: Step, delivery: Delivery) => void;

/** Gives a flow one input as a span, whose trace its events have. */
export const stepping = (
  flowId: string,
  { input, meta }: Pick<Cause, 'input' | 'meta'>,
  work: (meta: Meta, told: Told) => Promise<Delivery>,
): Promise<Delivery> =>
  traced({ name: 'flow', parent: meta.trace, attributes: () => ({ 'orderloom.flow.id': flowId }) }, async (span) => {
    const delivery = await work({ ...meta, trace: span.trace }, (before, { instance, events }, became) => {
      span.rename(`flow ${instance.flow}`);
      span.note(() => ({
        'orderloom.flow.name': instance.flow,
        'orderloom.flow.version': instance.version,
        ...(before && { 'orderloom.flow.from': stateName(before.state) }),
        'orderloom.flow.to': stateName(instance.state),
        'orderloom.flow.input': input.type,
        'orderloom.flow.status': instance.status,
        'orderloom.flow.commands': events.flatMap(({ type, data }) => (type === 'CommandSent' ? [data.command] : [])),
        'orderloom.rule': events.find(({ rule }) => rule !== undefined)?.rule,
        'orderloom.outcome': became,
      }));
    });
    span.note(() => ({ 'orderloom.outcome': delivery }));
    return delivery;
  });

/** Fires a deadline as a span: a trace of its own, linked to the step that set it. */
export const firing = (
  { id, generation, owner, data }: Omit<Deadline, 'dueAt'>,
  work: (trace: string | undefined) => Promise<Delivery>,
): Promise<Delivery> => {
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

/** Deadlines that name the step which sets them, for `firing`. */
export const traceable = (deadlines: readonly DeadlineWrite[], trace: string | undefined): readonly DeadlineWrite[] =>
  trace === undefined
    ? deadlines
    : deadlines.map((write) =>
        write.op === 'set' ? { ...write, deadline: { ...write.deadline, data: { ...write.deadline.data, trace } } } : write,
      );
