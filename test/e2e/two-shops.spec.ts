import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);

/** The order `number` of a shop, as services name it. */
const ofShop = (storefront: string, number: string, change: Partial<Order> = {}): Order =>
  scenario.order({ ...change, storefront, orderNumber: `${storefront}:${number}` });

/** As the shop itself writes it. */
const asWritten = (order: Order, number: string): Order => ({ ...order, orderNumber: number });

describe('two storefronts with the same order number (ORD-01)', () => {
  it('have two independent orders: one is cancelled, the other is shipped and returned', async () => {
    const number = scenario.stack.nextNumber();
    const customer = { id: 'fr-1', name: 'Sophie Germain', email: 'sophie@example.test' };
    const [uk, fr] = [ofShop('shop-uk', number), ofShop('shop-fr', number, { customer })];
    for (const order of [uk, fr]) {
      await scenario.partners.places(asWritten(order, number));
      await scenario.partners.task(order.orderNumber, 'confirm-stock');
    }

    await scenario.partners.storefront('CancellationRequested', { orderNumber: number, storefront: 'shop-uk', reason: 'ordered twice' });
    await scenario.partners.waitAndAnswer(uk.orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.partners.fact(uk.orderNumber, 'OrderCancelled');
    await scenario.refunds(uk);
    await scenario.flowOutcomes(uk);

    await scenario.partners.waitAndAnswer(fr.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(fr);
    await scenario.partners.courier(fr.orderNumber, 'delivered');
    await scenario.partners.fact(fr.orderNumber, 'ParcelDelivered');
    const back = { storefront: 'shop-fr', lines: [{ line: 2, quantity: 1 }], reason: 'too small' };
    await scenario.partners.storefront('ReturnRequested', { orderNumber: number, ...back });
    await after.sendsBack(fr);
    await after.inspects(fr, 1);
    await scenario.refunds(fr);
    await scenario.flowOutcomes(fr);

    const [ofUk, ofFr] = [scenario.partners.facts(uk.orderNumber), scenario.partners.facts(fr.orderNumber)];
    expect(ofUk).not.toEqual(expect.arrayContaining(['OrderDispatched']));
    expect(ofUk).not.toEqual(expect.arrayContaining(['CaseOpened']));
    expect(ofFr).not.toEqual(expect.arrayContaining(['CancellationRequested']));
    expect([...ofUk, ...ofFr]).not.toEqual(expect.arrayContaining(['OrderRepeated']));
    expect(scenario.partners.facts(number)).toEqual([]);
    expect((await scenario.register(uk)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    expect((await scenario.register(fr)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    expect([(await scenario.orderState(uk)).status, (await scenario.orderState(fr)).status]).toEqual(['cancelled', 'dispatched']);
  });

  it('are both found by the number, each by its storefront, and each has its own address (ORD-06)', async () => {
    const number = scenario.stack.nextNumber();
    for (const shop of ['main', 'shop-fr']) {
      const answer = await scenario.stack
        .at('order', 'storefront:web')
        .post('/orders', { ...scenario.order({ orderNumber: number }), storefront: shop });
      expect(answer).toMatchObject({ status: 201, body: { orderNumber: shop === 'main' ? number : `shop-fr:${number}` } });
    }
    const client = scenario.stack.at('order', 'service:mia');
    const found = async (query: string) =>
      (await client.get<{ orders: { orderNumber: string; storefront: string }[] }>(`/orders?${query}`)).body.orders.map((o) => [
        o.storefront,
        o.orderNumber,
      ]);
    expect(await found(`number=${number}`)).toHaveLength(2);
    expect(await found(`number=${number}`)).toEqual(
      expect.arrayContaining([
        ['main', number],
        ['shop-fr', `shop-fr:${number}`],
      ]),
    );
    expect(await found(`number=${number}&storefront=shop-fr`)).toEqual([['shop-fr', `shop-fr:${number}`]]);
    expect(await found(`number=shop-fr:${number}`)).toEqual([['shop-fr', `shop-fr:${number}`]]);
    expect((await client.get(`/orders/shop-fr:${number}`)).body).toMatchObject({ storefront: 'shop-fr', number });
    expect((await client.get(`/orders/shop-de:${number}`)).status).toBe(404);

    const reason = { reason: 'ordered twice' };
    const asked = await scenario.stack.at('order', 'storefront:web').post(`/orders/shop-fr:${number}/cancellation`, reason);
    expect(asked).toMatchObject({ status: 202, body: { orderNumber: `shop-fr:${number}` } });
    expect((await scenario.orderState(scenario.order({ orderNumber: number }))).openChange).toBeNull();
  });

  it.each(['another number', 'the bare number of another shop'])('a record whose key is %s is refused with that field', async (what) => {
    const number = scenario.stack.nextNumber();
    const key = what === 'another number' ? scenario.stack.nextNumber() : number;
    await scenario.partners.storefront('OrderPlaced', asWritten(ofShop('shop-fr', number), number), { key });
    const parked = await scenario.partners.messages.until('it is parked', async () =>
      (await scenario.stack.at('order', 'operator:kim').parked()).find((p) => p.key === key),
    );
    expect(parked.errors).toMatchObject([{ field: 'key', message: expect.stringContaining(`shop-fr:${number}`) as string }]);
    await scenario.stack.at('order', 'operator:kim').post(`/parked/${parked.id}/dismissal`, { reason: 'told the sender' });
  });
});
