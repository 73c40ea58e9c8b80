import type { Append, NewEvent, RowWrite, UnitOfWork } from '@orderloom/event-sourcing';
import type { FlowInstance } from '../step/instance.js';
import type { Step } from '../step/step.js';
import type { IncomingInput } from './input-outcome.js';
import { withTrace } from './telemetry.js';

/** A decided step, not yet committed. */
export interface DecidedStep {
  /** Null where the step starts the flow. */
  readonly before: FlowInstance | null;
  readonly step: Step;
  /** Version of the policy values under which it was decided. */
  readonly policyVersion?: string | undefined;
}

/** Null where there is nothing to do. */
export type Decide = () => Promise<DecidedStep | null>;

/** Further writes in the unit of work of a step. */
export type Extra = (step: Step) => Partial<UnitOfWork>;

/** Events and rows of the commands that a step sends to its own service. */
export interface LocalWrites {
  readonly appends: readonly Append[];
  readonly rows: readonly RowWrite[];
}

/** The unit of work of a step: its input, its effects and the new state. */
export function stepUnit(
  flowId: string,
  cause: IncomingInput,
  { before, step, policyVersion }: DecidedStep,
  own: LocalWrites,
  extra: Partial<UnitOfWork>,
): UnitOfWork {
  const { instance } = step;
  const [heldKey, newKey] = [before?.exclusive, instance.exclusive];
  const claim: RowWrite[] = newKey && !before ? [{ op: 'insert', table: 'flow_claims', key: newKey, row: { flowId } }] : [];
  const release: RowWrite[] = heldKey && !newKey ? [{ op: 'remove', table: 'flow_claims', key: heldKey }] : [];
  const events: NewEvent[] = step.events.map(({ type, data, rule }) => ({ type, data, rule, objects: [{ type: 'flow', id: flowId }] }));
  return {
    ...extra,
    meta: { ...cause.meta, correlation: instance.correlation, policyVersion },
    inbox: { consumer: `flow/${flowId}`, message: cause.messageId },
    appends: [
      { stream: `flow-${flowId}`, subject: instance.subject, expected: before?.streamVersion || 'none', events },
      ...own.appends,
      ...(extra.appends ?? []),
    ],
    rows: [{ op: 'put', table: 'flows', key: flowId, row: instance }, ...claim, ...release, ...own.rows, ...(extra.rows ?? [])],
    deadlines: [...(extra.deadlines ?? []), ...withTrace(step.deadlines, cause.meta.trace)],
  };
}
