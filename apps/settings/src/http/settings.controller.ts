import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { when } from '@orderloom/contracts';
import type { Meta } from '@orderloom/event-sourcing';
import { type CommandIdentity, type CommandResponse, Idempotent, Operation, RequestMeta, RequirePermission } from '@orderloom/platform';
import { z } from 'zod';
import { ApplySettings, CheckSettings, type ShownSettings, ShowHistory, ShowSettings, type VersionSummary } from './settings.handlers.js';

const which = z
  .strictObject({
    at: when.optional().describe('the settings in force at this instant; now where absent'),
    version: z
      .string()
      .regex(/^\d{1,9}$/, 'must be a version, such as 3')
      .transform(Number)
      .optional(),
  })
  .refine(({ at, version }) => at === undefined || version === undefined, 'give at or version, not both');
const document = z.unknown().describe('the whole settings; what is left out has its default (schema: SettingsApplied)');
const effectiveFrom = when.optional().describe('now where absent');
const checked = z.strictObject({ document, effectiveFrom });
const applied = z.strictObject({
  expected: z.int().nonnegative().describe('the latest version that the sender knows; 0 where there is none'),
  document,
  effectiveFrom,
  recompute: z.boolean().optional().describe('true: open deadlines are counted anew by these settings; else they touch new ones only'),
  reason: z.string().trim().min(1).max(500).optional(),
});

const difference = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
const fault = z.object({ field: z.string(), message: z.string() });
const version = {
  version: z.int(),
  effectiveFrom: z.string().nullable(),
  by: z.string().nullable(),
  ...{ recompute: z.boolean().optional(), reason: z.string().optional() },
};
const shown = z.object({ ...version, latest: z.int(), document: z.record(z.string(), z.unknown()) });
const history = z.object({ versions: z.array(z.object({ ...version, changes: z.array(difference) })) });
const verdict = z.object({ latest: z.int(), changes: z.array(difference), errors: z.array(fault), warnings: z.array(fault) });

@Controller('settings')
export class SettingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequirePermission('settings:read')
  @Operation({ summary: 'The settings in force, or of an instant or a version', rule: 'CS-02', answers: { 200: shown } })
  show(@Query({ schema: which }) { at, version: number }: z.output<typeof which>): Promise<ShownSettings> {
    return this.queries.execute(new ShowSettings(at, number));
  }

  @Get('history')
  @RequirePermission('settings:read')
  @Operation({ summary: 'All versions, the newest first, with what each changed', rule: 'CS-02', answers: { 200: history } })
  history(): Promise<{ versions: readonly VersionSummary[] }> {
    return this.queries.execute(new ShowHistory());
  }

  @Post('check')
  @RequirePermission('settings:read')
  @Operation({
    summary: 'What settings would change, and what is wrong with them; changes nothing',
    rule: 'CS-02',
    answers: { 200: verdict },
  })
  check(@Body({ schema: checked }) { document: given, effectiveFrom: from }: z.output<typeof checked>): Promise<CommandResponse> {
    return this.commands.execute(new CheckSettings(given, from));
  }

  @Post()
  @RequirePermission('settings:change')
  @Operation({
    summary: 'Applies settings as a new version',
    rule: 'CS-02',
    answers: { 200: z.object({ version: z.int(), effectiveFrom: z.string() }) },
  })
  apply(
    @Body({ schema: applied }) body: z.output<typeof applied>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    return this.commands.execute(new ApplySettings({ type: 'ApplySettings', ...body }, { command, meta }));
  }
}
