import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario();
const after = new AfterSales(play);

/** The order `number` of a shop, as services name it. */
const ofShop = (storefront: string, number: string, change: Partial<Order> = {}): Order =>
  play.order({ ...change, storefront, orderNumber: `${storefront}:${number}` });

/** As the shop itself writes it. */
const asWritten = (order: Order, number: string): Order => ({ ...order, orderNumber: number });

describe('two storefronts with the same order number (ORD-01)', () => {
  it('have two independent orders: one is cancelled, the other is shipped and returned', async () => {
    const number = play.stack.nextNumber();
    const customer = { id: 'fr-1', name: 'Sophie Germain', email: 'sophie@example.test' };
    const [uk, fr] = [ofShop('shop-uk', number), ofShop('shop-fr', number, { customer })];
    for (const order of [uk, fr]) {
      await play.partners.places(asWritten(order, number));
      await play.partners.task(order.orderNumber, 'confirm-stock');
    }

    await play.partners.storefront('CancellationRequested', { orderNumber: number, storefront: 'shop-uk', reason: 'ordered twice' });
    await play.partners.answers(uk.orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await play.partners.fact(uk.orderNumber, 'OrderCancelled');
    await play.refunds(uk);
    await play.flowOutcomes(uk);

    await play.partners.answers(fr.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await play.ships(fr);
    await play.partners.courier(fr.orderNumber, 'delivered');
    await play.partners.fact(fr.orderNumber, 'ParcelDelivered');
    const back = { storefront: 'shop-fr', lines: [{ line: 2, quantity: 1 }], reason: 'too small' };
    await play.partners.storefront('ReturnRequested', { orderNumber: number, ...back });
    await after.sendsBack(fr);
    await after.inspects(fr, 1);
    await play.refunds(fr);
    await play.flowOutcomes(fr);

    const [ofUk, ofFr] = [play.partners.facts(uk.orderNumber), play.partners.facts(fr.orderNumber)];
    expect(ofUk).not.toEqual(expect.arrayContaining(['OrderDispatched']));
    expect(ofUk).not.toEqual(expect.arrayContaining(['CaseOpened']));
    expect(ofFr).not.toEqual(expect.arrayContaining(['CancellationRequested']));
    expect([...ofUk, ...ofFr]).not.toEqual(expect.arrayContaining(['OrderRepeated']));
    expect(play.partners.facts(number)).toEqual([]);
    expect((await play.register(uk)).refunds).toMatchObject([{ amount: 2547, status: 'paid' }]);
    expect((await play.register(fr)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    expect([(await play.orderState(uk)).status, (await play.orderState(fr)).status]).toEqual(['cancelled', 'dispatched']);
  });

  it('are both found by the number, each by its storefront, and each has its own address (ORD-06)', async () => {
    const number = play.stack.nextNumber();
    for (const shop of ['main', 'shop-fr']) {
      const answer = await play.stack
        .at('order', 'storefront:web')
        .post('/orders', { ...play.order({ orderNumber: number }), storefront: shop });
      expect(answer).toMatchObject({ status: 201, body: { orderNumber: shop === 'main' ? number : `shop-fr:${number}` } });
    }
    const client = play.stack.at('order', 'service:mia');
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
    const asked = await play.stack.at('order', 'storefront:web').post(`/orders/shop-fr:${number}/cancellation`, reason);
    expect(asked).toMatchObject({ status: 202, body: { orderNumber: `shop-fr:${number}` } });
    expect((await play.orderState(play.order({ orderNumber: number }))).openChange).toBeNull();
  });

  it.each(['another number', 'the bare number of another shop'])('a record whose key is %s is refused with that field', async (what) => {
    const number = play.stack.nextNumber();
    const key = what === 'another number' ? play.stack.nextNumber() : number;
    await play.partners.storefront('OrderPlaced', asWritten(ofShop('shop-fr', number), number), { key });
    const parked = await play.partners.messages.until('it is parked', async () =>
      (await play.stack.at('order', 'operator:kim').parked()).find((p) => p.key === key),
    );
    expect(parked.errors).toMatchObject([{ field: 'key', message: expect.stringContaining(`shop-fr:${number}`) as string }]);
    await play.stack.at('order', 'operator:kim').post(`/parked/${parked.id}/dismissal`, { reason: 'told the sender' });
  });
});
