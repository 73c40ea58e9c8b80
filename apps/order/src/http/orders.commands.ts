import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventStore, Untimed } from '@orderloom/event-sourcing';
import { type Answer, type CommandSource, EVENT_STORE, executeAndAnswer, onlyHappened } from '@orderloom/platform';
import { order, type OrderCommand, type OrderState } from '../order.js';

const placedInTime = onlyHappened(order, 'placedAt');

/** A command to one order; answered with where the order stands. */
export class ChangeOrder extends Command<Answer> {
  constructor(
    readonly command: Untimed<OrderCommand>,
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

  execute({ command, status, from }: ChangeOrder): Promise<Answer> {
    const answer = (state: OrderState): Answer => ({
      status,
      body: { orderNumber: command.orderNumber, status: state.status, changeId: changeOf(command, state) },
    });
    return executeAndAnswer(this.store, placedInTime, command.orderNumber, command, from, answer);
  }
}

/** The change that was asked for, which may have to wait; else the one that is open. */
const changeOf = (command: Untimed<OrderCommand>, state: OrderState): string | null =>
  'changeId' in command ? command.changeId : state.status === 'none' ? null : state.change;
