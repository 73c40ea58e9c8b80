import { given } from '@orderloom/event-sourcing';
import { shipment } from './shipment.js';
import type { ShipmentEvent } from './shipment-facts.js';
import { address, at, contractFaults, handover, lines, orderNumber } from './shipment.fixture.js';

const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const picked: ShipmentEvent = { type: 'ParcelPicked', data: { orderNumber, at } };
const [first, second] = lines as [(typeof lines)[0], (typeof lines)[0]];
const pick = (...quantities: number[]) =>
  ({ type: 'ReportPicked', orderNumber, at, lines: quantities.map((quantity, i) => ({ line: i + 1, quantity })) }) as const;
const short = (quantities: readonly number[], missing: typeof lines): ShipmentEvent => ({
  type: 'PickedShort',
  data: { orderNumber, at, picked: pick(...quantities).lines, short: missing },
});
const held: ShipmentEvent = { type: 'ShipmentHeld', data: { orderNumber, flow: 'short-pick' } };
const someShort = short([4, 2], [{ ...first, quantity: 2 }]);
const flow = 'short-pick-1';
const goesOn: ShipmentEvent[] = [
  { type: 'PickingResumed', data: { orderNumber, flow } },
  { type: 'HoldReleased', data: { orderNumber, flow: 'short-pick' } },
];

describe('a pick with quantities (LOG-09, ORD-04)', () => {
  it('a complete pick is recorded as picked', () => {
    given(shipment, prepared).when(pick(6, 2)).then(picked);
  });

  it('an incomplete pick holds the order and is not recorded as picked', () => {
    given(shipment, prepared).when(pick(4, 2)).then(someShort, held);
    given(shipment, prepared)
      .when(pick(0, 0))
      .then(short([0, 0], lines), held);
    expect(contractFaults(someShort)).toEqual([]);
  });

  it('a pick dated before the first year of the calendar is refused (LOG-02)', () => {
    const error = (): void =>
      given(shipment, prepared)
        .when({ ...pick(4, 2), at: '1999-12-01T09:00:00.000000Z' })
        .thenNothing();
    expect(error).toThrow(/at: is 1999-12-01T09:00:00.000000Z, but .* begins at 20/);
  });

  it('a line that the report does not name counts as missing', () => {
    given(shipment, prepared)
      .when(pick(6))
      .then(short([6], [second]), held);
  });

  it('an incompletely picked order can still be held and cancelled', () => {
    given(shipment, prepared, someShort, held)
      .when({ type: 'HoldShipment', orderNumber, flow: 'cancel-order-1' })
      .then({ type: 'ShipmentHeld', data: { orderNumber, flow: 'cancel-order-1' } });
  });

  it('a repeated incomplete pick changes nothing, nor does one after the complete pick', () => {
    given(shipment, prepared, someShort, held).when(pick(4, 2)).thenNothing();
    given(shipment, prepared, picked).when(pick(4, 2)).thenNothing();
  });

  it('an incomplete pick contradicts a hold of another flow', () => {
    given(shipment, prepared, { type: 'ShipmentHeld', data: { orderNumber, flow: 'cancel-order-1' } })
      .when(pick(4, 2))
      .then({ type: 'ReportContradicted', data: { orderNumber, report: 'ParcelPicked', status: 'held' } });
  });

  it('nothing ships until the missing units are settled', () => {
    given(shipment, prepared, someShort, held)
      .when({ type: 'ReportShipped', orderNumber, ...handover })
      .then({ type: 'ReportContradicted', data: { orderNumber, report: 'ParcelShipped', status: 'held' } });
  });

  it('the warehouse is asked again when the missing units are settled', () => {
    const resume = { type: 'ResumePicking', orderNumber, flow } as const;
    given(shipment, prepared, someShort, held)
      .when(resume)
      .then(...goesOn);
    given(shipment, prepared, someShort, held, ...goesOn)
      .when({ type: 'ReportPicked', orderNumber, at })
      .then(picked);
    expect(contractFaults(...goesOn)).toEqual([]);
  });
});
