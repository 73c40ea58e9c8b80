import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

const shipment = async (orderNumber: string) => (await scenario.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`)).body;

describe('a scan with a tracking number that the warehouse has not reported (LOG-01)', () => {
  it('is stored, shown and investigated; the order is not delivered and can still be cancelled', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z', `RX${orderNumber}`);
    const { about, team } = await scenario.partners.task(orderNumber, 'explain-scan');
    expect({ about, team }).toMatchObject({
      about: { orderNumber, trackingNumber: `RX${orderNumber}`, scan: 'delivered' },
      team: 'service',
    });
    expect(await shipment(orderNumber)).toMatchObject({
      stage: 'prepared',
      unmatchedScans: [{ trackingNumber: `RX${orderNumber}`, scan: 'delivered' }],
    });

    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-scan', { type: 'ScanExplained', note: 'of another order' });
    await scenario.flowOutcomes(order);
    expect((await scenario.orderState(order)).status).toBe('cancelled');
    expect(scenario.partners.facts(orderNumber)).not.toContain('ParcelDelivered');
  });

  it('takes effect when the warehouse reports the number', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.partners.courier(orderNumber, 'delivered');
    await scenario.partners.task(orderNumber, 'explain-scan');
    await scenario.ships(order);
    await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    expect(await scenario.partners.outcome(orderNumber, 'explain-scan')).toBe('matched');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered', unmatchedScans: [] });
    await scenario.flowOutcomes(order);
  });
});

describe('an order in two parcels (LOG-01)', () => {
  it('is delivered when its last parcel is delivered', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    const second = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}-2` };
    await scenario.partners.warehouse(orderNumber, 'ParcelShipped', second);
    await scenario.partners.fact(orderNumber, 'ParcelShipped', ({ data }) => data.trackingNumber === second.trackingNumber);
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await scenario.partners.fact(orderNumber, 'ParcelDelivered');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'shipped', parcels: [{ deliveredAt: expect.anything() }, {}] });
    expect(scenario.partners.facts(orderNumber)).not.toContain('ShipmentDelivered');

    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-06T11:00:00Z', second.trackingNumber);
    const { data } = await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    expect(data).toMatchObject({ at: '2026-11-06T11:00:00.000000Z' });
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered' });
    await scenario.flowOutcomes(order);
  });
});

describe('a mistyped tracking number (LOG-01, ORD-08)', () => {
  it('is corrected by the warehouse: the order is delivered, and the customer gets the right number', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    const [wrong, right] = [`RM${orderNumber}`, `RN${orderNumber}`];
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z', right);
    await scenario.partners.task(orderNumber, 'explain-scan');
    const correction = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: right, replaces: wrong };
    await scenario.partners.warehouse(orderNumber, 'ParcelShipped', correction);
    await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    const { data } = await scenario.partners.customerMessage(orderNumber, 'tracking-number-corrected');
    expect(data).toMatchObject({ rule: 'ORD-08', fields: { trackingNumber: right, replaces: wrong } });
    expect(await scenario.partners.outcome(orderNumber, 'explain-scan')).toBe('matched');
    expect(await shipment(orderNumber)).toMatchObject({ stage: 'delivered', parcels: [{ trackingNumber: right }], unmatchedScans: [] });
    await scenario.flowOutcomes(order);
  });
});

describe('a parcel with goods of two orders (LOG-01)', () => {
  const shares = async (orderNumber: string, trackingNumber: string): Promise<void> => {
    await scenario.partners.warehouse(orderNumber, 'ParcelShipped', { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber });
    await scenario.partners.fact(orderNumber, 'ParcelShipped');
  };

  it('delivers both orders, whichever order the courier names and whichever report arrives first', async () => {
    const [first, second] = [await scenario.released(), await scenario.released()];
    const trackingNumber = `RM${first.orderNumber}`;
    await shares(first.orderNumber, trackingNumber);
    await scenario.partners.courier(first.orderNumber, 'first-scan', '2026-11-04T11:00:00Z');
    await scenario.partners.fact(first.orderNumber, 'ParcelScanned');
    await shares(second.orderNumber, trackingNumber);
    await scenario.partners.courier(first.orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    for (const { orderNumber } of [first, second]) await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    for (const order of [first, second]) await scenario.flowOutcomes(order);
    expect(await shipment(second.orderNumber)).toMatchObject({
      stage: 'delivered',
      parcels: [{ trackingNumber, scans: [{ scan: 'first-scan' }, { scan: 'delivered' }] }],
    });

    const third = await scenario.released();
    await shares(third.orderNumber, trackingNumber);
    await scenario.partners.fact(third.orderNumber, 'ShipmentDelivered');
    await scenario.flowOutcomes(third);
  });
});
