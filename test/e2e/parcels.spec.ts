import { useScenario } from '../support/scenario/story.js';

const play = useScenario();

const shipment = async (orderNumber: string) => (await play.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`)).body;

describe('a scan with a tracking number that the warehouse has not reported (LOG-01)', () => {
  it('is stored, shown and investigated; the order is not delivered and can still be cancelled', async () => {
    const order = await play.released();
    const { orderNumber } = order;
    await play.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z', `RX${orderNumber}`);
    const { about, team } = await play.partners.task(orderNumber, 'explain-scan');
    expect({ about, team }).toMatchObject({
      about: { orderNumber, trackingNumber: `RX${orderNumber}`, scan: 'delivered' },
      team: 'service',
    });
    expect(await shipment(orderNumber)).toMatchObject({
      stage: 'prepared',
      unmatchedScans: [{ trackingNumber: `RX${orderNumber}`, scan: 'delivered' }],
    });

    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await play.partners.answers(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await play.refunds(order);
    await play.partners.answers(orderNumber, 'explain-scan', { type: 'ScanExplained', note: 'of another order' });
    await play.flowOutcomes(order);
    expect((await play.orderState(order)).status).toBe('cancelled');
    expect(play.partners.facts(orderNumber)).not.toContain('ParcelDelivered');
  });

  it('takes effect when the warehouse reports the number', async () => {
    const order = await play.released();
    const { orderNumber } = order;
    await play.partners.courier(orderNumber, 'delivered');
    await play.partners.task(orderNumber, 'explain-scan');
    await play.ships(order);
    await play.partners.fact(orderNumber, 'ShipmentDelivered');
    expect(await play.partners.outcome(orderNumber, 'explain-scan')).toBe('matched');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered', unmatchedScans: [] });
    await play.flowOutcomes(order);
  });
});

describe('an order in two parcels (LOG-01)', () => {
  it('is delivered when its last parcel is delivered', async () => {
    const order = await play.released();
    const { orderNumber } = order;
    await play.ships(order);
    const second = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}-2` };
    await play.partners.warehouse(orderNumber, 'ParcelShipped', second);
    await play.partners.fact(orderNumber, 'ParcelShipped', ({ data }) => data.trackingNumber === second.trackingNumber);
    await play.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await play.partners.fact(orderNumber, 'ParcelDelivered');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'shipped', parcels: [{ deliveredAt: expect.anything() }, {}] });
    expect(play.partners.facts(orderNumber)).not.toContain('ShipmentDelivered');

    await play.partners.courier(orderNumber, 'delivered', '2026-11-06T11:00:00Z', second.trackingNumber);
    const { data } = await play.partners.fact(orderNumber, 'ShipmentDelivered');
    expect(data).toMatchObject({ at: '2026-11-06T11:00:00.000000Z' });
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered' });
    await play.flowOutcomes(order);
  });
});

describe('a mistyped tracking number (LOG-01, ORD-08)', () => {
  it('is corrected by the warehouse: the order is delivered, and the customer gets the right number', async () => {
    const order = await play.released();
    const { orderNumber } = order;
    await play.ships(order);
    const [wrong, right] = [`RM${orderNumber}`, `RN${orderNumber}`];
    await play.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z', right);
    await play.partners.task(orderNumber, 'explain-scan');
    const correction = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: right, replaces: wrong };
    await play.partners.warehouse(orderNumber, 'ParcelShipped', correction);
    await play.partners.fact(orderNumber, 'ShipmentDelivered');
    const { data } = await play.partners.customerMessage(orderNumber, 'tracking-number-corrected');
    expect(data).toMatchObject({ rule: 'ORD-08', fields: { trackingNumber: right, replaces: wrong } });
    expect(await play.partners.outcome(orderNumber, 'explain-scan')).toBe('matched');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered', parcels: [{ trackingNumber: right }], unmatchedScans: [] });
    await play.flowOutcomes(order);
  });
});

describe('a parcel with goods of two orders (LOG-01)', () => {
  const shares = async (orderNumber: string, trackingNumber: string): Promise<void> => {
    await play.partners.warehouse(orderNumber, 'ParcelShipped', { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber });
    await play.partners.fact(orderNumber, 'ParcelShipped');
  };

  it('delivers both orders, whichever order the courier names and whichever report arrives first', async () => {
    const [first, second] = [await play.released(), await play.released()];
    const trackingNumber = `RM${first.orderNumber}`;
    await shares(first.orderNumber, trackingNumber);
    await play.partners.courier(first.orderNumber, 'first-scan', '2026-11-04T11:00:00Z');
    await play.partners.fact(first.orderNumber, 'ParcelScanned');
    await shares(second.orderNumber, trackingNumber);
    await play.partners.courier(first.orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    for (const { orderNumber } of [first, second]) await play.partners.fact(orderNumber, 'ShipmentDelivered');
    for (const order of [first, second]) await play.flowOutcomes(order);
    expect(await shipment(second.orderNumber)).toMatchObject({
      stage: 'delivered',
      parcels: [{ trackingNumber, scans: [{ scan: 'first-scan' }, { scan: 'delivered' }] }],
    });

    const third = await play.released();
    await shares(third.orderNumber, trackingNumber);
    await play.partners.fact(third.orderNumber, 'ShipmentDelivered');
    await play.flowOutcomes(third);
  });
});
