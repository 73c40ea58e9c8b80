import { given } from '@orderloom/event-sourcing';
import { shipment } from './shipment.js';
import type { ShipmentEvent } from './shipment-facts.js';
import { address, at, handover, lines, orderNumber } from './shipment.fixture.js';

const flow = 'cancel-order-1';
const asked = { orderNumber, flow };
const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const held: ShipmentEvent = { type: 'ShipmentHeld', data: asked };
const releasedHold: ShipmentEvent = { type: 'HoldReleased', data: asked };
const cancelled: ShipmentEvent = { type: 'ShipmentCancelled', data: asked };
const picked: ShipmentEvent = { type: 'ParcelPicked', data: { orderNumber, at } };
const shipped: ShipmentEvent = { type: 'ParcelShipped', data: { orderNumber, ...handover } };

describe('a cancellation before the order is prepared (ORD-13)', () => {
  const cancelOne = { type: 'AmendShipment', ...asked, lines: [{ line: 1, quantity: 1 }] } as const;
  const amended: ShipmentEvent = { type: 'ShipmentAmended', data: { ...asked, lines: [{ line: 1, quantity: 1 }], remaining: [] } };
  const prepare = { type: 'PrepareShipment', orderNumber, lines, address } as const;
  const preparedWith = (some: typeof lines): ShipmentEvent => ({
    type: 'ShipmentPrepared',
    data: { orderNumber, lines: some, address, held: false },
  });
  const [first, second] = lines as [(typeof lines)[0], (typeof lines)[0]];

  it('cancelled lines of a held order are left out when it is prepared', () => {
    given(shipment, held).when(cancelOne).then(amended);
    given(shipment, held, amended, releasedHold)
      .when(prepare)
      .then(preparedWith([{ ...first, quantity: 5 }, second]));
  });

  it('several cancellations of lines add up', () => {
    const rest: ShipmentEvent = {
      type: 'ShipmentAmended',
      data: { orderNumber, flow: 'cancel-order-2', lines: [{ line: 1, quantity: 5 }], remaining: [] },
    };
    given(shipment, held, amended, releasedHold, held, rest, releasedHold)
      .when(prepare)
      .then(preparedWith([second]));
  });

  it('lines that the released order lacks already are not removed twice', () => {
    const released = [{ ...first, quantity: 5 }, second];
    given(shipment, held, amended, releasedHold)
      .when({ ...prepare, lines: released, amendedBy: [flow] })
      .then(preparedWith(released));
  });

  it('a replaced line ships once, whether or not the order was released with it (ORD-23)', () => {
    const added = [{ line: 3, sku: '22423', quantity: 1, unitPrice: 300 }];
    const replaced: ShipmentEvent = { type: 'ShipmentAmended', data: { ...amended.data, added } };
    const instead = [{ ...first, quantity: 5 }, second, ...added];
    given(shipment, held)
      .when({ ...cancelOne, added })
      .then(replaced);
    given(shipment, held, replaced, releasedHold).when(prepare).then(preparedWith(instead));
    given(shipment, held, replaced, releasedHold)
      .when({ ...prepare, lines: instead, amendedBy: [flow] })
      .then(preparedWith(instead));
  });

  it('a wholly cancelled order is not prepared', () => {
    given(shipment, held, cancelled).when(prepare).thenNothing();
    const all: ShipmentEvent = { type: 'ShipmentAmended', data: { ...asked, lines, remaining: [] } };
    given(shipment, held, all, releasedHold).when(prepare).thenNothing();
  });

  it('a prepared order is not cancelled without a hold (ORD-10)', () => {
    for (const history of [[prepared], [prepared, picked], [prepared, shipped]]) {
      given(shipment, ...history)
        .when(cancelOne)
        .thenRefused('not-held');
      given(shipment, ...history)
        .when({ type: 'CancelShipment', ...asked })
        .thenRefused('not-held');
    }
  });
});
