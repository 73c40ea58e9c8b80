import type { Deadline, UnitOfWork } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import type { IncomingInput } from './input-outcome.js';
import type { DeadlineData } from './telemetry.js';

/** Converts a due deadline to an input of its flow. */
export function causeOfDeadline({ id, generation, data }: Omit<Deadline, 'dueAt'>, trace?: string): IncomingInput {
  const messageId = `${id}/${generation}`;
  return { input: (data as DeadlineData).input, messageId, by: 'clock', meta: { by: 'clock', causation: deriveId(messageId), trace } };
}

/** Removes the deadline in the unit of work of the step that it causes. */
export const removeDeadline =
  ({ id, generation }: Omit<Deadline, 'dueAt'>) =>
  (): Partial<UnitOfWork> => ({ deadlines: [{ op: 'fire', id, generation }] });
