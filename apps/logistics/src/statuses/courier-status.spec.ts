import { given } from '@orderloom/event-sourcing';
import { contractFaults, orderNumber, handover, lines, address, at } from '../shipment.fixture.js';
import { shipment } from '../shipment.js';
import type { ShipmentEvent } from '../shipment-facts.js';
import { type ShipmentRow, shipmentsView } from '../views/shipments.view.js';
import { courierStatus, courierStatusId } from './courier-status.js';

const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const shipped: ShipmentEvent = { type: 'ParcelShipped', data: { orderNumber, ...handover } };
const status = { trackingNumber: 'RM1GB', system: 'aftership', status: 'InTransit_042', at, text: 'held for a parade' };
const reported: ShipmentEvent = { type: 'CourierStatusReported', data: { orderNumber, ...status } };
const report = { type: 'RecordCourierStatus', orderNumber, ...status } as const;
const row = (...events: readonly ShipmentEvent[]) =>
  events.reduce<ShipmentRow | null>((before, event) => shipmentsView.evolve(before, { ...event, subject: orderNumber } as never), null);

describe('a status that nobody has translated (LOG-01)', () => {
  it('is kept once per parcel, status and time, also of an order that has not shipped', () => {
    expect(contractFaults(reported)).toEqual([]);
    given(shipment, prepared, shipped).when(report).then(reported);
    given(shipment).when(report).then(reported);
    given(shipment, prepared, shipped, reported).when(report).thenNothing();
    const later = '2010-12-04T09:00:00.000000Z';
    given(shipment, prepared, shipped, reported)
      .when({ ...report, at: later })
      .then({ type: 'CourierStatusReported', data: { orderNumber, ...status, at: later } });
  });

  it('says nothing of where the parcel is', () => {
    const before = [prepared, shipped].reduce(shipment.evolve, shipment.initial);
    const after = shipment.evolve(before, reported);
    expect({ ...after, parcels: { ...after.parcels, seen: [] } }).toEqual(before);
    expect(row(prepared, shipped, reported)).toEqual({
      ...row(prepared, shipped),
      unknownStatuses: [status],
      unknownStatusKeys: ['aftership/InTransit_042'],
    });
  });

  it('is listed at its first report', () => {
    const { trackingNumber: _number, ...code } = status;
    const seen = { ...code, orderNumber, trackingNumber: 'RM1GB' };
    given(courierStatus)
      .when({ type: 'NoteCourierStatus', ...seen })
      .then({ type: 'CourierStatusSeen', data: seen });
    given(courierStatus, { type: 'CourierStatusSeen', data: seen })
      .when({ type: 'NoteCourierStatus', ...seen, orderNumber: '536366' })
      .thenNothing();
    expect(courierStatusId(seen)).toBe('aftership/InTransit_042');
  });
});
