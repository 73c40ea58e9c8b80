import { leeds } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario({ withConsole: true });

describe('an order without concerns', () => {
  it('is approved, confirmed by purchasing, released, picked, packed, shipped and dispatched (ORD-01, 03, 04, 08, LOG-01, 09)', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    expect((await play.orderState(order)).status).toBe('approved');
    await play.partners.answers(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    const about = await play.aboutInClear(await play.partners.task(orderNumber, 'ship-order'));
    expect(about).toMatchObject({ lines: order.lines, address: order['address'] });

    await play.ships(order);

    const mail = await play.partners.customerMessage(orderNumber, 'order-dispatched');
    expect(mail).toMatchObject({ rule: 'ORD-08', data: { fields: { method: 'Tracked 48', trackingNumber: `RM${orderNumber}` } } });
    expect(await play.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
    expect((await play.orderState(order)).status).toBe('dispatched');
    expect((await play.register(order)).refunds).toEqual([]);
    const facts = play.partners.facts(orderNumber).filter((type) => type.startsWith('Order'));
    expect(facts).toEqual(['OrderPlaced', 'OrderApproved', 'OrderReleased', 'OrderDispatched']);
  });

  it('stays delivered when further scans arrive after the delivery (LOG-01)', async () => {
    const order = await play.released();
    await play.ships(order);
    const { orderNumber } = order;

    await play.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await play.partners.courier(orderNumber, 'delivered', '2026-11-05T11:00:00Z');
    await play.partners.courier(orderNumber, 'out-for-delivery', '2026-11-05T08:00:00Z');
    await play.partners.fact(orderNumber, 'ParcelScanned', ({ data }) => data.scan === 'out-for-delivery');

    expect(play.partners.facts(orderNumber).filter((type) => type === 'ParcelDelivered')).toHaveLength(1);
    const { body } = await play.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`);
    expect(body).toMatchObject({ stage: 'delivered', lastScan: 'delivered' });
  });

  it('has one timeline with causes before effects, and a rule number on each entry of Orderloom (CS-04)', async () => {
    const order = await play.released();
    await play.ships(order);
    await play.flowOutcomes(order);
    const whole = ['OrderPlaced', 'OrderApproved', 'TaskAsked', 'OrderReleased', 'ShipmentPrepared', 'ParcelShipped', 'OrderDispatched'];
    type Line = { id: string; type: string; rule: string | null; causation: string | null; source: string };
    const timeline = async () =>
      (await play.stack.at('console', 'service:mia').get<{ lines?: Line[] }>(`/orders/${order.orderNumber}/timeline`)).body.lines ?? [];
    const lines = await play.partners.messages.until(
      'the console has the whole timeline',
      async () => {
        const all = await timeline();
        const knows = (type: string) => all.some((l) => l.type === type);
        return all.filter((l) => l.type === 'FlowEnded').length === 2 && [...whole, 'CustomerTold'].every(knows) && all;
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
    const order = play.order({ notes: 'please gift-wrap', address: leeds });
    await play.partners.places(order);
    const { about } = await play.partners.answers(order.orderNumber, 'review-order', { type: 'ReviewHeld', reason: 'no gift wrap left' });
    expect(about['concerns']).toEqual(['notes']);
    await play.partners.fact(order.orderNumber, 'OrderHeld', ({ data }) => data.reason === 'no gift wrap left');

    await play.partners.answers(order.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await play.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
  });
});
