import { Controller, Get, Inject } from '@nestjs/common';
import type { EventStore } from '@orderloom/event-sourcing';
import { EVENT_STORE, Operation, RequirePermission } from '@orderloom/platform';
import { z } from 'zod';
import { courierStatusId, type SeenStatus } from '../statuses/courier-status.js';

const mostStatuses = 500;
const mostOrders = 1000;

const status = z.object({
  system: z.string(),
  status: z.string(),
  at: z.string(),
  orderNumber: z.string(),
  trackingNumber: z.string(),
  text: z.string().optional(),
  orders: z.int().describe(`orders with a parcel of this status; at most ${mostOrders} are counted`),
});

@Controller('courier-statuses')
export class CourierStatusesController {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @Get()
  @RequirePermission('courier-status:read')
  @Operation({
    summary: 'Status codes of couriers that no table translates into a scan, each with its first report as an example',
    rule: 'LOG-01',
    answers: { 200: z.object({ statuses: z.array(status) }) },
  })
  async list(): Promise<{ statuses: readonly (SeenStatus & { orders: number })[] }> {
    const seen = await this.store.rows<SeenStatus>('courier_statuses', {}, mostStatuses);
    const counted = seen.map(async (one) => {
      const orders = await this.store.rows('shipments', { unknownStatusKeys: courierStatusId(one) }, mostOrders);
      return { ...one, orders: orders.length };
    });
    return { statuses: await Promise.all(counted) };
  }
}
