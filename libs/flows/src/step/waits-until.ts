import type { DeadlineWrite } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import type { FlowEvent } from './flow-event.js';
import type { OpenTask } from './instance.js';

/** Says in the last move of `events` until when the flow waits in its new state: the earliest of the deadlines that were set with it. */
export function recordWaitsUntil(events: FlowEvent[], written: readonly DeadlineWrite[]): void {
  const [dueAt] = written.flatMap((write) => (write.op === 'set' ? [write.deadline.dueAt] : [])).toSorted();
  const move = events.findLastIndex(({ type }) => type === 'FlowMoved' || type === 'FlowStarted');
  const event = events[move];
  if (event && dueAt !== undefined) events[move] = { ...event, data: { ...event.data, dueAt } } as FlowEvent;
}

/** A task that was reminded early keeps its due time. */
export const isDueLater = (task: OpenTask, now: Instant): boolean => task.dueAt !== null && task.dueAt > now;
