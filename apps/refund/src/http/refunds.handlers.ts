import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RefundCause } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { deriveId, NotFound } from '@orderloom/kernel';
import { type CommandResponse, type CommandSource, EVENT_STORE, executeCommand } from '@orderloom/platform';
import type { Application } from '../refund-facts.js';
import { refunds } from '../refunds.js';
import type { RefundsRow } from '../views/refunds.view.js';

/** REF-01: a person files a refund application. */
export class RequestRefund extends Command<CommandResponse> {
  constructor(
    readonly application: Application & { readonly orderNumber: string },
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(RequestRefund)
export class RequestRefundHandler implements ICommandHandler<RequestRefund> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ application, from }: RequestRefund): Promise<CommandResponse> {
    const { orderNumber } = application;
    const refundId = deriveId('refund', from.command.id);
    const command = { type: 'RequestRefund' as const, refundId, ...application };
    return executeCommand(this.store, refunds, orderNumber, command, from, () => ({ status: 202, body: { orderNumber, refundId } }));
  }
}

/** REF-07: a person verifies the cause of a refund. */
export class VerifyCause extends Command<CommandResponse> {
  constructor(
    readonly verification: { readonly orderNumber: string; readonly refundId: string; readonly cause: RefundCause; readonly note: string },
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(VerifyCause)
export class VerifyCauseHandler implements ICommandHandler<VerifyCause> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ verification, from }: VerifyCause): Promise<CommandResponse> {
    const { orderNumber, refundId, cause } = verification;
    const command = { type: 'VerifyRefundCause' as const, ...verification };
    return executeCommand(this.store, refunds, orderNumber, command, from, () => ({ status: 200, body: { orderNumber, refundId, cause } }));
  }
}

/** REF-06: the register of an order's refunds. */
export class ShowRefunds extends Query<RefundsRow> {
  constructor(readonly orderNumber: string) {
    super();
  }
}

@QueryHandler(ShowRefunds)
export class ShowRefundsHandler implements IQueryHandler<ShowRefunds> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ orderNumber }: ShowRefunds): Promise<RefundsRow> {
    const row = await this.store.row<RefundsRow>('refunds', orderNumber);
    if (!row) throw new NotFound(`a payment for order ${orderNumber}`);
    return row;
  }
}
