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

/** Response of a POST handler: HTTP status and body. */
export interface CommandResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Identity of a command: with its response it is the `command` of a unit of work. */
export interface CommandIdentity {
  readonly id: string;
  readonly fingerprint: string;
  /** Returns appends that keep the unknown fields of its body, if it has any. */
  readonly keep?: (orderNumber: string, of: string) => Promise<readonly Append[]>;
}

/** Another process executed the same command first. Its response is returned. */
export class DuplicateCommand extends Error {
  constructor(readonly answer: StoredResponse) {
    super('the command was answered before');
    this.name = 'DuplicateCommand';
  }
}

/** Response after a commit: `answer` if committed. For a duplicate it throws the stored response, for a conflict a 409. */
export function toResponse(outcome: Outcome, answer: CommandResponse): CommandResponse {
  if (outcome.status === 'committed') return { status: answer.status, body: answer.body };
  if (outcome.status === 'duplicate' && outcome.answer) throw new DuplicateCommand(outcome.answer);
  throw new HttpProblem(409, 'changed-meanwhile', 'What this is about was changed at the same moment. Try again with the same key.', {
    'retry-after': '1',
  });
}

/** Source of a command: the identity of its POST and its meta. */
export interface CommandSource {
  readonly command: CommandIdentity;
  readonly meta: Meta;
}

/** Additions to the unit of work, and the refusal for an `insert` of an existing row. */
export interface CommandOptions<State, Event extends Fact> {
  readonly extra?: (decision: Decision<State, Event>) => Partial<UnitOfWork>;
  readonly taken?: Refusal;
}

/** Executes the command of a POST. Its events and the response, which `answer` derives from the new state, are committed together. */
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
  const { outcome, state } = await execute(store, {
    decider,
    id,
    command,
    meta: from.meta,
    additions: (decision) => {
      const extra = beside.extra?.(decision);
      return {
        ...extra,
        appends: [...(extra?.appends ?? []), ...kept],
        command: { id: commandId, fingerprint, ...answer(decision.state) },
      };
    },
  });
  if (outcome.status === 'taken' && beside.taken) throw beside.taken;
  return toResponse(outcome, answer(state));
}
