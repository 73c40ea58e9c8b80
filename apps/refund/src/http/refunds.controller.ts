import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { orderNumber, reason, refundApplication, refundCauses } from '@orderloom/contracts';
import type { Meta } from '@orderloom/event-sourcing';
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
import type { RefundsRow } from '../views/refunds.view.js';
import { RequestRefund, ShowRefunds, VerifyCause } from './refunds.handlers.js';

const refundIdText = z.string().trim().min(1).max(120);
const verification = z.object({ cause: z.enum(refundCauses), note: reason });

@Controller('refunds')
export class RefundsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  @Post()
  @RequirePermission('refund:file')
  @Operation({
    summary: 'Files a refund application',
    rule: 'REF-01',
    answers: { 202: z.object({ orderNumber: z.string(), refundId: z.string() }) },
  })
  async file(
    @Body({ schema: refundApplication }) application: z.infer<typeof refundApplication>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const sealed = await this.sealing.seal(refundApplication, application, application.orderNumber);
    return this.commands.execute(new RequestRefund(sealed, { command, meta }));
  }

  @Post(':orderNumber/:refundId/cause')
  @RequirePermission('refund:verify')
  @Operation({
    summary: 'States the verified cause of a refund; what the customer declared stays as it is',
    rule: 'REF-07',
    answers: { 200: z.object({ orderNumber: z.string(), refundId: z.string(), cause: z.string() }) },
  })
  verify(
    @Param('orderNumber', { schema: orderNumber }) number: string,
    @Param('refundId', { schema: refundIdText }) refundId: string,
    @Body({ schema: verification }) said: z.infer<typeof verification>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new VerifyCause({ orderNumber: number, refundId, ...said }, { command, meta }));
  }

  @Get(':orderNumber')
  @RequirePermission('refund:read')
  @Operation({ summary: "An order's refunds, and what was captured", rule: 'REF-06', answers: { 200: z.record(z.string(), z.unknown()) } })
  show(@Param('orderNumber', { schema: orderNumber }) number: string): Promise<RefundsRow> {
    return this.queries.execute(new ShowRefunds(number));
  }
}
