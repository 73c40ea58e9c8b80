import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { orderNumber } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { NotFound } from '@orderloom/kernel';
import { EVENT_STORE, May, Operation } from '@orderloom/platform';
import { z } from 'zod';
import type { ShipmentRow } from '../views/shipments.view.js';

export class ShowShipment extends Query<ShipmentRow> {
  constructor(readonly number: string) {
    super();
  }
}

@QueryHandler(ShowShipment)
export class ShowShipmentHandler implements IQueryHandler<ShowShipment> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ number }: ShowShipment): Promise<ShipmentRow> {
    const row = await this.store.row<ShipmentRow>('shipments', number);
    if (!row) throw new NotFound(`shipment of order ${number}`);
    return row;
  }
}

@Controller('shipments')
export class ShipmentsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':orderNumber')
  @May('shipment:read')
  @Operation({ summary: "Where an order's parcel is", rule: 'LOG-01', answers: { 200: z.record(z.string(), z.unknown()) } })
  show(@Param('orderNumber', { schema: orderNumber }) number: string): Promise<ShipmentRow> {
    return this.queries.execute(new ShowShipment(number));
  }
}
