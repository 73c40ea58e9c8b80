import type { FlowEvent } from '../step/flow-event.js';
import type { Walk, FlowPaths } from './path-coverage.js';

/** Commands by which a flow cancels, refunds, refuses, rejects or closes what a customer asked for. */
const settling: ReadonlySet<string> = new Set([
  'CancelOrder',
  'RefuseCancellation',
  'RefuseAddressChange',
  'RequestRefund',
  'FileRefundAgain',
  'RejectRefund',
  'RecordRefundPaid',
  'CloseCase',
]);

/** Inputs that refuse promised money; a person always has to look at them. */
const refusals: ReadonlySet<string> = new Set(['RefundApplicationRefused', 'ApprovalDenied', 'PayoutGivenUp']);

/**
 * Violations of the duties that every flow has towards a customer, by duty; `{}` is good. CS-02: no end that takes something away
 * from the customer is silent. REF-05: a refused application is somebody's task.
 */
export function brokenDuties(walks: readonly FlowPaths[]): Record<string, string[]> {
  const ended = walks.flatMap(({ all }) => all).filter(({ instance }) => instance.status === 'ended');
  const duties = {
    'every end that cancels, refunds, refuses, rejects or closes tells the customer': ended.flatMap(silent),
    'every refund that is refused or denied leads to a task': ended.flatMap(unattended),
    'every refund that is rejected is the task of somebody': ended.flatMap(rejectedUnasked),
  };
  return Object.fromEntries(Object.entries(duties).flatMap(([duty, faults]) => (faults.length > 0 ? [[duty, [...new Set(faults)]]] : [])));
}

/** The last thing that the walk settled, where the customer was told nothing in that step or later, nor written to by a person (REF-04). */
function silent(walk: Walk): string[] {
  const steps = stepsOf(walk);
  const commands = (step: readonly FlowEvent[]): string[] =>
    step.flatMap((e) => (e.type === 'CommandSent' && settling.has(e.data.command) ? [e.data.command] : []));
  const last = steps.findLastIndex((step) => commands(step).length > 0);
  const isWritten = walk.inputs.slice(Math.max(0, last)).some(({ type }) => type === 'RefundMailSent');
  if (last < 0 || isWritten || steps.slice(last).some((step) => has(step, 'CustomerTold'))) return [];
  return [`${walk.instance.outcome} says nothing to the customer after ${commands(steps[last] ?? []).join(', ')}: ${wayOf(walk)}`];
}

/** Refusals after which nobody was asked anything. */
function unattended(walk: Walk): string[] {
  const steps = stepsOf(walk);
  return walk.inputs.flatMap(({ type }, i) =>
    refusals.has(type) && !steps.slice(i + 1).some((step) => has(step, 'TaskAsked'))
      ? [`${walk.instance.outcome} asks nobody after ${type}: ${wayOf(walk)}`]
      : [],
  );
}

/** REF-05: rejections that nobody was asked to decide about, neither before (`decide-rejected-refund`) nor after. */
function rejectedUnasked(walk: Walk): string[] {
  const rejected = walk.inputs.findIndex(({ type }) => type === 'RefundRejected');
  if (rejected < 0) return [];
  const steps = stepsOf(walk);
  const isDecided = walk.said.some((event) => event.type === 'TaskAsked' && event.data.question === 'decide-rejected-refund');
  if (isDecided || steps.slice(rejected + 1).some((step) => has(step, 'TaskAsked'))) return [];
  return [`${walk.instance.outcome} asks nobody about RefundRejected: ${wayOf(walk)}`];
}

/** The messages of the start, then of each input. */
function stepsOf({ said }: Walk): FlowEvent[][] {
  const steps: FlowEvent[][] = [[]];
  for (const event of said) {
    if (event.type === 'FlowMoved') steps.push([]);
    steps.at(-1)?.push(event);
  }
  return steps;
}

const has = (step: readonly FlowEvent[], type: FlowEvent['type']): boolean => step.some((event) => event.type === type);
const wayOf = ({ inputs }: Walk): string => inputs.map(({ type }) => type).join(', ');
