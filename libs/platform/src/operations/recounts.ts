import { Controller, Get, Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@orderloom/event-sourcing';
import { type FlowInstance, type RecountProgress, statusesWithDeadlines } from '@orderloom/flows';
import { z } from 'zod';
import { RequirePermission } from '../auth/auth.js';
import { EVENT_STORE } from '../http/commands/idempotency.js';
import { Operation } from '../openapi/operation.js';

/** Flows read at a time. */
const flowsRead = 500;

/** A recount of deadlines, and how many running flows it has not looked at yet. */
export type ListedRecount = Omit<RecountProgress, 'after'> & { readonly left: number };

/** Recounts of this service, newest first. */
export class ListRecounts extends Query<readonly ListedRecount[]> {}

@QueryHandler(ListRecounts)
export class ListRecountsHandler implements IQueryHandler<ListRecounts> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(): Promise<readonly ListedRecount[]> {
    const rows = await this.store.rows<RecountProgress>('flow_recounts', {});
    const listed = rows.map(async ({ after, ...progress }) => ({
      ...progress,
      left: progress.status === 'done' ? 0 : await this.flowsAfter(after),
    }));
    return (await Promise.all(listed)).sort((a, b) => (a.seenAt < b.seenAt ? 1 : -1));
  }

  private async flowsAfter(last = ''): Promise<number> {
    let count = 0;
    for (let after: string | undefined = last; after !== undefined;) {
      const page: readonly FlowInstance[] = await this.store.rows<FlowInstance>('flows', { status: statusesWithDeadlines }, flowsRead, {
        after,
      });
      count += page.length;
      after = page.length < flowsRead ? undefined : page.at(-1)?.flowId;
    }
    return count;
  }
}

/** Recounts of open deadlines (`settings apply --recompute`). */
@Controller('recounts')
export class RecountsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequirePermission('recount:read')
  @Operation({
    summary:
      'Recounts of open deadlines by version of the settings, newest first: `flows` looked at, `left` to look at, deadlines `moved`, flows `failed` after five attempts',
    rule: 'CS-02',
    answers: { 200: z.array(z.record(z.string(), z.unknown())) },
  })
  list(): Promise<readonly ListedRecount[]> {
    return this.queries.execute(new ListRecounts());
  }
}
