import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);

/** The warehouse finds that they were left out, and purchasing can send them: the number of the re-ship's order. */
async function sentAgain({ orderNumber }: Order): Promise<string> {
  await scenario.partners.waitAndAnswer(orderNumber, 'explain-missing-items', {
    type: 'MissingItemsExplained',
    found: 'missing-items',
    note: 'packing',
  });
  await scenario.partners.waitAndAnswer(orderNumber, 'supply-missing-items', { type: 'MissingItemsAvailable' });
  const { data } = await scenario.partners.fact(orderNumber, 'ReshipRequested');
  return data.reshipNumber as string;
}

describe('goods missing from a parcel (AFT-15)', () => {
  it('ship again with a gift as a reviewed order of its own; after delivery the customer is asked about satisfaction', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order);
    const reshipNumber = await sentAgain(order);
    const placed = await scenario.partners.fact(reshipNumber, 'OrderPlaced');
    const original = await scenario.partners.fact(order.orderNumber, 'OrderPlaced');
    const [one] = await after.cases(order);
    expect(placed.data).toMatchObject({
      ...{ total: 0, concerns: ['re-ship'], address: original.data.address },
      reship: { caseId: one?.caseId, originalOrder: order.orderNumber },
      lines: [
        { sku: '71053', quantity: 1, unitPrice: 0 },
        { sku: 'GIFT', unitPrice: 0 },
      ],
    });

    await scenario.partners.waitAndAnswer(reshipNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships({ ...order, orderNumber: reshipNumber });
    await scenario.partners.courier(reshipNumber, 'delivered');
    await scenario.partners.waitAndAnswer(order.orderNumber, 'satisfied', { type: 'Satisfied' });
    expect(await after.flowOutcomes(order)).toEqual(['gather-evidence: notNeeded', 'missing-items: satisfied']);
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'sent again', found: 'missing-items' }]);
    expect((await scenario.register(order)).refunds).toEqual([]);
  });

  it('have one promise, three days instead of the dispatch promise of orders; only its breach is announced (AFT-15)', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order);
    const reshipNumber = await sentAgain(order);
    const { promisedDispatchBy } = (await scenario.partners.fact(reshipNumber, 'OrderPlaced')).data as { promisedDispatchBy: string };
    expect(Math.round((Date.parse(promisedDispatchBy) - scenario.stack.now().getTime()) / 3_600_000)).toBe(72);
    await scenario.partners.customerMessage(order.orderNumber, 'missing-items-on-their-way');
    await scenario.partners.waitAndAnswer(reshipNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.stack.advanceClockTo(new Date(Date.parse(promisedDispatchBy) - 4 * 3_600_000).toISOString());
    await scenario.partners.informed(reshipNumber, 'supervisor', 'dispatch-promise-at-risk');
    const late = () =>
      [order.orderNumber, reshipNumber].flatMap((n) => scenario.partners.customerTemplates(n)).filter((t) => /delayed/.test(t));
    expect(late()).toEqual([]);
    await scenario.stack.advanceClockTo(promisedDispatchBy);
    await scenario.partners.customerMessage(reshipNumber, 'dispatch-delayed');

    await scenario.ships({ ...order, orderNumber: reshipNumber });
    await scenario.partners.courier(reshipNumber, 'delivered');
    await scenario.partners.waitAndAnswer(order.orderNumber, 'satisfied', { type: 'Satisfied' });
    expect(await after.flowOutcomes(order)).toContain('missing-items: satisfied');
    await scenario.flowOutcomes({ ...order, orderNumber: reshipNumber });
    expect(late()).toEqual(['dispatch-delayed']);
  });

  it('are refunded when they are unavailable', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order, 2);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'explain-missing-items', {
      type: 'MissingItemsExplained',
      found: 'missing-items',
      note: 'stock',
    });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'supply-missing-items', { type: 'MissingItemsNotToBeHad' });
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toContain('missing-items: refunded');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid', cause: 'out-of-stock' }]);
    expect(scenario.partners.facts(order.orderNumber)).not.toContain('ReshipRequested');
  });

  it('can be claimed again when their refund bounces and finance gives it up (REF-05)', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    const note = { type: 'MissingItemsExplained', found: 'missing-items', note: 'stock' };
    await after.reportsMissing(order);
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-missing-items', note);
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-missing-items', { type: 'MissingItemsNotToBeHad' });
    await scenario.refunds(order);
    await after.flowOutcomes(order);
    const paid = await scenario.partners.task(orderNumber, 'pay-refund');
    await scenario.partners.answer(paid, { type: 'RefundFailed', reason: 'the account is closed' }, 'provider');
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-bounced-refund', { type: 'PayoutGivenUp', reason: 'no account' });
    await scenario.partners.waitAndAnswer(orderNumber, 'decide-rejected-refund', {
      type: 'RejectionUpheld',
      explanation: 'name an account',
    });
    await scenario.partners.fact(orderNumber, 'UnitsRestored', ({ data }) => data.refund === 339 && data.lines.length === 1);
    await after.reportsMissing(order, 3);
    await scenario.partners.fact(orderNumber, 'UnitsClaimed', ({ data }) => data.lines[0]?.quantity === 3);
    await scenario.partners.answer(await scenario.partners.task(orderNumber, 'explain-missing-items', 2), { ...note, found: 'untrue' });
    expect(await after.flowOutcomes(order)).toEqual(expect.arrayContaining(['bounced-refund: givenUp', 'missing-items: untrue']));
  });

  it('are refunded when their re-ship is cancelled, and never sent as well', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order);
    const reshipNumber = await sentAgain(order);
    await scenario.partners.waitAndAnswer(reshipNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [2, 3] });
    await scenario.partners.waitAndAnswer(reshipNumber, 'choose-without-missing', { type: 'OrderGivenUp' });
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toContain('missing-items: refunded');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    expect(scenario.partners.facts(reshipNumber)).not.toContain('ParcelShipped');
    // one message, of the case, with what was paid for the goods (LOG-06)
    const told = await scenario.partners.customerMessage(order.orderNumber, 'reship-cancelled');
    expect(told.data.fields).toMatchObject({ reshipNumber, refund: 339, currency: 'GBP', lines: [{ line: 2, quantity: 1 }] });
    await scenario.partners.informed(order.orderNumber, 'service', 'reship-cancelled');
    await scenario.partners.informed(reshipNumber, 'purchasing', 'reship-cancelled');
    const said = scenario.partners.received(reshipNumber, 'CustomerTold', 'customer.messages').map(({ data }) => data['template']);
    expect(said).not.toContain('order-cancelled');
  });

  it('are refunded when the re-ship could only contain the gift; the re-ship is cancelled', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order);
    const reshipNumber = await sentAgain(order);
    await scenario.partners.waitAndAnswer(reshipNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.partners.fact(reshipNumber, 'ShipmentPrepared');
    await scenario.partners.storefront('CancellationRequested', {
      orderNumber: reshipNumber,
      reason: 'not any more',
      lines: [{ line: 2, quantity: 1 }],
    });
    await scenario.partners.waitAndAnswer(reshipNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toContain('missing-items: refunded');
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid' }]);
    expect(scenario.partners.facts(reshipNumber)).toContain('OrderCancelled');
    expect(scenario.partners.facts(reshipNumber)).not.toContain('OrderLinesCancelled');
  });

  it('missing from the re-ship too are claimed on the original order and refunded once, at the price paid for them', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    await after.reportsMissing(order);
    const again = { ...order, orderNumber: await sentAgain(order) };
    await scenario.partners.waitAndAnswer(again.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(again.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(again);
    await scenario.partners.courier(again.orderNumber, 'delivered');
    await scenario.partners.waitAndAnswer(orderNumber, 'satisfied', { type: 'Dissatisfied', text: 'the box was empty' });

    await after.reportsMissing(again);
    const told = await scenario.partners.customerMessage(again.orderNumber, 'case-continued');
    expect(told.data.fields).toMatchObject({ originalOrder: orderNumber });
    await scenario.partners.waitAndAnswer(orderNumber, 'explain-missing-items', {
      type: 'MissingItemsExplained',
      found: 'missing-items',
      note: 'packing',
    });
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-missing-items', { type: 'MissingItemsNotToBeHad' });
    await scenario.refunds(order);
    await scenario.partners.waitAndAnswer(orderNumber, 'resolve-case', { type: 'CaseResolved', note: 'refunded', goodwill: 'none' });
    expect(await after.flowOutcomes(order)).toEqual(expect.arrayContaining(['missing-items: resolved', 'missing-items: refunded']));
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid', cause: 'out-of-stock' }]);
    expect((await scenario.register(again)).refunds).toEqual([]);
  });

  it('delivered by the re-ship are returned on the original order and refunded at the price paid for them (AFT-30)', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    await after.reportsMissing(order);
    const again = { ...order, orderNumber: await sentAgain(order) };
    await scenario.partners.waitAndAnswer(again.orderNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(again.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships(again);
    await scenario.partners.courier(again.orderNumber, 'delivered');
    await scenario.partners.waitAndAnswer(orderNumber, 'satisfied', { type: 'Satisfied' });

    await after.requestsReturn(again, 1, 'dislike');
    const told = await scenario.partners.customerMessage(again.orderNumber, 'case-continued');
    expect(told.data.fields).toMatchObject({ originalOrder: orderNumber });
    await after.sendsBack(order);
    await after.inspects(order, 1);
    await scenario.refunds(order);
    expect(await after.flowOutcomes(order)).toEqual(expect.arrayContaining(['missing-items: satisfied', 'return-with-refund: refunded']));
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid', cause: 'returned' }]);
    expect((await scenario.register(again)).refunds).toEqual([]);
  });

  it('that were in the parcel are not replaced, and may still be returned', async () => {
    const order = await after.delivered();
    await after.reportsMissing(order, 3);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'explain-missing-items', {
      type: 'MissingItemsExplained',
      found: 'untrue',
      note: 'weighed',
    });
    await scenario.partners.customerMessage(order.orderNumber, 'missing-items-refused');
    await after.requestsReturn(order, 3);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'send-back', { type: 'ReturnGivenUp' });
    expect(await after.flowOutcomes(order)).toEqual(expect.arrayContaining(['missing-items: untrue', 'return-with-refund: givenUp']));
  });
});

describe('a case over HTTP (AFT-01, AFT-02, AFT-04)', () => {
  const client = (who = 'service:mia') => scenario.stack.at('after-sales', who);

  it('is opened once per key; handed over while nobody is present, it is first in the queue until somebody picks it up', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    const intake = { orderNumber, kind: 'not-as-described', text: 'the colour' };
    const key = { 'idempotency-key': `open-${orderNumber}` };
    const [first, again] = [await client().post('/cases', intake, key), await client().post('/cases', intake, key)];
    expect([first.status, again.body]).toEqual([201, first.body]);
    await client().post('/cases', { ...intake, kind: 'other' });
    const path = `/cases/${String(first.body['caseId'])}`;
    const note = { to: null, problem: 'the colour', promised: 'an answer today', open: 'the cause' };
    expect((await client().post(`${path}/hand-over`, note)).status).toBe(200);
    await scenario.partners.customerMessage(orderNumber, 'case-handed-over');
    expect((await after.cases(order)).map((c) => [c.kind, c.queued])).toEqual([
      ['not-as-described', 'yes'],
      ['other', 'no'],
    ]);
    expect((await client('service:zhao').post(`${path}/pick-up`, {})).body).toMatchObject({ owner: 'service:zhao' });
    for (const { caseId } of await after.cases(order))
      expect((await client().post(`/cases/${caseId}/close`, { outcome: 'explained', cause: 'light' })).status).toBe(200);
    await after.flowOutcomes(order);
  });

  it.each([
    ['an unknown kind', { kind: 'lost' }, 'kind'],
    ['a return without lines', { kind: 'return' }, 'lines'],
    ['a quantity below one', { kind: 'other', lines: [{ line: 1, quantity: 0 }] }, 'lines.0.quantity'],
  ])('with %s is refused, naming the field', async (_, change, field) => {
    const answer = await client().post('/cases', { orderNumber: 'nobodys', text: 'why', ...change });
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toContainEqual(expect.objectContaining({ field }));
  });

  it('that does not exist gets status 404', async () => {
    expect((await client().get('/cases/none')).status).toBe(404);
    expect((await client().post('/cases/none/pick-up', {})).status).toBe(404);
    const ofNoOrder = { orderNumber: scenario.stack.nextNumber(), kind: 'other', text: 'why' };
    expect(await client().post('/cases', ofNoOrder)).toMatchObject({ status: 404, body: { code: 'order-unknown' } });
  });
});
