import { paymentsNotices, storefrontProducts } from '@orderloom/contracts';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

/** A product of the catalogue, known to the order service. */
async function listed(sku: string, price: number, more: object = {}): Promise<void> {
  const at = scenario.stack.now().toISOString();
  const data = { sku, name: `LANTERN ${sku}`, category: 'lanterns', price, currency: 'GBP', stock: 'in-stock', listedAt: at, ...more };
  await scenario.partners.messages.send({ topic: storefrontProducts, key: `main/${sku}`, type: 'ProductListed', data });
  const mia = scenario.stack.at('order', 'service:mia');
  await scenario.partners.messages.until(`${sku} is listed`, async () => {
    const { body } = await mia.get<{ products: object[] }>(`/products?sku=${sku}`);
    return body.products.length > 0;
  });
}

const wants = (order: Order, sku: string, more: object = {}) =>
  scenario.partners.storefront('ProductChangeRequested', { orderNumber: order.orderNumber, line: 1, sku, ...more });
const pays = ({ orderNumber }: Order, reference: unknown, amount: number, id = `${orderNumber}-diff`, change: object = {}) => {
  const data = {
    orderNumber,
    reference,
    method: 'paypal',
    amount,
    currency: 'GBP',
    capturedAt: scenario.stack.now().toISOString(),
    ...change,
  };
  return scenario.partners.messages.send({
    topic: paymentsNotices,
    key: orderNumber,
    type: 'PaymentCaptured',
    data,
    source: '/payments',
    id,
  });
};
const skus = (lines: unknown) => (lines as { sku: string; quantity: number }[]).map(({ sku, quantity }) => `${quantity} x ${sku}`);

describe('changing the product of an order (ORD-20..23)', () => {
  it('to a dearer one: holds the order, confirms stock, waits for the payment; the warehouse is asked for the new lines only', async () => {
    await listed('DEAR', 300);
    const order = await scenario.released();
    const { orderNumber } = order;
    await wants(order, 'DEAR');
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-product', { type: 'ProductInStock' });
    const { about } = await scenario.partners.task(orderNumber, 'pay-difference');
    expect(about).toMatchObject({ amount: 270, currency: 'GBP' });
    await pays(order, about['reference'], 270);

    const told = await scenario.partners.customerMessage(orderNumber, 'product-changed');
    expect(told.data['fields']).toMatchObject({ difference: 270, refund: 0 });
    await scenario.partners.informed(orderNumber, 'warehouse', 'product-changed');
    await scenario.partners.informed(orderNumber, 'purchasing', 'product-changed');
    const task = await scenario.partners.task(orderNumber, 'ship-order', 2);
    expect(skus(task.about['lines'])).toEqual(['3 x 71053', '6 x DEAR']);
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual([
      'change-product: changed',
      'fulfil-order: dispatched',
      'hold-shipment: held',
      'ship-order: shipped',
    ]);
    expect(await scenario.register(order)).toMatchObject({ captured: 2547 + 270, refunds: [] });
  });

  it('to a cheaper one before the release: refunds the difference and dispatches without waiting for the refund', async () => {
    await listed('CHEAP', 200);
    const order = await scenario.placed();
    const { orderNumber } = order;
    await wants(order, 'CHEAP', { quantity: 4 });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-product', { type: 'ProductInStock' });
    await scenario.partners.customerMessage(orderNumber, 'product-changed');
    // purchasing is asked about the order as it is now
    const stock = await scenario.partners.task(orderNumber, 'confirm-stock', 2);
    expect(skus(stock.about['lines'])).toEqual(['2 x 85123A', '3 x 71053', '4 x CHEAP']);
    await scenario.partners.answer(stock, { type: 'StockConfirmed' });
    await scenario.ships(order);
    await scenario.refunds(order);
    await scenario.partners.customerMessage(orderNumber, 'difference-refunded');
    await scenario.flowOutcomes(order);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 220, status: 'paid', cause: 'price-difference' }]);
  });

  it('to one that is out of stock: recommends a similar product, which the customer chooses', async () => {
    await listed('GONE', 250, { category: 'hearts', stock: 'out-of-stock' });
    await listed('LIKE', 255, { category: 'hearts' });
    const order = await scenario.placed();
    const { orderNumber } = order;
    await wants(order, 'GONE');
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-product', { type: 'ProductOutOfStock' });
    const task = await scenario.partners.task(orderNumber, 'choose-other-product');
    expect(task.about['recommended']).toMatchObject([{ sku: 'LIKE', unitPrice: 255 }]);
    await scenario.partners.answer(task, { type: 'OtherProductChosen', sku: 'LIKE' });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-product', { type: 'ProductInStock' });
    await scenario.partners.fact(orderNumber, 'OrderLinesReplaced', ({ data }) => data['refund'] === 0);
    await scenario.partners.answer(await scenario.partners.task(orderNumber, 'confirm-stock', 2), { type: 'StockConfirmed' });
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });

  it('after shipment: refused, and the customer is offered a second order', async () => {
    await listed('LATE', 300);
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await wants(order, 'LATE');
    await scenario.partners.customerMessage(orderNumber, 'product-change-too-late');
    await scenario.partners.waitAndAnswer(orderNumber, 'offer-second-order', {
      type: 'SecondOrderOffered',
      goodwill: 'gift',
      detail: 'a candle',
    });
    await scenario.partners.customerMessage(orderNumber, 'second-order-offered');
    expect(await scenario.flowOutcomes(order)).toContain('change-product: offered');
  });

  it('ends when the order is cancelled; a difference paid late is refunded with the rest', async () => {
    await listed('NEVER', 300);
    const order = await scenario.released();
    const { orderNumber } = order;
    await wants(order, 'NEVER');
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-product', { type: 'ProductInStock' });
    const { about } = await scenario.partners.task(orderNumber, 'pay-difference');
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'changed my mind' });
    await scenario.partners.fact(orderNumber, 'ProductChangeClosed', ({ data }) => data['reason'] === 'cancellation-requested');
    await pays(order, about['reference'], 270);
    await scenario.partners.fact(orderNumber, 'SurplusCaptured', ({ data }) => data['amount'] === 270);
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.partners.fact(orderNumber, 'OrderCancelled', ({ data }) => data['refund'] === 2547);
  });
});

describe('invalid input of a change of product', () => {
  const refused = (order: Order) => scenario.partners.fact(order.orderNumber, 'RequestRefused');

  it.each([
    ['an unknown product', { sku: 'NOBODY-SELLS-IT' }, /sku/],
    ['a line that does not exist', { line: 9 }, /line/],
    ['more units than ordered', { quantity: 99 }, /quantity/],
  ])('with %s is refused with its field', async (_, more, field) => {
    await listed('KNOWN', 300);
    const order = await scenario.placed();
    await wants(order, 'KNOWN', more);
    expect((await refused(order)).data).toMatchObject({
      request: 'ProductChangeRequested',
      message: expect.stringMatching(field) as string,
    });
  });

  it('over HTTP gets a problem document that names the field', async () => {
    const order = await scenario.placed();
    const path = `/orders/${order.orderNumber}/product-change`;
    const mia = scenario.stack.at('order', 'service:mia');
    expect(await mia.post(path, { line: 1, sku: 'NOBODY-SELLS-IT' })).toMatchObject({ status: 400, body: { errors: [{ field: 'sku' }] } });
    expect((await mia.post(path, { line: 1, sku: 'KNOWN', quantity: 0 })).status).toBe(400);
    expect((await scenario.stack.at('order', 'warehouse:wang').post(path, { line: 1, sku: 'KNOWN' })).status).toBe(403);
  });
});
