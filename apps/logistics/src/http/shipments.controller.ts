import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { forgotten, orderNumber } from '@orderloom/contracts';
import { type EventStore, stateOf } from '@orderloom/event-sourcing';
import { NotFound } from '@orderloom/kernel';
import { EVENT_STORE, HttpProblem, RequirePermission, Operation, type Sealing, SEALING } from '@orderloom/platform';
import { z } from 'zod';
import { shipment } from '../shipment.js';
import type { Address } from '../shipment-facts.js';
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

interface Label {
  readonly orderNumber: string;
  readonly address: Address;
}

export class ShowLabel extends Query<Label> {
  constructor(readonly number: string) {
    super();
  }
}

@QueryHandler(ShowLabel)
export class ShowLabelHandler implements IQueryHandler<ShowLabel> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  async execute({ number }: ShowLabel): Promise<Label> {
    const { state } = await stateOf(this.store, shipment, number);
    if (!state.address) throw new NotFound(`shipment of order ${number}`);
    const address = await this.sealing.unseal(state.address);
    if (address.recipient === forgotten)
      throw new HttpProblem(410, 'forgotten', `The customer of order ${number} was forgotten: there is no address any more.`);
    return { orderNumber: number, address };
  }
}

@Controller('shipments')
export class ShipmentsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':orderNumber')
  @RequirePermission('shipment:read')
  @Operation({
    summary: 'The shipment of an order with its parcels and scans',
    rule: 'LOG-01',
    answers: { 200: z.record(z.string(), z.unknown()) },
  })
  show(@Param('orderNumber', { schema: orderNumber }) number: string): Promise<ShipmentRow> {
    return this.queries.execute(new ShowShipment(number));
  }

  @Get(':orderNumber/label')
  @RequirePermission('shipment:label')
  @Operation({
    summary: 'The address in clear, for the label; a 410 problem where the customer was forgotten',
    rule: 'LOG-01',
    answers: { 200: z.object({ orderNumber: z.string(), address: z.record(z.string(), z.string()) }) },
  })
  label(@Param('orderNumber', { schema: orderNumber }) number: string): Promise<Label> {
    return this.queries.execute(new ShowLabel(number));
  }
}
