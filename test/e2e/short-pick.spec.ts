import { leeds } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

/** The warehouse finds all lamps, and one lantern of three. */
const picksTooLittle = async () => {
  const order = await scenario.released();
  const { orderNumber } = order;
  const lines = [
    { line: 1, quantity: 6 },
    { line: 2, quantity: 1 },
  ];
  await scenario.partners.warehouse(orderNumber, 'ParcelPicked', { lines });
  const { about } = await scenario.partners.task(orderNumber, 'supply-short-lines');
  expect(about).toMatchObject({ orderNumber, lines: [{ line: 2, quantity: 2 }] });
  return order;
};

describe('a pick of fewer units than ordered (ORD-04, LOG-09)', () => {
  it('does not count as picked: the customer chooses to cancel the unavailable units, and the rest ships', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    expect(scenario.partners.facts(orderNumber)).not.toContain('ParcelPicked');
    const { body } = await scenario.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`);
    expect(body).toMatchObject({ stage: 'prepared', held: true, short: [{ line: 2, quantity: 2 }] });

    await scenario.partners.waitAndAnswer(orderNumber, 'supply-short-lines', { type: 'StockNotToBeHad', lines: [2] });
    await scenario.partners.waitAndAnswer(orderNumber, 'choose-without-missing', { type: 'LinesGivenUp' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const { data } = await scenario.partners.customerMessage(orderNumber, 'lines-cancelled');
    expect(data.fields).toMatchObject({ lines: [{ line: 2, quantity: 2 }], refund: 678 });
    const again = await scenario.partners.task(orderNumber, 'ship-order', 2);
    expect(again.about).toMatchObject({
      lines: [
        { line: 1, quantity: 6 },
        { line: 2, quantity: 1 },
      ],
    });
    await scenario.ships(order);
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(
      expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped', 'fulfil-order: dispatched']),
    );
  });

  it('ships without the unavailable units when the customer does not answer: a reminder first, then amount and reason (CS-02)', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-short-lines', { type: 'StockNotToBeHad', lines: [2] });
    const choice = await scenario.partners.task(orderNumber, 'choose-without-missing');
    const reminder = () =>
      scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === choice.taskId);
    await scenario.stack.advanceClock({ days: 2, minutes: 1 });
    await scenario.partners.messages.until('the customer is reminded', reminder, orderNumber);
    expect(scenario.partners.facts(orderNumber)).not.toContain('CancellationRequested');

    await scenario.stack.advanceClockTo(choice.dueAt ?? '');
    expect(await scenario.partners.withdrawn(choice)).toBe('overdue');
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const outcome = { lines: [{ line: 2, quantity: 2 }], refund: 678, currency: 'GBP', reason: 'not to be had' };
    expect((await scenario.partners.customerMessage(orderNumber, 'lines-cancelled')).data.fields).toMatchObject(outcome);
    for (const team of ['reviewer', 'warehouse', 'purchasing'] as const)
      expect((await scenario.partners.informed(orderNumber, team, 'lines-cancelled')).data.about).toMatchObject(outcome);
    await scenario.ships(order);
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toEqual(expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped']));
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid' }]);
  });

  it('allows a change of address meanwhile: no label task is asked, and the warehouse gets the current address (ORD-30)', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    await scenario.partners.storefront('AddressChangeRequested', { orderNumber, address: leeds });
    await scenario.partners.customerMessage(orderNumber, 'address-changed');
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-short-lines', { type: 'StockConfirmed' });
    expect(await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'ship-order', 2))).toMatchObject({
      address: leeds,
      lines: order.lines,
    });
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(expect.arrayContaining(['change-address: changed', 'ship-order: shipped']));
    expect(scenario.partners.tasks(orderNumber, 'change-label')).toEqual([]);
  });

  it('waits for goods that arrive in time, and the customer is told', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    const expectedAt = new Date(scenario.stack.now().getTime() + 3_600_000).toISOString();
    await scenario.partners.waitAndAnswer(orderNumber, 'supply-short-lines', { type: 'StockArrivesLater', lines: [2], expectedAt });
    await scenario.partners.customerMessage(orderNumber, 'goods-arrive-later');
    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-arrival', { type: 'StockArrived' });
    const again = await scenario.partners.task(orderNumber, 'ship-order', 2);
    expect(again.about).toMatchObject({ lines: order.lines.map(({ line, quantity }) => ({ line, quantity })) });
    await scenario.ships(order);
    expect(await scenario.flowOutcomes(order)).toEqual(expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped']));
  });
});
