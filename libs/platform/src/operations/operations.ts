import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type Consumer,
  type EventStore,
  type ListedRecord,
  type PageRequest,
  type ParkedRecord,
  listOperatorActions,
  storedOperatorAction,
  type StoredOperatorAction,
  type Retries,
  type Retry,
} from '@orderloom/event-sourcing';
import { orderNumber } from '@orderloom/contracts';
import type { FlowInstance, FlowRuntime, OpenTask } from '@orderloom/flows';
import { NotFound } from '@orderloom/kernel';
import type { CommandResponse, CommandSource } from '../http/commands/command-response.js';
import { AnswerTaskHandler, FLOW_RUNTIME } from './answer-task.js';
import { EVENT_STORE } from '../http/commands/idempotency.js';
import { ListRecountsHandler } from './recounts.js';
import { WorkOnTaskHandler } from './work-on-task.js';

export const CONSUMER = Symbol('consumer');
export const RETRIES = Symbol('retries');

/** CS-04: keeps unknown fields of an operator's request, once, before the request is executed. */
async function keepFields(store: EventStore, { command, meta }: CommandSource, subject: string, of: string): Promise<void> {
  const appends = (await command.keep?.(subject, of)) ?? [];
  if (appends.length === 0) return;
  const outcome = await store.commit({ meta, inbox: { consumer: 'fields', message: command.id }, appends });
  if (outcome.status !== 'committed' && outcome.status !== 'duplicate')
    throw new Error(`cannot commit: unexpected outcome ${JSON.stringify(outcome)}`);
}

/** Redrives a parked flow, or dismisses it if `dismissal` is given. */
export class ResolveFlow extends Command<CommandResponse> {
  constructor(
    readonly flowId: string,
    readonly dismissal: string | undefined,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(ResolveFlow)
export class ResolveFlowHandler implements ICommandHandler<ResolveFlow> {
  constructor(
    @Inject(FLOW_RUNTIME) private readonly runtime: FlowRuntime,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute({ flowId, dismissal, from }: ResolveFlow): Promise<CommandResponse> {
    const { by, trace } = from.meta;
    const { subject } = await this.runtime.instance(flowId);
    await keepFields(this.store, from, subject, dismissal === undefined ? 'RedriveFlow' : 'DismissFlow');
    if (dismissal === undefined) return { status: 200, body: { flowId, result: await this.runtime.redrive(flowId, by, trace) } };
    const dismissed = (await this.runtime.dismiss(flowId, dismissal, by, trace)) !== 'duplicate';
    return { status: 200, body: { flowId, dismissed } };
  }
}

/** Redrives a parked record, or dismisses it if `dismissal` is given. */
export class ResolveParked extends Command<CommandResponse> {
  constructor(
    readonly id: string,
    readonly dismissal: string | undefined,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(ResolveParked)
export class ResolveParkedHandler implements ICommandHandler<ResolveParked> {
  constructor(
    @Inject(CONSUMER) private readonly consumer: Consumer,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute({ id, dismissal, from }: ResolveParked): Promise<CommandResponse> {
    const { by } = from.meta;
    // a record without a key, or under one that is no order number, is known by its own id
    const key = (await this.consumer.parked()).find((record) => record.id === id)?.key;
    const subject = orderNumber.safeParse(key).success ? String(key) : id;
    await keepFields(this.store, from, subject, dismissal === undefined ? 'RedriveRecord' : 'DismissRecord');
    if (dismissal === undefined) return { status: 200, body: { id, handled: await this.consumer.redrive(id, by) } };
    await this.consumer.dismiss(id, dismissal, by);
    return { status: 200, body: { id, dismissed: true } };
  }
}

export class ListParked extends Query<readonly ListedRecord[]> {
  constructor(readonly page: PageRequest) {
    super();
  }
}

@QueryHandler(ListParked)
class ListParkedHandler implements IQueryHandler<ListParked> {
  constructor(@Inject(CONSUMER) private readonly consumer: Consumer) {}

  execute({ page }: ListParked): Promise<readonly ListedRecord[]> {
    return this.consumer.parked(page);
  }
}

export class ShowParked extends Query<ParkedRecord> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ShowParked)
class ShowParkedHandler implements IQueryHandler<ShowParked> {
  constructor(@Inject(CONSUMER) private readonly consumer: Consumer) {}

  execute({ id }: ShowParked): Promise<ParkedRecord> {
    return this.consumer.parkedRecord(id);
  }
}

export class ListOperatorActions extends Query<readonly StoredOperatorAction[]> {}

@QueryHandler(ListOperatorActions)
class ListOperatorActionsHandler implements IQueryHandler<ListOperatorActions> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(): Promise<readonly StoredOperatorAction[]> {
    return (await listOperatorActions(this.store, 500)).map(storedOperatorAction);
  }
}

export class ListRetries extends Query<readonly Retry[]> {}

@QueryHandler(ListRetries)
class ListRetriesHandler implements IQueryHandler<ListRetries> {
  constructor(@Inject(RETRIES) private readonly retries: Retries) {}

  async execute(): Promise<readonly Retry[]> {
    return this.retries.list();
  }
}

/** Flows read at a time. */
const flowsRead = 500;

export class ListFlows extends Query<readonly FlowInstance[]> {
  constructor(
    readonly where: Readonly<Record<string, string>>,
    readonly page: { readonly limit: number; readonly after?: string },
  ) {
    super();
  }
}

@QueryHandler(ListFlows)
class ListFlowsHandler implements IQueryHandler<ListFlows> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ where, page: { limit, ...page } }: ListFlows): Promise<readonly FlowInstance[]> {
    return this.store.rows<FlowInstance>('flows', where, limit, page);
  }
}

/** Every open task of every running flow. */
export class ListTasks extends Query<OpenTask[]> {}

@QueryHandler(ListTasks)
class ListTasksHandler implements IQueryHandler<ListTasks> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(): Promise<OpenTask[]> {
    const tasks: OpenTask[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const flows: readonly FlowInstance[] = await this.store.rows<FlowInstance>('flows', { status: 'active' }, flowsRead, { after });
      tasks.push(...flows.flatMap((flow) => flow.tasks));
      after = flows.length < flowsRead ? undefined : flows.at(-1)?.flowId;
    }
    return tasks;
  }
}

export class ShowFlow extends Query<FlowInstance> {
  constructor(readonly flowId: string) {
    super();
  }
}

@QueryHandler(ShowFlow)
class ShowFlowHandler implements IQueryHandler<ShowFlow> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ flowId }: ShowFlow): Promise<FlowInstance> {
    const flow = await this.store.row<FlowInstance>('flows', flowId);
    if (!flow) throw new NotFound(`flow ${flowId}`);
    return flow;
  }
}

export const operationHandlers = [
  AnswerTaskHandler,
  WorkOnTaskHandler,
  ResolveFlowHandler,
  ResolveParkedHandler,
  ListParkedHandler,
  ShowParkedHandler,
  ListOperatorActionsHandler,
  ListRetriesHandler,
  ListRecountsHandler,
  ListFlowsHandler,
  ListTasksHandler,
  ShowFlowHandler,
];
