import {
  type Append,
  type Decider,
  type Decision,
  type EventStore,
  execute,
  type Fact,
  type Meta,
  type Outcome,
  type StoredResponse,
  type UnitOfWork,
  type CommandInput,
} from '@orderloom/event-sourcing';
import type { Refusal } from '@orderloom/kernel';
import { HttpProblem } from '../problems/problem.js';

/** What a POST handler returns: HTTP status and body. */
export interface CommandResponse {
  readonly status: number;
  readonly body: unknown;
}

/** A command's identity: with its answer it is the `command` of a unit of work. */
export interface CommandIdentity {
  readonly id: string;
  readonly fingerprint: string;
  /** What keeps the fields of its body that nobody here knows, if there are any. */
  readonly keep?: (orderNumber: string, of: string) => Promise<readonly Append[]>;
}

/** Another process was first with the same command: its answer is the one to give. */
export class DuplicateCommand extends Error {
  constructor(readonly answer: StoredResponse) {
    super('the command was answered before');
    this.name = 'DuplicateCommand';
  }
}

/** What to answer after a commit: `answer` where it is committed; the stored one of a duplicate, or a 409 to try again, are thrown. */
export function toResponse(outcome: Outcome, answer: CommandResponse): CommandResponse {
  if (outcome.status === 'committed') return { status: answer.status, body: answer.body };
  if (outcome.status === 'duplicate' && outcome.answer) throw new DuplicateCommand(outcome.answer);
  throw new HttpProblem(409, 'changed-meanwhile', 'What this is about was changed at the same moment. Try again with the same key.', {
    'retry-after': '1',
  });
}

/** Where a command comes from: the identity of its POST and its meta. */
export interface CommandSource {
  readonly command: CommandIdentity;
  readonly meta: Meta;
}

/** What goes into the unit of work beside the decision, and the refusal that an `insert` of a taken row stands for. */
export interface CommandOptions<State, Event extends Fact> {
  readonly extra?: (decision: Decision<State, Event>) => Partial<UnitOfWork>;
  readonly taken?: Refusal;
}

/** Carries out the command of a POST: its events and the answer that `answer` makes of the new state are committed as one. */
export async function executeCommand<State, Command, Event extends Fact>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  id: string,
  command: CommandInput<Command>,
  from: CommandSource,
  answer: (state: State) => CommandResponse,
  beside: CommandOptions<State, Event> = {},
): Promise<CommandResponse> {
  const { id: commandId, fingerprint, keep } = from.command;
  const { orderNumber = id, type = decider.name } = command as { orderNumber?: string; type?: string };
  const kept = (await keep?.(orderNumber, type)) ?? [];
  const { outcome, state } = await execute(store, decider, id, command, from.meta, (decision) => {
    const extra = beside.extra?.(decision);
    return { ...extra, appends: [...(extra?.appends ?? []), ...kept], command: { id: commandId, fingerprint, ...answer(decision.state) } };
  });
  if (outcome.status === 'taken' && beside.taken) throw beside.taken;
  return toResponse(outcome, answer(state));
}
