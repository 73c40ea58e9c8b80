import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

describe('a "where is my parcel?" request (LOG-02..05)', () => {
  it('is answered at once before and after shipment until delivery', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.partners.storefront('TrackingRequested', { orderNumber, text: 'where is it?' });
    expect((await scenario.partners.customerMessage(orderNumber, 'order-in-processing')).data).toMatchObject({ rule: 'LOG-02' });
    await scenario.ships(order);
    const service = scenario.stack.at('order', 'service:mia');
    const asked = await service.post(`/orders/${orderNumber}/tracking-request`, {});
    expect([asked.status, asked.body]).toEqual([202, { orderNumber, status: 'dispatched', requestId: expect.any(String) }]);
    await scenario.partners.customerMessage(orderNumber, 'tracking-updates-soon');
    await scenario.partners.courier(orderNumber, 'departed', '2026-11-03T11:00:00Z');
    await scenario.partners.customerMessage(orderNumber, 'tracking-moved');
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-04T11:00:00Z');
    await scenario.partners.customerMessage(orderNumber, 'parcel-delivered');
    expect(await scenario.partners.outcome(orderNumber, 'track-parcel')).toBe('delivered');
    await scenario.flowOutcomes(order);
  });

  it('about a parcel with a problem asks the courier; the customer chooses what to do about a loss (LOG-06, LOG-10)', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await scenario.partners.courier(orderNumber, 'exception', '2026-11-03T11:00:00Z');
    await scenario.partners.task(orderNumber, 'explain-problem');
    await scenario.partners.storefront('TrackingRequested', { orderNumber });
    await scenario.partners.customerMessage(orderNumber, 'tracking-being-clarified');
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-problem', { type: 'ParcelNotFound', note: 'the van burnt down' });
    const { data } = await scenario.partners.customerMessage(orderNumber, 'parcel-lost');
    expect(data).toMatchObject({ rule: 'LOG-06', fields: { note: 'the van burnt down', trackingNumber: `RM${orderNumber}` } });
    const { about } = await scenario.partners.task(orderNumber, 'reship-or-refund');
    expect(about).toMatchObject({ trackingNumber: `RM${orderNumber}`, reason: 'the van burnt down' });
    await scenario.partners.waitAndAnswer(orderNumber, 'reship-or-refund', { type: 'RefundChosen' });
    await scenario.partners.waitAndAnswer(orderNumber, 'grant-goodwill', { type: 'GoodwillDeclined' });
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
  });

  it('for a parcel with a problem is not needed: customer and courier are asked without one (LOG-07)', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await scenario.partners.courier(orderNumber, 'exception', '2026-11-03T11:00:00Z');
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-problem', { type: 'ParcelExplained', note: 'nobody was at home' });
    await scenario.partners.waitAndAnswer(orderNumber, 'settle-problem-parcel', { type: 'RedirectChosen', to: 'the neighbour' });
    const { about } = await scenario.partners.task(orderNumber, 'handle-problem-parcel');
    expect(about).toMatchObject({ instruction: 'redirect', note: 'nobody was at home' });
    await scenario.partners.waitAndAnswer(orderNumber, 'handle-problem-parcel', { type: 'InstructionAccepted', note: 'tomorrow' });
    await scenario.partners.customerMessage(orderNumber, 'problem-parcel-handled');
    await scenario.partners.courier(orderNumber, 'delivered', '2026-11-04T11:00:00Z');
    expect(await scenario.partners.outcome(orderNumber, 'track-parcel')).toBe('delivered');
    await scenario.flowOutcomes(order);
  });

  it('about an unknown order is refused to its sender', async () => {
    const service = scenario.stack.at('order', 'service:mia');
    const { status, body } = await service.post('/orders/no-such-order/tracking-request', {});
    expect([status, body]).toMatchObject([404, { code: 'order-unknown' }]);
    await scenario.partners.storefront('TrackingRequested', { orderNumber: 'no-such-order' });
    const { data } = await scenario.partners.fact('no-such-order', 'RequestRefused');
    expect(data).toMatchObject({ request: 'TrackingRequested', code: 'order-unknown' });
  });
});
