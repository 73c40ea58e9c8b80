import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { RequirePermission, Operation } from '@orderloom/platform';
import { z } from 'zod';
import { type OrderSearch, Search } from './search.js';
import { Timelines } from '../timeline/timeline.js';
import { type FoundOrders, foundOrders, type Timeline, timeline } from './responses.js';

const sought = z.string().trim().min(1).max(320);
const orderSearch = z
  .strictObject({
    number: sought.optional(),
    storefront: sought.optional(),
    email: sought.optional(),
    name: sought.optional(),
    phone: sought.regex(/(\D*\d){4}/, 'must have at least 4 digits').optional(),
  })
  .refine(({ storefront: _shop, ...search }) => Object.keys(search).length > 0, 'must name a number, email, name or phone');

@Controller('orders')
export class OrdersController {
  constructor(
    @Inject(Search) private readonly search: Search,
    @Inject(Timelines) private readonly timelines: Timelines,
  ) {}

  @Get()
  @RequirePermission('order:find')
  @Operation({ summary: 'Finds orders by number, e-mail, name or phone', rule: 'ORD-06', answers: { 200: foundOrders } })
  find(@Query({ schema: orderSearch }) search: OrderSearch): Promise<FoundOrders> {
    return this.search.orders(search);
  }

  @Get(':number/timeline')
  @RequirePermission('timeline:read')
  @Operation({
    summary: 'The timeline of an order: all its messages, ordered by cause, then by time',
    rule: 'CS-04',
    answers: { 200: timeline },
  })
  timeline(@Param('number', { schema: z.string().min(1).max(200) }) number: string): Promise<Timeline> {
    return this.timelines.of(number);
  }
}
