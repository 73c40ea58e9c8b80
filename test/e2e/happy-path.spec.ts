import { leeds } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ withConsole: true });

describe('an order without concerns', () => {
  it('is approved, confirmed by purchasing, released, picked, packed, shipped and dispatched (ORD-01, 03, 04, 08, LOG-01, 09)', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    expect((await scenario.orderState(order)).status).toBe('approved');
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    const about = await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order'));
    expect(about).toMatchObject({ lines: order.lines, address: order['address'] });

    await scenario.ships(order);

    const mail = await scenario.partners.customerMessage(orderNumber, 'order-dispatched');
    expect(mail).toMatchObject({ rule: 'ORD-08', data: { fields: { method: 'Tracked 48', trackingNumber: `RM${orderNumber}` } } });
    expect(await scenario.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
    expect((await scenario.orderState(order)).status).toBe('dispatched');
    expect((await scenario.register(order)).refunds).toEqual([]);
    const facts = scenario.partners.facts(orderNumber).filter((type) => type.startsWith('Order'));
    expect(facts).toEqual(['OrderPlaced', 'OrderApproved', 'OrderReleased', 'OrderDispatched']);
  });

  it('stays delivered when further scans arrive after the delivery (LOG-01)', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    const { orderNumber } = order;

    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await scenario.partners.courier(orderNumber, 'out-for-delivery', '2026-11-05T08:00:00Z');
    await scenario.partners.fact(orderNumber, 'ParcelScanned', ({ data }) => data.scan === 'out-for-delivery');

    expect(scenario.partners.facts(orderNumber).filter((type) => type === 'ParcelDelivered')).toHaveLength(1);
    const { body } = await scenario.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`);
    expect(body).toMatchObject({ stage: 'delivered', lastScan: 'delivered' });
  });

  it('has one timeline with causes before effects, and a rule number on each entry of Orderloom (CS-04)', async () => {
    const order = await scenario.released();
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
    const whole = ['OrderPlaced', 'OrderApproved', 'TaskAsked', 'OrderReleased', 'ShipmentPrepared', 'ParcelShipped', 'OrderDispatched'];
    type Line = { id: string; type: string; rule: string | null; causation: string | null; source: string; data: { flow?: string } };
    let shown = '';
    const lines = await scenario.partners.messages.until(
      () => `the console has the whole timeline; it shows ${shown}`,
      async () => {
        const { status, body } = await scenario.stack
          .at('console', 'service:mia')
          .get<{ lines?: Line[] }>(`/orders/${order.orderNumber}/timeline`);
        const all = body.lines ?? [];
        const nameOf = ({ type, data }: Line) => (type === 'FlowEnded' ? `${data.flow} ended` : type);
        shown = `${status} ${all.map(nameOf).join(', ')}`;
        const isShown = (name: string) => all.some((line) => nameOf(line) === name);
        return [...whole, 'CustomerTold', 'fulfil-order ended', 'ship-order ended'].every(isShown) && all;
      },
      order.orderNumber,
    );

    const place = new Map(lines.map((l, i) => [l.id, i]));
    const early = lines.filter((l, i) => l.causation !== null && (place.get(l.causation) ?? -1) > i);
    expect(early).toEqual([]);
    expect(lines.filter((l) => l.source.startsWith('/orderloom/') && !l.rule)).toEqual([]);
  });
});

describe('an order with a concern', () => {
  it('waits for a reviewer; held with a reason, it continues when the reviewer approves it later (ORD-03)', async () => {
    const order = scenario.order({ notes: 'please gift-wrap', address: leeds });
    await scenario.partners.places(order);
    const { about } = await scenario.partners.waitAndAnswer(order.orderNumber, 'review-order', {
      type: 'ReviewHeld',
      reason: 'no gift wrap left',
    });
    expect(about['concerns']).toEqual(['notes']);
    await scenario.partners.fact(order.orderNumber, 'OrderHeld', ({ data }) => data.reason === 'no gift wrap left');

    await scenario.partners.waitAndAnswer(order.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });
});
