import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type EventStore, stateOf, type CommandInput } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { type CommandResponse, type CommandSource, EVENT_STORE, executeCommand } from '@orderloom/platform';
import { aftersalesCase } from '../case.js';
import type { CaseCommand, CaseState } from '../case-facts.js';
import { purchase } from '../purchase/purchase.js';

/** A command to one case. The response is the status of the case. */
export class ChangeCase extends Command<CommandResponse> {
  constructor(
    readonly command: CommandInput<CaseCommand>,
    /** 201 for a new case, 202 for a flow that starts, 200 for a note. */
    readonly status: number,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(ChangeCase)
export class ChangeCaseHandler implements ICommandHandler<ChangeCase> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ command, status, from }: ChangeCase): Promise<CommandResponse> {
    const { caseId, orderNumber } = command;
    if (command.type === 'OpenCase') await this.assertKnown(orderNumber);
    const answer = (state: CaseState): CommandResponse => ({
      status,
      body:
        state.status === 'none'
          ? { caseId, status: state.status }
          : { caseId, orderNumber: state.orderNumber, status: state.status, owner: state.owner, flow: state.branch },
    });
    return executeCommand(this.store, aftersalesCase, caseId, command, from, answer);
  }

  /** ORD-06: an unknown order is refused over HTTP; a storefront's message over Kafka waits for its order. */
  private async assertKnown(orderNumber: string): Promise<void> {
    const { state } = await stateOf(this.store, purchase, orderNumber);
    if (!state.bought) throw new Refusal('order-unknown', `there is no order ${orderNumber}`, 'ORD-06');
  }
}
