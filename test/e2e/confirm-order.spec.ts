import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

describe('the customer is asked to confirm a placed order (ORD-02)', () => {
  it('the question shows lines, recipient, address and phone, and the order does not wait for the answer', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const about = await scenario.aboutInClear(await scenario.partners.task(orderNumber, 'confirm-order'), 'order');
    expect(about).toMatchObject({ orderNumber, lines: order.lines, address: order['address'] });

    await scenario.partners.waitAndAnswer(orderNumber, 'confirm-order', { type: 'OrderConfirmed' });
    expect(await scenario.partners.outcome(orderNumber, 'confirm-order')).toBe('confirmed');
  });

  it('without an answer the customer gets a reminder, then a message that the order goes on as placed (CS-02)', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const { taskId } = await scenario.partners.task(orderNumber, 'confirm-order');
    await scenario.stack.advanceClock({ hours: 4, minutes: 1 });
    await scenario.partners.messages.until(
      'the customer is reminded',
      () => scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.customer').find(({ data }) => data.taskId === taskId),
      orderNumber,
    );
    expect(scenario.customerTemplates(order)).not.toContain('order-not-confirmed');

    await scenario.stack.advanceClock({ hours: 8 });
    const { data } = await scenario.partners.customerMessage(orderNumber, 'order-not-confirmed');
    expect(data).toMatchObject({ rule: 'ORD-02', fields: { orderNumber } });
    expect(await scenario.partners.outcome(orderNumber, 'confirm-order')).toBe('unanswered');
    expect(await scenario.orderState(order)).toMatchObject({ status: 'released', openChange: null });
  });

  it('the question is withdrawn when the goods are dispatched', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    const { taskId } = await scenario.partners.task(orderNumber, 'confirm-order');
    await scenario.ships(order);
    const { data } = await scenario.partners.messages.until(
      'the question is withdrawn',
      () => scenario.partners.received(orderNumber, 'TaskWithdrawn', 'tasks.customer').find((message) => message.data.taskId === taskId),
      orderNumber,
    );
    expect(data['reason']).toBe('shipped');
  });
});
