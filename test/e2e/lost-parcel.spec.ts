import { AfterSales } from '../support/scenario/after-sales.js';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);

/** Shipped, scanned with a problem, and not found by the courier: the customer is asked. */
async function lost(): Promise<Order> {
  const order = await scenario.released();
  const { orderNumber } = order;
  await scenario.ships(order);
  await scenario.partners.courier(orderNumber, 'exception');
  await scenario.partners.waitAndAnswer(orderNumber, 'explain-problem', { type: 'ParcelNotFound', note: 'in no depot' });
  await scenario.partners.task(orderNumber, 'reship-or-refund');
  return order;
}

/** Outcomes of the flows about the parcel, without its tracking. */
const outcomes = async (order: Order) =>
  (await after.flowOutcomes(order)).filter((outcome) => !/^(track-parcel|gather-evidence): /.test(outcome));

describe('a lost parcel (LOG-06)', () => {
  it('is sent again with a gift and tracked; after delivery the customer is asked about satisfaction (LOG-08)', async () => {
    const order = await lost();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'reship-or-refund', { type: 'ReshipChosen' });
    await scenario.partners.waitAndAnswer(orderNumber, 'grant-goodwill', { type: 'GoodwillGranted', goodwill: 'gift', detail: 'a candle' });
    const { data } = await scenario.partners.fact(orderNumber, 'ReshipRequested');
    const reshipNumber = data.reshipNumber as string;
    const placed = await scenario.partners.fact(reshipNumber, 'OrderPlaced');
    expect(placed.data).toMatchObject({
      total: 0,
      lines: [{ sku: '85123A', quantity: 6 }, { sku: '71053', quantity: 3 }, { sku: 'GIFT' }],
    });
    await scenario.partners.waitAndAnswer(reshipNumber, 'review-order', { type: 'ReviewPassed' });
    await scenario.partners.waitAndAnswer(reshipNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.ships({ ...order, orderNumber: reshipNumber });
    await scenario.partners.courier(reshipNumber, 'delivered');
    await scenario.partners.waitAndAnswer(orderNumber, 'satisfied', { type: 'Dissatisfied', text: 'it took too long' });
    const { about } = await scenario.partners.task(orderNumber, 'resolve-case');
    expect(about).toMatchObject({ text: expect.anything() });
    expect(await after.cases(order)).toMatchObject([{ kind: 'not-received', status: 'open' }]);
    await scenario.partners.waitAndAnswer(orderNumber, 'resolve-case', { type: 'CaseResolved', note: 'apologised', goodwill: 'points' });
    expect(await outcomes(order)).toEqual(['lost-parcel: resolved']);
    expect(await after.cases(order)).toMatchObject([{ status: 'closed', outcome: 'sent again' }]);
    expect((await scenario.register(order)).refunds).toEqual([]);
  });

  it('is refunded, with the amount in the message at filing; a parcel that arrives later becomes a case of service', async () => {
    const order = await lost();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'reship-or-refund', { type: 'RefundChosen' });
    await scenario.partners.waitAndAnswer(orderNumber, 'grant-goodwill', { type: 'GoodwillDeclined' });
    const filed = await scenario.partners.customerMessage(orderNumber, 'lost-parcel-refund-filed');
    expect(filed.data).toMatchObject({ rule: 'REF-01', fields: { refund: 2547, currency: 'GBP' } });
    await scenario.refunds(order);
    await scenario.partners.customerMessage(orderNumber, 'lost-parcel-refunded');
    await scenario.partners.courier(orderNumber, 'delivered');
    await scenario.partners.waitAndAnswer(orderNumber, 'settle-found-parcel', {
      type: 'FoundParcelSettled',
      outcome: 'paid',
      note: 'pays by card',
    });
    expect(await outcomes(order)).toEqual(['finance-refund: told', 'found-parcel: settled', 'lost-parcel: refunded']);
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid', cause: 'lost' }]);
  });

  it('is refunded after a reminder when the customer does not choose (CS-02)', async () => {
    const order = await lost();
    const { orderNumber } = order;
    await scenario.stack.advanceClock({ days: 2, minutes: 1 });
    const reminded = () => scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.customer')[0];
    await scenario.partners.messages.until('the customer is reminded', reminded, orderNumber);
    await scenario.stack.advanceClock({ days: 1 });
    expect((await scenario.partners.fact(orderNumber, 'RemedyDecided')).data).toMatchObject({ remedy: 'refund' });
    await scenario.partners.waitAndAnswer(orderNumber, 'grant-goodwill', {
      type: 'GoodwillGranted',
      goodwill: 'coupon',
      detail: 'SORRY10',
    });
    expect((await scenario.partners.customerMessage(orderNumber, 'goodwill-granted')).data).toMatchObject({
      fields: { goodwill: 'coupon', detail: 'SORRY10' },
    });
    await scenario.partners.customerMessage(orderNumber, 'lost-parcel-refund-filed');
    await scenario.refunds(order);
    expect(await outcomes(order)).toContain('lost-parcel: refunded');
  });

  it('is neither sent again nor refunded when it arrives before the choice', async () => {
    const order = await lost();
    const { orderNumber } = order;
    await scenario.partners.courier(orderNumber, 'delivered');
    await scenario.partners.customerMessage(orderNumber, 'lost-parcel-found');
    await scenario.partners.waitAndAnswer(orderNumber, 'satisfied', { type: 'Satisfied' });
    expect(await outcomes(order)).toEqual(['lost-parcel: satisfied']);
    expect(scenario.partners.facts(orderNumber)).not.toContain('ReshipRequested');
    expect((await scenario.register(order)).refunds).toEqual([]);
  });
});

describe('re-ship and refund of a lost parcel requested at the same moment (LOG-06)', () => {
  it('over Kafka and HTTP: one answer counts, and either the re-ship or the refund follows', async () => {
    const order = await lost();
    const { orderNumber } = order;
    const task = await scenario.partners.task(orderNumber, 'reship-or-refund');
    const service = scenario.stack.at('after-sales', 'service:mia');
    const [, byHttp] = await Promise.all([
      scenario.partners.answer(task, { type: 'ReshipChosen' }),
      service.post(`/tasks/${task.taskId}/answer`, { answer: { type: 'RefundChosen' } }),
    ]);
    const { data } = await scenario.partners.fact(orderNumber, 'RemedyDecided');
    await scenario.partners.waitAndAnswer(orderNumber, 'grant-goodwill', { type: 'GoodwillDeclined' });
    const counts = data.remedy as 'reship' | 'refund';
    expect([byHttp.status, counts]).toEqual([counts === 'refund' ? 200 : expect.any(Number), expect.stringMatching(/^(reship|refund)$/)]);
    await scenario.partners.fact(orderNumber, counts === 'reship' ? 'ReshipRequested' : 'RefundRequested');
    const facts = scenario.partners.facts(orderNumber);
    expect(facts.filter((type) => type === 'RemedyDecided')).toHaveLength(1);
    expect(facts).not.toContain(counts === 'reship' ? 'RefundRequested' : 'ReshipRequested');
  });

  it('from a case of missing items and a case of a lost parcel: each unit belongs to one of them', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    await scenario.partners.courier(orderNumber, 'exception');
    const courier = await scenario.partners.task(orderNumber, 'explain-problem');
    await Promise.all([
      scenario.partners.answer(courier, { type: 'ParcelNotFound', note: 'in no depot' }),
      after.reportsMissing(order, 3),
      after.reportsMissing(order, 3),
    ]);
    await scenario.partners.messages.until(
      `all three cases of ${orderNumber} are decided`,
      () => scenario.partners.facts(orderNumber).filter((type) => type === 'UnitsClaimed' || type === 'ClaimRefused').length === 3,
      orderNumber,
    );
    const claimed = scenario.partners.received(orderNumber, 'UnitsClaimed', '.events').flatMap(({ data }) => data.lines as Order['lines']);
    const sum = (line: number) => claimed.reduce((all, one) => all + (one.line === line ? one.quantity : 0), 0);
    expect([sum(1), sum(2)]).toEqual([6, 3]);
  });
});
