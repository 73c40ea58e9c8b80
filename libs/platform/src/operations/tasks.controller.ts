import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { may, readerKeepsUnknown, taskComment, type Team, teams } from '@orderloom/contracts';
import type { Meta } from '@orderloom/event-sourcing';
import type { FlowInput, OpenTask } from '@orderloom/flows';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CommandResponse, CommandIdentity } from '../http/commands/command-response.js';
import { assertMay, RequirePermission, CurrentUser } from '../auth/auth.js';
import { Idempotent } from '../http/commands/idempotency.js';
import { Operation } from '../openapi/operation.js';
import { RequestMeta } from '../http/request-meta.js';
import type { Caller } from '../auth/token.js';
import { ListTasks } from './operations.js';
import { AnswerTask } from './answer-task.js';
import { page, paged, pageOf } from './page.js';
import { handOver, WorkOnTask } from './work-on-task.js';

const record = z.record(z.string(), z.unknown());
const text = z.string().min(1).max(200);
const nothing = z.object({}).nullish();
const anAnswer = readerKeepsUnknown(z.looseObject({ type: z.string().min(1).max(80) }).meta({ id: 'TaskAnswer' }));
const aComment = z.object({ comment: taskComment });
const taskQuery = z.strictObject({ team: z.enum(teams).optional(), ...page });
const claimed = z.object({
  taskId: z.string(),
  claim: z.object({ by: z.string(), until: z.string() }).nullable().describe('who holds the task until when; null where nobody does'),
});

/** The worklist: tasks of the teams, and their answers. */
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequirePermission('task:read')
  @Operation({
    summary: `Open tasks that the caller may see, a team's or all, oldest first. ${paged}`,
    rule: 'CS-02',
    answers: { 200: z.array(record) },
  })
  async list(
    @Query({ schema: taskQuery }) { team, limit, after }: z.infer<typeof taskQuery>,
    @CurrentUser() who: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenTask[]> {
    const seen = teamsSeenBy(who, team);
    const tasks = (await this.queries.execute(new ListTasks()))
      .filter((task) => seen.has(task.team) && (after === undefined || placeOf(task) > after))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    return pageOf(tasks, limit, placeOf, { team }, reply);
  }

  @Post(':taskId/answer')
  @RequirePermission('task:answer')
  @Operation({
    summary: 'Answers a task; exactly one answer counts',
    rule: 'CS-02',
    answers: { 200: z.object({ taskId: z.string(), result: z.string() }) },
  })
  answer(
    @Param('taskId', { schema: text }) taskId: string,
    @Body({ schema: anAnswer }) answer: FlowInput,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
    @CurrentUser() who: Caller,
  ): Promise<CommandResponse> {
    return this.commands.execute(new AnswerTask(taskId, answer, who, { command, meta }));
  }

  @Post(':taskId/claim')
  @RequirePermission('task:answer')
  @Operation({
    summary:
      'Claims an open task for the time of `taskClaim`, or extends the own claim. While it lasts, nobody else claims the task or answers it over HTTP',
    rule: 'CS-02',
    answers: { 200: claimed },
  })
  claim(
    @Param('taskId', { schema: text }) taskId: string,
    @Body({ schema: nothing }) _nothing: object | undefined,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
    @CurrentUser() who: Caller,
  ): Promise<CommandResponse> {
    return this.commands.execute(new WorkOnTask(taskId, { kind: 'claim' }, who, { command, meta }));
  }

  @Post(':taskId/release')
  @RequirePermission('task:answer')
  @Operation({
    summary: 'Gives a claimed task back. Its holder may, and a supervisor; without a claim nothing changes',
    rule: 'CS-02',
    answers: { 200: claimed },
  })
  release(
    @Param('taskId', { schema: text }) taskId: string,
    @Body({ schema: nothing }) _nothing: object | undefined,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
    @CurrentUser() who: Caller,
  ): Promise<CommandResponse> {
    return this.commands.execute(new WorkOnTask(taskId, { kind: 'release' }, who, { command, meta }));
  }

  @Post(':taskId/hand-over')
  @RequirePermission('task:answer')
  @Operation({
    summary:
      'Hands a task over to a person of its team, who then holds it. Its holder may, a supervisor, and where nobody holds it the team',
    rule: 'CS-02',
    answers: { 200: claimed },
  })
  handOver(
    @Param('taskId', { schema: text }) taskId: string,
    @Body({ schema: handOver }) { to }: z.infer<typeof handOver>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
    @CurrentUser() who: Caller,
  ): Promise<CommandResponse> {
    return this.commands.execute(new WorkOnTask(taskId, { kind: 'hand-over', to }, who, { command, meta }));
  }

  @Post(':taskId/comments')
  @RequirePermission('task:answer')
  @Operation({ summary: 'Notes a comment on an open task, whoever holds it', rule: 'CS-02', answers: { 200: claimed } })
  comment(
    @Param('taskId', { schema: text }) taskId: string,
    @Body({ schema: aComment }) { comment }: z.infer<typeof aComment>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
    @CurrentUser() who: Caller,
  ): Promise<CommandResponse> {
    return this.commands.execute(new WorkOnTask(taskId, { kind: 'comment', comment }, who, { command, meta }));
  }
}

/** Sort key of a task in the list: a new task comes last, so that earlier pages do not change. */
const placeOf = ({ askedAt, taskId }: OpenTask): string => `${askedAt} ${taskId}`;

/** Teams whose tasks `who` may see, or the requested one. Throws 403 if `who` may not see that (I12). */
export function teamsSeenBy(who: Caller, team?: Team): ReadonlySet<string> {
  if (team !== undefined) assertMay(who, `task:read:${team}`);
  return new Set(team === undefined ? teams.filter((each) => may(who.role, `task:read:${each}`)) : [team]);
}
