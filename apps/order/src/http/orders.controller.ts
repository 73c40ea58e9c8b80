import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  declaredCause,
  optionalList,
  optionalText,
  lineQuantity,
  newAddress,
  orderNumber,
  placedOrder,
  productChange,
  type PlacedOrder,
  optionalWords,
  storefrontName,
} from '@orderloom/contracts';
import type { EventStore, Meta } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import {
  type CommandResponse,
  EVENT_STORE,
  type CommandIdentity,
  Idempotent,
  RequirePermission,
  Operation,
  RequestMeta,
  type Sealing,
  SEALING,
} from '@orderloom/platform';
import { z } from 'zod';
import { lookUpProduct } from '../products/catalogue.js';
import type { OrderRow } from '../views/orders.view.js';
import { ChangeOrder } from './orders.commands.js';
import { FindOrders, type FoundOrders, ShowOrder } from './orders.queries.js';

const text = z.string().trim().min(1).max(320);
const search = z
  .strictObject({
    ...{ number: text.optional(), storefront: storefrontName.optional() },
    ...{ email: text.optional(), name: text.optional(), phone: text.optional() },
  })
  .refine(
    ({ storefront: _shop, ...by }) => Object.values(by).some((value) => value !== undefined),
    'give a number, an email, a name or a phone',
  );
const cancellation = z.object({
  reason: optionalWords,
  declaredCause: optionalText(declaredCause),
  lines: optionalList(z.array(lineQuantity).min(1).max(2000)),
});
const trackingRequest = z.object({ text: optionalText(optionalWords) });
const asked = z.object({ orderNumber: z.string(), status: z.string(), requestId: z.string() });
const standing = z.object({ orderNumber: z.string(), status: z.string(), changeId: z.string().nullable() });
const otherProduct = z.object(productChange);
const row = z.record(z.string(), z.unknown());

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(SEALING) private readonly sealing: Sealing,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Post()
  @RequirePermission('order:place')
  @Operation({ summary: 'Places an order', rule: 'ORD-01', answers: { 201: standing } })
  async place(
    @Body({ schema: placedOrder }) order: PlacedOrder,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const sealed = await this.sealing.seal(placedOrder, order, order.orderNumber);
    return this.commands.execute(new ChangeOrder({ type: 'PlaceOrder', ...sealed }, 201, { command, meta }));
  }

  @Get()
  @RequirePermission('order:find')
  @Operation({
    summary: 'Finds orders by number, e-mail, name or phone',
    rule: 'ORD-06',
    answers: { 200: z.object({ orders: z.array(row), advice: z.string().optional() }) },
  })
  find(@Query({ schema: search }) by: z.infer<typeof search>): Promise<FoundOrders> {
    return this.queries.execute(new FindOrders(by));
  }

  @Get(':orderNumber')
  @RequirePermission('order:read')
  @Operation({ summary: 'The status of an order', rule: 'ORD-06', answers: { 200: row } })
  show(@Param('orderNumber', { schema: orderNumber }) number: string): Promise<OrderRow> {
    return this.queries.execute(new ShowOrder(number));
  }

  @Post(':orderNumber/cancellation')
  @RequirePermission('order:cancel')
  @Operation({ summary: 'Asks to cancel an order, or quantities of its lines', rule: 'ORD-10', answers: { 202: standing } })
  async cancel(
    @Param('orderNumber', { schema: orderNumber }) number: string,
    @Body({ schema: cancellation }) body: z.infer<typeof cancellation>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const changeId = deriveId('change', command.id);
    const said = await this.sealing.seal(cancellation, body, number);
    return this.commands.execute(
      new ChangeOrder({ type: 'RequestCancellation', orderNumber: number, changeId, ...said }, 202, { command, meta }),
    );
  }

  @Post(':orderNumber/tracking-request')
  @RequirePermission('order:track')
  @Operation({
    summary: 'Asks where the parcel is: the customer is told at once, and again when that changes',
    rule: 'LOG-02',
    answers: { 202: asked },
  })
  async track(
    @Param('orderNumber', { schema: orderNumber }) number: string,
    @Body({ schema: trackingRequest }) body: z.infer<typeof trackingRequest>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const requestId = deriveId('tracking', command.id);
    const said = await this.sealing.seal(trackingRequest, body, number);
    return this.commands.execute(
      new ChangeOrder({ type: 'RequestTracking', orderNumber: number, requestId, text: said.text }, 202, { command, meta }),
    );
  }

  @Post(':orderNumber/address-change')
  @RequirePermission('order:change-address')
  @Operation({ summary: 'Asks to send an order to another address', rule: 'ORD-30', answers: { 202: standing } })
  async changeAddress(
    @Param('orderNumber', { schema: orderNumber }) number: string,
    @Body({ schema: newAddress }) body: z.infer<typeof newAddress>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const changeId = deriveId('change', command.id);
    const { address, noticed } = await this.sealing.seal(newAddress, body, number);
    return this.commands.execute(
      new ChangeOrder({ type: 'RequestAddressChange', orderNumber: number, changeId, address, noticed }, 202, { command, meta }),
    );
  }

  @Post(':orderNumber/product-change')
  @RequirePermission('order:change-product')
  @Operation({ summary: 'Asks for another product in place of a line, or of units of it', rule: 'ORD-20', answers: { 202: standing } })
  async changeProduct(
    @Param('orderNumber', { schema: orderNumber }) number: string,
    @Body({ schema: otherProduct }) body: z.infer<typeof otherProduct>,
    @Idempotent() command: CommandIdentity,
    @RequestMeta() meta: Meta,
  ): Promise<CommandResponse> {
    const changeId = deriveId('change', command.id);
    const { line, quantity, sku } = body;
    const found = await lookUpProduct(this.store, number, sku);
    return this.commands.execute(
      new ChangeOrder({ type: 'RequestProductChange', orderNumber: number, changeId, line, quantity, sku, ...found }, 202, {
        command,
        meta,
      }),
    );
  }
}
