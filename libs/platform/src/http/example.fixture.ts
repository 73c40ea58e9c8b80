import { Body, Controller, Get, Inject, Module, Param, Post, Put, Query } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import {
  type Decider,
  type EventStore,
  MemoryStore,
  type Meta,
  type Outcome,
  type WithContext,
  type UnitOfWork,
} from '@orderloom/event-sourcing';
import { NotFound, Refusal } from '@orderloom/kernel';
import { z } from 'zod';
import { type CommandResponse, type CommandIdentity, executeCommand } from './commands/command-response.js';
import { Actor, RequirePermission } from '../auth/auth.js';
import { EVENT_STORE, Idempotent } from './commands/idempotency.js';
import { Operation } from '../openapi/operation.js';
import { RequestMeta } from './request-meta.js';

/** The edge of a small service, written as the controllers of all services are; the specs drive it. */
const line = z.object({ sku: z.string().min(1), quantity: z.int().positive() }).meta({ id: 'Line' });
const refundRequest = z.object({ orderNumber: z.string().min(1), note: z.string().optional(), lines: z.array(line).min(1) });
type RefundRequest = z.infer<typeof refundRequest>;
const filed = z.object({ orderNumber: z.string(), times: z.int() });
const page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), text: z.string().optional() });

type RefundFiled = { readonly type: 'RefundFiled'; readonly data: RefundRequest };

const refund: Decider<number, WithContext<RefundRequest>, RefundFiled> = {
  name: 'refund',
  initial: 0,
  evolve: (times) => times + 1,
  decide: ({ orderNumber, lines }) => {
    if (orderNumber === 'shipped') throw new Refusal('order-already-shipped', 'The order was shipped yesterday.', 'REF-01');
    if (orderNumber === 'unknown') throw new NotFound('order unknown');
    if (orderNumber === 'broken') throw new Error('connection to 10.0.0.7 lost');
    return [{ type: 'RefundFiled', data: { orderNumber, lines } }];
  },
  rules: { RefundFiled: 'REF-01' },
};

class FileRefund extends Command<CommandResponse> {
  constructor(
    readonly request: RefundRequest,
    readonly command: CommandIdentity,
    readonly meta: Meta,
  ) {
    super();
  }
}

@CommandHandler(FileRefund)
class FileRefundHandler implements ICommandHandler<FileRefund> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ request, ...from }: FileRefund): Promise<CommandResponse> {
    const body = (times: number) => ({ orderNumber: request.orderNumber, times });
    return executeCommand(this.store, refund, request.orderNumber, request, from, (times) => ({ status: 201, body: body(times) }));
  }
}

@Controller('refunds')
class RefundsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @RequirePermission('refund:file')
  @Operation({ summary: 'Files a refund', rule: 'REF-01', answers: { 201: filed } })
  file(@Body({ schema: refundRequest }) request: RefundRequest, @Idempotent() command: CommandIdentity, @RequestMeta() meta: Meta) {
    return this.commands.execute(new FileRefund(request, command, meta));
  }

  @Get()
  @RequirePermission('refund:read')
  @Operation({ summary: 'Refunds, by text', answers: { 200: page } })
  list(@Query({ schema: page }) query: z.infer<typeof page>) {
    return query;
  }

  @Get(':orderNumber')
  @RequirePermission('refund:read')
  @Operation({ summary: 'Refunds of an order', answers: { 200: z.object({ orderNumber: z.string() }) } })
  one(@Param('orderNumber', { schema: z.string().max(10) }) orderNumber: string) {
    return { orderNumber };
  }

  @Put(':orderNumber/approval')
  @RequirePermission('task:answer:finance')
  @Operation({ summary: 'Approves a refund', rule: 'REF-03', answers: { 200: z.object({ by: z.string() }) } })
  approve(@Actor() by: string) {
    return { by };
  }
}

/** A store that remembers its units of work; `beforeCommit` may keep them waiting. */
export class WatchedStore extends MemoryStore {
  readonly units: UnitOfWork[] = [];
  beforeCommit: (unit: UnitOfWork) => Promise<void> = () => Promise.resolve();

  override async commit(unit: UnitOfWork): Promise<Outcome> {
    await this.beforeCommit(unit);
    this.units.push(unit);
    return super.commit(unit);
  }
}

@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [RefundsController],
  providers: [FileRefundHandler, { provide: EVENT_STORE, useFactory: () => new WatchedStore() }],
})
export class ExampleModule {}
