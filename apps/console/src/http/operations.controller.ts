import { Controller, Get, Inject, Query } from '@nestjs/common';
import { teams } from '@orderloom/contracts';
import { type Caller, RequirePermission, Operation, teamsSeenBy, CurrentUser } from '@orderloom/platform';
import { z } from 'zod';
import { Search } from './search.js';
import { Summaries } from './summary.js';
import { openTask, runningFlow, summary, type Summary } from './responses.js';

const flowFilter = z.strictObject({ orderNumber: z.string().min(1).max(200).optional(), status: runningFlow.shape.status.optional() });
const taskFilter = z.strictObject({ team: z.enum(teams).optional() });

@Controller()
export class OperationsController {
  constructor(
    @Inject(Search) private readonly search: Search,
    @Inject(Summaries) private readonly summaries: Summaries,
  ) {}

  @Get('flows')
  @RequirePermission('flow:read')
  @Operation({
    summary: 'Flows and what they wait for',
    rule: 'CS-04',
    answers: { 200: z.object({ flows: z.array(runningFlow), hint: z.string().optional() }) },
  })
  flows(@Query({ schema: flowFilter }) { orderNumber, status }: z.infer<typeof flowFilter>): ReturnType<Search['flows']> {
    return this.search.flows(orderNumber, status);
  }

  @Get('tasks')
  @RequirePermission('task:read')
  @Operation({
    summary: "Open tasks that the caller may see, a team's or all, first due first",
    rule: 'CS-02',
    answers: { 200: z.object({ tasks: z.array(openTask), hint: z.string().optional() }) },
  })
  tasks(@Query({ schema: taskFilter }) { team }: z.infer<typeof taskFilter>, @CurrentUser() who: Caller): ReturnType<Search['tasks']> {
    return this.search.tasks([...teamsSeenBy(who, team)]);
  }

  @Get('summary')
  @RequirePermission('summary:read')
  @Operation({ summary: 'Orders, cases, refunds, messages and flows, counted by outcome', rule: 'CS-04', answers: { 200: summary } })
  summary(): Promise<Summary> {
    return this.summaries.read();
  }
}
