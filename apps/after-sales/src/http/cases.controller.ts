import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  caseId,
  caseKind,
  claimedLines,
  plainCustomerText,
  declaredCause,
  finding,
  optionalList,
  optionalText,
  lineQuantity,
  listOrEmpty,
  namesGoods,
  orderNumber,
  reason,
  returnCause,
  optionalWords,
} from '@orderloom/contracts';
import type { Meta, CommandInput } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import {
  type CommandResponse,
  type CommandIdentity,
  Idempotent,
  RequirePermission,
  Operation,
  RequestMeta,
  type Sealing,
  SEALING,
} from '@orderloom/platform';
import { z } from 'zod';
import type { CaseCommand } from '../case-facts.js';
import type { CaseRow } from '../views/cases.view.js';
import { ChangeCase } from './cases.commands.js';
import { ListCases, ShowCase } from './cases.queries.js';

const intake = z
  .object({
    ...{ orderNumber, kind: caseKind, cause: optionalText(returnCause), declaredCause: optionalText(declaredCause) },
    ...{ lines: listOrEmpty(lineQuantity), text: optionalWords },
  })
  .superRefine(namesGoods);
const someLines = claimedLines.min(1);
const returning = z.object({ cause: optionalText(returnCause), lines: someLines });
const found = z.object({ found: finding, note: reason, lines: optionalList(someLines) });
const person = z.string().trim().min(1).max(120);
const handOver = z.object({ to: person.nullable(), problem: plainCustomerText, promised: plainCustomerText, open: plainCustomerText });
const outcome = z.object({ outcome: reason, cause: reason });
const search = z.strictObject({
  orderNumber: orderNumber.optional(),
  status: z.enum(['open', 'closed']).optional(),
  kind: caseKind.optional(),
});
const standing = z.object({
  ...{ caseId: z.string(), orderNumber: z.string().optional(), status: z.string() },
  ...{ owner: z.string().nullable().optional(), flow: z.string().nullable().optional() },
});
const row = z.record(z.string(), z.unknown());

@Controller('cases')
export class CasesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  @Post()
  @RequirePermission('case:open')
  @Operation({ summary: "Opens a case for a customer's problem with an order", rule: 'AFT-01', answers: { 201: standing } })
  async open(
    @Body({ schema: intake }) body: z.infer<typeof intake>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const id = deriveId('case', command.id);
    const { cause, ...sealed } = await this.sealing.seal(intake, body, body.orderNumber);
    return this.commands.execute(
      new ChangeCase({ type: 'OpenCase', caseId: id, cause: cause ?? null, ...sealed, channel: 'desk' }, 201, { command, meta }),
    );
  }

  @Get()
  @RequirePermission('case:read')
  @Operation({ summary: 'Cases; those that nobody works on first', rule: 'AFT-02', answers: { 200: z.object({ cases: z.array(row) }) } })
  list(@Query({ schema: search }) by: z.infer<typeof search>): Promise<{ readonly cases: readonly CaseRow[] }> {
    return this.queries.execute(new ListCases(by));
  }

  @Get(':caseId')
  @RequirePermission('case:read')
  @Operation({ summary: 'The status of a case', rule: 'AFT-01', answers: { 200: row } })
  show(@Param('caseId', { schema: caseId }) id: string): Promise<CaseRow> {
    return this.queries.execute(new ShowCase(id));
  }

  @Post(':caseId/hand-over')
  @RequirePermission('case:hand-over')
  @Operation({ summary: 'Hands a case over to a person, or queues it for anybody', rule: 'AFT-04', answers: { 200: standing } })
  async handOver(
    @Param('caseId', { schema: caseId }) id: string,
    @Body({ schema: handOver }) note: z.infer<typeof handOver>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const sealed = (number: string) => this.sealing.seal(handOver, note, number);
    return this.change(id, async (known) => ({ type: 'HandOverCase', ...known, ...(await sealed(known.orderNumber)) }), 200, command, meta);
  }

  @Post(':caseId/pick-up')
  @RequirePermission('case:pick-up')
  @Operation({ summary: 'Takes a case over', rule: 'AFT-02', answers: { 200: standing } })
  async pickUp(
    @Param('caseId', { schema: caseId }) id: string,
    @Body({ schema: z.object({}) }) _nothing: object,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.change(id, (known) => ({ type: 'PickUpCase', ...known }), 200, command, meta);
  }

  @Post(':caseId/finding')
  @RequirePermission('case:find')
  @Operation({
    summary: 'Records the finding of a check; a finding of missing items starts its flow',
    rule: 'AFT-03',
    answers: { 202: standing },
  })
  async finding(
    @Param('caseId', { schema: caseId }) id: string,
    @Body({ schema: found }) body: z.infer<typeof found>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.change(id, (known) => ({ type: 'RecordFinding', ...known, ...body }), 202, command, meta);
  }

  @Post(':caseId/return')
  @RequirePermission('case:return')
  @Operation({ summary: 'Starts a return of the goods of a case', rule: 'AFT-30', answers: { 202: standing } })
  async return(
    @Param('caseId', { schema: caseId }) id: string,
    @Body({ schema: returning }) { cause, lines }: z.infer<typeof returning>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.change(id, (known) => ({ type: 'BeginReturn', ...known, cause: cause ?? null, lines }), 202, command, meta);
  }

  @Post(':caseId/close')
  @RequirePermission('case:close')
  @Operation({ summary: 'Closes a case that is not in a flow, with outcome and cause', rule: 'CS-03', answers: { 200: standing } })
  async close(
    @Param('caseId', { schema: caseId }) id: string,
    @Body({ schema: outcome }) body: z.infer<typeof outcome>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.change(id, (known) => ({ type: 'CloseCase', ...known, ...body }), 200, command, meta);
  }

  private async change(
    id: string,
    make: (known: { caseId: string; orderNumber: string }) => CommandInput<CaseCommand> | Promise<CommandInput<CaseCommand>>,
    status: number,
    command: CommandIdentity,
    meta: Meta,
  ): Promise<CommandResponse> {
    const { orderNumber: number } = await this.queries.execute(new ShowCase(id));
    const made = await make({ caseId: id, orderNumber: number });
    return this.commands.execute(new ChangeCase(made, status, { command, meta }));
  }
}
