import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { may, rolesThatMay, taskComment, taskId as taskIds, type Team } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { currentClaim, flowOfTask, type FlowInstance, type FlowRuntime, type TaskWork } from '@orderloom/flows';
import { type Instant, InvalidInput, NotFound } from '@orderloom/kernel';
import { z } from 'zod';
import type { Caller } from '../auth/token.js';
import { type CommandResponse, type CommandSource, DuplicateCommand } from '../http/commands/command-response.js';
import { EVENT_STORE } from '../http/commands/idempotency.js';
import { HttpProblem } from '../http/problems/problem.js';
import { type Sealing, SEALING } from '../privacy/sealing.js';
import { FLOW_RUNTIME } from './answer-task.js';

/** A person, with or without their role: `chen`, `purchasing:chen`. */
export const handOver = z.object({
  to: z
    .string()
    .regex(
      /^([a-z][a-z0-9-]{0,39}:)?[\p{L}\p{N}._@-]{1,80}$/u,
      'must be the name of a person, with or without a role: chen, purchasing:chen',
    )
    .describe('a person of the team of the task: `chen`, or with the role `purchasing:chen`'),
});

/** A request about a task; the caller is in `who`. */
export type AskedWork = TaskWork extends infer W ? (W extends TaskWork ? Omit<W, 'by'> : never) : never;

/** A person claims, releases, hands over or comments a task. */
export class WorkOnTask extends Command<CommandResponse> {
  constructor(
    readonly taskId: string,
    readonly work: AskedWork,
    readonly who: Caller,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(WorkOnTask)
export class WorkOnTaskHandler implements ICommandHandler<WorkOnTask> {
  constructor(
    @Inject(FLOW_RUNTIME) private readonly runtime: FlowRuntime,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  async execute({ taskId, work, who, from }: WorkOnTask): Promise<CommandResponse> {
    if (!taskIds.safeParse(taskId).success) throw new NotFound(`task ${taskId}`);
    const flow = await this.runtime.instance(flowOfTask(taskId));
    const task = flow.tasks.find((one) => one.taskId === taskId);
    if (task && !may(who.role, `task:answer:${task.team as Team}`))
      throw new HttpProblem(403, 'not-your-task', `This task is for ${task.team}, not for ${who.role}.`);
    const { by, trace } = from.meta;
    const { id, fingerprint, keep } = from.command;
    const asked = { ...(await this.sealed(work, flow.subject, task?.team)), by } as TaskWork;
    const kept = (await keep?.(flow.subject, 'WorkOnTask')) ?? [];
    const outcome = await this.runtime.handleTaskWork(taskId, asked, { id, trace }, ({ instance }) => ({
      command: { id, fingerprint, ...claimOf(instance, taskId) },
      appends: kept,
    }));
    const stored = outcome === 'duplicate' ? await this.store.commandResponse(id) : undefined;
    if (stored) throw new DuplicateCommand(stored);
    return claimOf(await this.runtime.instance(flow.flowId), taskId, await this.store.now());
  }

  /** A comment sealed for the customer of the task, and the person with a role of the team. */
  private async sealed(work: AskedWork, subject: string, team: string | undefined): Promise<AskedWork> {
    if (work.kind === 'comment') return this.sealing.seal(commentOf, work, subject);
    return work.kind === 'hand-over' ? { ...work, to: personOfTeam(work.to, team as Team | undefined) } : work;
  }
}

const commentOf = z.object({ kind: z.string(), comment: taskComment }) as z.ZodType;

/** Throws `InvalidInput` for a role that may not answer for the team. A closed task, which has no team any more, is refused later. */
function personOfTeam(to: string, team: Team | undefined): string {
  if (team === undefined) return to;
  const roles = rolesThatMay(`task:answer:${team}`);
  const colon = to.indexOf(':');
  if (colon < 0) return `${roles[0]}:${to}`;
  if (roles.some((role) => role === to.slice(0, colon))) return to;
  throw new InvalidInput([
    { field: 'to', message: `is ${to}, but the task is for ${team}: hand it over to a person of the role ${roles.join(' or ')}` },
  ]);
}

/** The claim after a step, or the one that holds at `now`. */
function claimOf({ tasks }: FlowInstance, taskId: string, now?: Instant): CommandResponse {
  const task = tasks.find((one) => one.taskId === taskId);
  const claim = task && (now === undefined ? task.claim : currentClaim(task, now));
  return { status: 200, body: { taskId, claim: claim ?? null } };
}
