import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { may, topicsWrittenBy } from '@orderloom/contracts';
import type { ListedRecord, Meta, ParkedRecord, Retry, StoredOperatorAction } from '@orderloom/event-sourcing';
import type { FlowInstance } from '@orderloom/flows';
import { NotFound } from '@orderloom/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CommandResponse, CommandIdentity } from '../http/commands/command-response.js';
import { RequirePermission, CurrentUser } from '../auth/auth.js';
import { Idempotent } from '../http/commands/idempotency.js';
import { Operation } from '../openapi/operation.js';
import { RequestMeta } from '../http/request-meta.js';
import type { Caller } from '../auth/token.js';
import { ListFlows, ListParked, ListOperatorActions, ListRetries, ResolveFlow, ResolveParked, ShowFlow, ShowParked } from './operations.js';
import { page, paged, pageOf } from './page.js';

const record = z.record(z.string(), z.unknown());
const text = z.string().min(1).max(200);
const flowQuery = z.strictObject({
  ...{ subject: text.optional(), status: z.enum(['active', 'parked', 'ended']).optional(), flow: text.optional() },
  ...page,
});
const parkedQuery = z.strictObject({ ...page, limit: page.limit.default(100) });
const dismissal = z.object({ reason: text });
const nothing = z.object({}).nullish();

/** Running and ended flows. */
@Controller('flows')
export class FlowsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequirePermission('flow:read')
  @Operation({ summary: `Flows by subject, status and kind. ${paged}`, rule: 'CS-04', answers: { 200: z.array(record) } })
  async list(
    @Query({ schema: flowQuery }) { limit, after, ...where }: z.infer<typeof flowQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FlowInstance[]> {
    const given = Object.entries(where).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const found = await this.queries.execute(
      new ListFlows(Object.fromEntries(given), { limit: limit + 1, ...(after !== undefined && { after }) }),
    );
    return pageOf(found, limit, ({ flowId }) => flowId, where, reply);
  }

  @Get(':flowId')
  @RequirePermission('flow:read')
  @Operation({ summary: 'A flow: its state, open tasks and deadlines', rule: 'CS-04', answers: { 200: record } })
  show(@Param('flowId', { schema: text }) flowId: string): Promise<FlowInstance> {
    return this.queries.execute(new ShowFlow(flowId));
  }

  @Post(':flowId/redrive')
  @RequirePermission('flow:redrive')
  @Operation({ summary: 'Retries a parked flow', answers: { 200: z.object({ flowId: z.string(), result: z.string() }) } })
  redrive(
    @Param('flowId', { schema: text }) flowId: string,
    @Body({ schema: nothing }) _nothing: object | undefined,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new ResolveFlow(flowId, undefined, { command, meta }));
  }

  @Post(':flowId/dismissal')
  @RequirePermission('flow:dismiss')
  @Operation({
    summary: 'Dismisses a parked flow with a reason: it ends, and its tasks are withdrawn',
    rule: 'CS-03',
    answers: { 200: z.object({ flowId: z.string(), dismissed: z.boolean() }) },
  })
  dismiss(
    @Param('flowId', { schema: text }) flowId: string,
    @Body({ schema: dismissal }) { reason }: z.infer<typeof dismissal>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new ResolveFlow(flowId, reason, { command, meta }));
  }
}

/** Records that could not be handled. */
@Controller('parked')
export class ParkedController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequirePermission('parked:read')
  @Operation({
    summary:
      'Parked records, of the topics that the caller writes or of all: what is wrong with which field, and what waits behind. 100 at most unless `limit` says otherwise; the header `link` (rel="next") names the next page',
    answers: { 200: z.array(record) },
  })
  async list(
    @Query({ schema: parkedQuery }) { limit, after }: z.infer<typeof parkedQuery>,
    @CurrentUser() who: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<readonly ListedRecord[]> {
    const topics = topicsSeenBy(who);
    const found = await this.queries.execute(
      new ListParked({ limit: limit + 1, ...(after !== undefined && { after }), ...(topics && { topics }) }),
    );
    return pageOf(found, limit, ({ id }) => id, {}, reply);
  }

  @Get(':id')
  @RequirePermission('parked:read')
  @Operation({ summary: 'A parked record with its whole content, which the list leaves out above 16 kB', answers: { 200: record } })
  async show(@Param('id', { schema: text }) id: string, @CurrentUser() who: Caller): Promise<ParkedRecord> {
    const found = await this.queries.execute(new ShowParked(id));
    if (topicsSeenBy(who)?.includes(found.topic) === false) throw new NotFound(`parked record ${id}`);
    return found;
  }

  @Post(':id/redrive')
  @RequirePermission('parked:redrive')
  @Operation({ summary: 'Retries a parked record and its queue', answers: { 200: z.object({ id: z.string(), handled: z.int() }) } })
  redrive(
    @Param('id', { schema: text }) id: string,
    @Body({ schema: nothing }) _nothing: object | undefined,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new ResolveParked(id, undefined, { command, meta }));
  }

  @Post(':id/dismissal')
  @RequirePermission('parked:dismiss')
  @Operation({ summary: 'Dismisses a parked record with a reason', answers: { 200: z.object({ id: z.string(), dismissed: z.boolean() }) } })
  dismiss(
    @Param('id', { schema: text }) id: string,
    @Body({ schema: dismissal }) { reason }: z.infer<typeof dismissal>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new ResolveParked(id, reason, { command, meta }));
  }
}

/** The topics whose parked records `who` may see; undefined for all (I12). */
const topicsSeenBy = ({ role }: Caller): readonly string[] | undefined =>
  may(role, 'parked:read:all') ? undefined : topicsWrittenBy(role);

/** Operator actions on parked messages and flows, and automatic retries. */
@Controller()
export class OperatorActionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('repairs')
  @RequirePermission('parked:read:all')
  @Operation({
    summary: 'Who redrove or dismissed which parked message or flow, when and why it was parked; newest first, 500 at most',
    rule: 'CS-04',
    answers: { 200: z.array(record) },
  })
  repairs(): Promise<readonly StoredOperatorAction[]> {
    return this.queries.execute(new ListOperatorActions());
  }

  @Get('retries')
  @RequirePermission('parked:read:all')
  @Operation({
    summary: 'Messages and deadlines that this process retries: number of attempts, last error, time of the next attempt',
    answers: { 200: z.array(record) },
  })
  retries(): Promise<readonly Retry[]> {
    return this.queries.execute(new ListRetries());
  }
}
