import { leeds } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/story.js';

const play = useScenario();

/** The warehouse finds all lamps, and one lantern of three. */
const picksTooLittle = async () => {
  const order = await play.released();
  const { orderNumber } = order;
  const lines = [
    { line: 1, quantity: 6 },
    { line: 2, quantity: 1 },
  ];
  await play.partners.warehouse(orderNumber, 'ParcelPicked', { lines });
  const { about } = await play.partners.task(orderNumber, 'supply-short-lines');
  expect(about).toMatchObject({ orderNumber, lines: [{ line: 2, quantity: 2 }] });
  return order;
};

describe('a pick of fewer units than ordered (ORD-04, LOG-09)', () => {
  it('does not count as picked: the customer chooses to cancel the unavailable units, and the rest ships', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    expect(play.partners.facts(orderNumber)).not.toContain('ParcelPicked');
    const { body } = await play.stack.at('logistics', 'service:mia').get(`/shipments/${orderNumber}`);
    expect(body).toMatchObject({ stage: 'prepared', held: true, short: [{ line: 2, quantity: 2 }] });

    await play.partners.answers(orderNumber, 'supply-short-lines', { type: 'StockNotToBeHad', lines: [2] });
    await play.partners.answers(orderNumber, 'choose-without-missing', { type: 'LinesGivenUp' });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const { data } = await play.partners.customerMessage(orderNumber, 'lines-cancelled');
    expect(data.fields).toMatchObject({ lines: [{ line: 2, quantity: 2 }], refund: 678 });
    const again = await play.partners.task(orderNumber, 'ship-order', 2);
    expect(again.about).toMatchObject({
      lines: [
        { line: 1, quantity: 6 },
        { line: 2, quantity: 1 },
      ],
    });
    await play.ships(order);
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(
      expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped', 'fulfil-order: dispatched']),
    );
  });

  it('ships without the unavailable units when the customer does not answer: a reminder first, then amount and reason (CS-02)', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    await play.partners.answers(orderNumber, 'supply-short-lines', { type: 'StockNotToBeHad', lines: [2] });
    const choice = await play.partners.task(orderNumber, 'choose-without-missing');
    const reminder = () =>
      play.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === choice.taskId);
    await play.stack.advanceClock({ days: 2, minutes: 1 });
    await play.partners.messages.until('the customer is reminded', reminder, orderNumber);
    expect(play.partners.facts(orderNumber)).not.toContain('CancellationRequested');

    await play.stack.advanceClockTo(choice.dueAt ?? '');
    expect(await play.partners.withdrawn(choice)).toBe('overdue');
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    const outcome = { lines: [{ line: 2, quantity: 2 }], refund: 678, currency: 'GBP', reason: 'not to be had' };
    expect((await play.partners.customerMessage(orderNumber, 'lines-cancelled')).data.fields).toMatchObject(outcome);
    for (const team of ['reviewer', 'warehouse', 'purchasing'] as const)
      expect((await play.partners.informed(orderNumber, team, 'lines-cancelled')).data.about).toMatchObject(outcome);
    await play.ships(order);
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toEqual(expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped']));
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 678, status: 'paid' }]);
  });

  it('allows a change of address meanwhile: no label task is asked, and the warehouse gets the current address (ORD-30)', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    await play.partners.storefront('AddressChangeRequested', { orderNumber, address: leeds });
    await play.partners.customerMessage(orderNumber, 'address-changed');
    await play.partners.answers(orderNumber, 'supply-short-lines', { type: 'StockConfirmed' });
    expect(await play.aboutInClear(await play.partners.task(orderNumber, 'ship-order', 2))).toMatchObject({
      address: leeds,
      lines: order.lines,
    });
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(expect.arrayContaining(['change-address: changed', 'ship-order: shipped']));
    expect(play.partners.tasks(orderNumber, 'change-label')).toEqual([]);
  });

  it('waits for goods that arrive in time, and the customer is told', async () => {
    const order = await picksTooLittle();
    const { orderNumber } = order;
    const expectedAt = new Date(play.stack.now().getTime() + 3_600_000).toISOString();
    await play.partners.answers(orderNumber, 'supply-short-lines', { type: 'StockArrivesLater', lines: [2], expectedAt });
    await play.partners.customerMessage(orderNumber, 'goods-arrive-later');
    await play.partners.answers(orderNumber, 'confirm-arrival', { type: 'StockArrived' });
    const again = await play.partners.task(orderNumber, 'ship-order', 2);
    expect(again.about).toMatchObject({ lines: order.lines.map(({ line, quantity }) => ({ line, quantity })) });
    await play.ships(order);
    expect(await play.flowOutcomes(order)).toEqual(expect.arrayContaining(['short-pick: resumed', 'ship-order: shipped']));
  });
});
