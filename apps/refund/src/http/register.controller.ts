import { Controller, Get, Headers, Inject, Query, Res, StreamableFile } from '@nestjs/common';
import { orderNumber, refundCauses, storefrontName } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { EVENT_STORE, Operation, pageOf, RequirePermission } from '@orderloom/platform';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type CauseCount, countCauses, type RegisterEntry, refundsIn } from '../views/register-list.js';
import { registerCsv } from './register.csv.js';

const text = z.string().trim().min(1).max(120);
const yes = z.enum(['true', 'false']).transform((said) => said === 'true');
const date = z.iso.date().refine((said) => said >= '1900', 'must be a date from 1900 on');
const period = { storefront: storefrontName.optional(), from: date.optional(), to: date.optional() };
const statuses = ['requested', 'approved', 'executing', 'unknown', 'failed', 'rejected', 'paid', 'bounced', 'settled'] as const;
const search = z.strictObject({
  ...period,
  ...{ status: z.enum(statuses).optional(), cause: z.enum(refundCauses).optional(), method: text.optional() },
  ...{ orderNumber: orderNumber.optional(), open: yes.optional(), flagged: yes.optional(), mismatch: yes.optional() },
  olderThan: z.coerce.number().int().nonnegative().max(100_000).optional().describe('days'),
  format: z.enum(['json', 'csv']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  after: text.optional(),
});
const causesSearch = z.strictObject(period);
const row = z.record(z.string(), z.unknown());

/** REF-06: the refund register. */
@Controller()
export class RegisterController {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @Get('refunds')
  @RequirePermission('refund:list')
  @Operation({
    summary:
      'The refund register: cause, status and age of each refund; 500 at most, or `limit`, and the header `link` (rel="next") names the next ' +
      'page. With `Accept: text/csv` or `format=csv` all of them as CSV',
    rule: 'REF-06',
    answers: { 200: z.object({ refunds: z.array(row) }) },
  })
  async list(
    @Query({ schema: search }) asked: z.infer<typeof search>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly refunds: readonly RegisterEntry[] } | StreamableFile> {
    const { format, limit, after, ...filter } = asked;
    const entries = refundsIn(this.store, filter, after);
    if ((format ?? (accept?.includes('text/csv') ? 'csv' : 'json')) === 'csv')
      return new StreamableFile(registerCsv(entries), {
        type: 'text/csv; charset=utf-8',
        disposition: 'attachment; filename="refunds.csv"',
      });
    const found: RegisterEntry[] = [];
    for await (const entry of entries) if (found.push(entry) > limit) break;
    const given = Object.fromEntries(
      Object.entries(filter).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
    );
    return { refunds: pageOf(found, limit, ({ refundId }) => refundId, given, reply) };
  }

  @Get('refund-causes')
  @RequirePermission('refund:list')
  @Operation({
    summary: 'How many refunds hurt the shop, by month, storefront, found and declared cause',
    rule: 'REF-07',
    answers: { 200: z.object({ causes: z.array(row) }) },
  })
  async causes(@Query({ schema: causesSearch }) asked: z.infer<typeof causesSearch>): Promise<{ readonly causes: readonly CauseCount[] }> {
    return { causes: await countCauses(this.store, asked) };
  }
}
