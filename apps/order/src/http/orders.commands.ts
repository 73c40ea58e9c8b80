import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventStore, CommandInput } from '@orderloom/event-sourcing';
import { type CommandResponse, type CommandSource, EVENT_STORE, executeCommand, refusingFutureTimes } from '@orderloom/platform';
import { order } from '../order.js';
import type { OrderCommand, OrderState } from '../order-facts.js';

const placedInTime = refusingFutureTimes(order, 'placedAt');

/** A command to one order; answered with the status of the order. */
export class ChangeOrder extends Command<CommandResponse> {
  constructor(
    readonly command: CommandInput<OrderCommand>,
    /** 201 for a new order, 202 for a flow that starts. */
    readonly status: number,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(ChangeOrder)
export class ChangeOrderHandler implements ICommandHandler<ChangeOrder> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ command, status, from }: ChangeOrder): Promise<CommandResponse> {
    const answer = (state: OrderState): CommandResponse => ({
      status,
      body: {
        ...{ orderNumber: command.orderNumber, status: state.status },
        ...('requestId' in command ? { requestId: command.requestId } : { changeId: changeOf(command, state) }),
      },
    });
    return executeCommand(this.store, placedInTime, command.orderNumber, command, from, answer);
  }
}

/** The change that was asked for, which may have to wait; else the one that is open. */
const changeOf = (command: CommandInput<OrderCommand>, state: OrderState): string | null =>
  'changeId' in command ? command.changeId : state.status === 'none' ? null : state.change;
