import { given } from '@orderloom/event-sourcing';
import { shipment } from './shipment.js';
import type { ShipmentEvent } from './shipment-facts.js';
import { address, at, elsewhere, contractFaults, handover, lines, orderNumber, watching } from './shipment.fixture.js';

const flow = 'cancel-order-1';
const asked = { orderNumber, flow };
const holder = { orderNumber, flow: 'hold-shipment-1', askedBy: flow };

const prepared: ShipmentEvent = { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: false } };
const requested: ShipmentEvent = { type: 'HoldRequested', data: asked };
const held: ShipmentEvent = { type: 'ShipmentHeld', data: asked };
const releasedHold: ShipmentEvent = { type: 'HoldReleased', data: asked };
const cancelled: ShipmentEvent = { type: 'ShipmentCancelled', data: asked };
const picked: ShipmentEvent = { type: 'ParcelPicked', data: { orderNumber, at } };
const packed: ShipmentEvent = { type: 'ParcelPacked', data: { orderNumber, at } };
const shipped: ShipmentEvent = { type: 'ParcelShipped', data: { orderNumber, ...handover } };
const refusedBecause = (reason: string): ShipmentEvent => ({ type: 'HoldRefused', data: { ...asked, reason } });
const contradicted = (report: string, status: string): ShipmentEvent => ({
  type: 'ReportContradicted',
  data: { orderNumber, report, status },
});
const reports = [
  [{ type: 'ReportPicked', orderNumber, at }, picked],
  [{ type: 'ReportPacked', orderNumber, at }, packed],
  [{ type: 'ReportShipped', orderNumber, ...handover }, shipped],
] as const;

describe('a hold and a pick of the same order (LOG-09)', () => {
  it('a hold that is confirmed first wins, and the report of the pick is contradicted', () => {
    given(shipment, prepared, requested)
      .when({ type: 'ConfirmHold', ...holder })
      .then(held);
    given(shipment, prepared, requested, held).when({ type: 'ReportPicked', orderNumber, at }).then(contradicted('ParcelPicked', 'held'));
  });

  it('a pick that is reported first wins, and the confirmation of the hold is refused', () => {
    given(shipment, prepared, requested).when({ type: 'ReportPicked', orderNumber, at }).then(picked);
    given(shipment, prepared, requested, picked)
      .when({ type: 'ConfirmHold', ...holder })
      .then(refusedBecause('picked'));
  });

  it('the warehouse may deny the hold with a reason', () => {
    given(shipment, prepared, requested)
      .when({ type: 'DenyHold', ...holder, reason: 'on the belt' })
      .then(refusedBecause('on the belt'));
  });
});

describe('a hold of two flows', () => {
  const other = 'queue-cancellation-1';
  const theirs = { orderNumber, flow: other };
  const heldByBoth = [prepared, held, { type: 'ShipmentHeld', data: theirs }] as const;

  it('a release by one flow leaves the hold of the other', () => {
    given(shipment, ...heldByBoth)
      .when({ type: 'ReleaseHold', ...asked })
      .then({ type: 'HoldReleased', data: { ...asked, stillHeld: true } });
    const one: ShipmentEvent = { type: 'HoldReleased', data: { ...asked, stillHeld: true } };
    given(shipment, ...heldByBoth, one)
      .when({ type: 'ReportPicked', orderNumber, at })
      .then(contradicted('ParcelPicked', 'held'));
    given(shipment, ...heldByBoth, one)
      .when({ type: 'ReleaseHold', ...theirs })
      .then({ type: 'HoldReleased', data: theirs });
    expect(contractFaults(one)).toEqual([]);
  });

  it('one confirmation of the warehouse holds for both, and a second one changes nothing', () => {
    const both = [prepared, requested, { type: 'HoldRequested', data: theirs }] as const;
    given(shipment, ...both)
      .when({ type: 'ConfirmHold', ...holder })
      .then(held, { type: 'ShipmentHeld', data: theirs });
    const second = { orderNumber, flow: 'hold-shipment-2', askedBy: other };
    given(shipment, ...both, held, { type: 'ShipmentHeld', data: theirs })
      .when({ type: 'ConfirmHold', ...second })
      .thenNothing();
    given(shipment, ...both, held, { type: 'ShipmentHeld', data: theirs })
      .when({ type: 'DenyHold', ...second, reason: 'picked' })
      .thenNothing();
  });

  it('one refusal or one pick refuses both', () => {
    const refusedBoth = [refusedBecause('picked'), { type: 'HoldRefused', data: { ...theirs, reason: 'picked' } }] as const;
    const both = [prepared, requested, { type: 'HoldRequested', data: theirs }, picked] as const;
    given(shipment, ...both)
      .when({ type: 'DenyHold', ...holder, reason: 'picked' })
      .then(...refusedBoth);
    given(shipment, ...both)
      .when({ type: 'ConfirmHold', ...holder })
      .then(...refusedBoth);
    given(shipment, ...both, ...refusedBoth)
      .when({ type: 'DenyHold', orderNumber, flow: 'hold-shipment-2', askedBy: other, reason: 'picked' })
      .thenNothing();
  });

  it('the hold of the second flow is refused if the first has cancelled the order', () => {
    given(shipment, prepared, requested, { type: 'ShipmentHeld', data: theirs }, { type: 'ShipmentCancelled', data: theirs })
      .when({ type: 'ConfirmHold', ...holder })
      .then(refusedBecause('cancelled'));
  });
});

describe('a request for a hold (ORD-10, ORD-11)', () => {
  const hold = { type: 'HoldShipment', ...asked } as const;

  it('an order that is not prepared yet is held at once and later prepared as held', () => {
    given(shipment).when(hold).then(held);
    given(shipment, held)
      .when({ type: 'PrepareShipment', orderNumber, lines, address })
      .then({ type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: true } });
  });

  it('a prepared order asks the warehouse; a held one is held again at once', () => {
    given(shipment, prepared).when(hold).then(requested);
    given(shipment, prepared, held).when(hold).then(held);
  });

  it.each([
    ['picked', [prepared, picked]],
    ['packed', [prepared, picked, packed]],
    ['shipped', [prepared, shipped]],
    ['cancelled', [prepared, held, cancelled]],
  ] as const)('the hold is refused if the order is %s', (stage, history) => {
    given(shipment, ...history)
      .when(hold)
      .then(refusedBecause(stage));
  });
});

describe('a report of the warehouse', () => {
  it.each(reports)('a report is recorded once: %j', (report, fact) => {
    given(shipment, prepared, watching).when(report).then(fact);
    given(shipment, prepared, fact).when(report).thenNothing();
  });

  it('a late report of an earlier stage changes nothing', () => {
    given(shipment, prepared, shipped).when({ type: 'ReportPicked', orderNumber, at }).thenNothing();
    given(shipment, prepared, packed).when({ type: 'ReportPicked', orderNumber, at }).thenNothing();
  });

  it.each(reports)('a report of a held, cancelled or unknown order is contradicted: %j', (report, { type }) => {
    given(shipment, prepared, held).when(report).then(contradicted(type, 'held'));
    given(shipment, prepared, held, cancelled).when(report).then(contradicted(type, 'cancelled'));
    given(shipment).when(report).then(contradicted(type, 'none'));
  });

  it('a report after the release of the hold is recorded', () => {
    given(shipment, prepared, held, releasedHold).when({ type: 'ReportPicked', orderNumber, at }).then(picked);
  });
});

describe('a held shipment', () => {
  it('the shipment can be released, cancelled or reduced', () => {
    given(shipment, prepared, held)
      .when({ type: 'ReleaseHold', ...asked })
      .then(releasedHold);
    given(shipment, prepared, held)
      .when({ type: 'CancelShipment', ...asked })
      .then(cancelled);
    const amended = { type: 'ShipmentAmended', data: { ...asked, lines: [{ line: 1, quantity: 6 }], remaining: lines.slice(1) } } as const;
    given(shipment, prepared, held)
      .when({ type: 'AmendShipment', ...asked, lines: [{ line: 1, quantity: 6 }] })
      .then(amended);
  });

  it('the shipment can replace goods by others (ORD-23)', () => {
    const added = [{ line: 3, sku: '22423', quantity: 6, unitPrice: 300 }];
    const units = [{ line: 1, quantity: 6 }];
    given(shipment, prepared, held)
      .when({ type: 'AmendShipment', ...asked, lines: units, added })
      .then({ type: 'ShipmentAmended', data: { ...asked, lines: units, added, remaining: [...lines.slice(1), ...added] } });
  });

  it('a shipment is prepared once', () => {
    given(shipment, prepared).when({ type: 'PrepareShipment', orderNumber, lines, address }).thenNothing();
    given(shipment, prepared, held, cancelled).when({ type: 'PrepareShipment', orderNumber, lines, address }).thenNothing();
  });
});

describe('a change of the label (ORD-30, ORD-32)', () => {
  const change = { type: 'ChangeLabel', ...asked, address: elsewhere } as const;
  const labelled: ShipmentEvent = { type: 'LabelChanged', data: { ...asked, address: elsewhere } };
  const tooLate: ShipmentEvent = { type: 'LabelChangeRefused', data: { ...asked, reason: 'shipped' } };

  it('the warehouse is asked until the parcel has left', () => {
    given(shipment, prepared)
      .when(change)
      .then({ type: 'LabelChangeRequested', data: { ...asked, address: elsewhere } });
    given(shipment, prepared, packed)
      .when({ type: 'ConfirmLabel', ...holder, address: elsewhere })
      .then(labelled);
    given(shipment, prepared)
      .when({ type: 'DenyLabel', ...holder, reason: 'shipped' })
      .then(tooLate);
  });

  it('stays after it was shipped, also where the warehouse had confirmed it; what is on its way is named', () => {
    const onItsWay = [{ carrier: 'Royal Mail', trackingNumber: 'RM1GB' }];
    const left: ShipmentEvent = { type: 'LabelChangeRefused', data: { ...asked, reason: 'shipped', onItsWay } };
    given(shipment, prepared, shipped).when(change).then(left);
    given(shipment, prepared, shipped)
      .when({ type: 'ConfirmLabel', ...holder, address: elsewhere })
      .then(left);
    given(shipment, prepared, shipped)
      .when({ type: 'DenyLabel', ...holder, reason: 'shipped' })
      .then(left);
    const delivered: ShipmentEvent = { type: 'ParcelDelivered', data: { orderNumber, trackingNumber: 'RM1GB', at } };
    given(shipment, prepared, shipped, delivered)
      .when(change)
      .then({ type: 'LabelChangeRefused', data: { ...asked, reason: 'delivered' } });
    expect(contractFaults(left)).toEqual([]);
  });

  it('shows the address that the courier redirects the parcels to', () => {
    const redirected: ShipmentEvent = { type: 'LabelChanged', data: { ...asked, address: elsewhere, redirected: true } };
    given(shipment, prepared, shipped)
      .when({ type: 'RecordRedirect', ...asked, address: elsewhere })
      .then(redirected);
    expect(contractFaults(redirected)).toEqual([]);
  });

  it('the label of an unprepared or held order changes at once, without a question', () => {
    given(shipment).when(change).then(labelled);
    given(shipment, prepared, held).when(change).then(labelled);
  });

  it('the label of a cancelled order does not change', () => {
    given(shipment, prepared, held, cancelled)
      .when(change)
      .then({ type: 'LabelChangeRefused', data: { ...asked, reason: 'cancelled' } });
  });

  it('an order is prepared with the label that was changed before', () => {
    given(shipment, labelled)
      .when({ type: 'PrepareShipment', orderNumber, lines, address })
      .then({ type: 'ShipmentPrepared', data: { orderNumber, lines, address: elsewhere, held: false } });
  });
});

describe('the events of a shipment', () => {
  it('the events satisfy their contracts', () => {
    const scan = { orderNumber, trackingNumber: 'RM1GB', scan: 'delivered', at, place: 'London' };
    const label = { ...asked, address: elsewhere };
    const others: ShipmentEvent[] = [
      refusedBecause('picked'),
      contradicted('ParcelPicked', 'held'),
      { type: 'ParcelScanned', data: scan },
      { type: 'ScanUnmatched', data: scan },
      { type: 'ParcelDelivered', data: { orderNumber, trackingNumber: 'RM1GB', at } },
      { type: 'ShipmentDelivered', data: { orderNumber, at } },
      { type: 'LabelChanged', data: label },
      { type: 'LabelChangeRequested', data: label },
      { type: 'LabelChangeRefused', data: { ...asked, reason: 'shipped' } },
      { type: 'ShipmentAmended', data: { ...asked, lines: [{ line: 1, quantity: 6 }], remaining: [] } },
    ];
    expect(contractFaults(prepared, requested, held, releasedHold, cancelled, picked, packed, shipped, ...others)).toEqual([]);
  });
});

describe('a report dated before the order was placed (LOG-09)', () => {
  const known: ShipmentEvent = { ...prepared, data: { ...prepared.data, placedAt: '2010-12-01T08:26:00.000000Z' } };
  const before = '2010-11-29T17:00:00.000000Z';
  const parcel = { orderNumber, carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' };

  it.each([
    { type: 'ReportPicked', orderNumber, at: before },
    { type: 'ReportPacked', orderNumber, at: before },
    { type: 'ReportShipped', ...parcel, at: before },
    { type: 'RecordScan', orderNumber, trackingNumber: 'RM536365GB', scan: 'delivered', at: before },
  ] as const)('the report is refused, and the error names the field: $type', (report) => {
    const deciding = () => shipment.decide({ ...report, now: at, by: 'x' }, shipment.evolve(shipment.initial, known));
    expect(deciding).toThrow(`is ${before}, before the order was placed at`);
  });

  it('the report counts if the time of placement is unknown', () => {
    given(shipment, prepared)
      .when({ type: 'ReportPicked', orderNumber, at: before })
      .then({ type: 'ParcelPicked', data: { orderNumber, at: before } });
  });
});
