import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const at = (who: string) => scenario.stack.at('order', who);

describe('people of one team share its tasks (CS-02)', () => {
  it('one person claims a task, the others are told who holds it, and its holder hands it over or answers it', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    const { taskId } = await scenario.partners.task(orderNumber, 'confirm-stock');
    const [wang, li, chen] = [at('purchasing:wang'), at('purchasing:li'), at('purchasing:chen')];

    const claims = await Promise.all([wang, li].map((person) => person.post(`/tasks/${taskId}/claim`, {})));
    expect(claims.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const [holder, other] = claims[0]?.status === 200 ? [wang, li] : [li, wang];
    const held = JSON.stringify(claims.find(({ status }) => status === 409)?.body);
    expect(held).toContain(claims[0]?.status === 200 ? 'purchasing:wang' : 'purchasing:li');

    expect((await other.post(`/tasks/${taskId}/comments`, { comment: 'the supplier calls back at noon' })).status).toBe(200);
    expect((await other.post(`/tasks/${taskId}/answer`, { type: 'StockConfirmed' })).status).toBe(409);
    expect((await holder.post(`/tasks/${taskId}/hand-over`, { to: 'chen' })).status).toBe(200);
    expect((await holder.post(`/tasks/${taskId}/answer`, { type: 'StockConfirmed' })).status).toBe(409);
    expect((await chen.post(`/tasks/${taskId}/answer`, { type: 'StockConfirmed' })).status).toBe(200);
    await scenario.partners.task(orderNumber, 'ship-order');
    expect((await chen.post(`/tasks/${taskId}/claim`, {})).status).toBe(409);
  });

  it('a claim does not stop the answer of the team’s system over Kafka', async () => {
    const order = await scenario.placed();
    const { taskId } = await scenario.partners.task(order.orderNumber, 'confirm-stock');
    expect((await at('purchasing:wang').post(`/tasks/${taskId}/claim`, {})).status).toBe(200);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await scenario.partners.task(order.orderNumber, 'ship-order');
  });

  it('a claim ends by itself after the time of the setting, and a supervisor releases it before', async () => {
    const order = await scenario.placed();
    const { taskId } = await scenario.partners.task(order.orderNumber, 'confirm-stock');
    const [wang, li, mo] = [at('purchasing:wang'), at('purchasing:li'), at('supervisor:mo')];
    expect((await wang.post(`/tasks/${taskId}/claim`, {})).status).toBe(200);
    expect((await li.post(`/tasks/${taskId}/release`, {})).status).toBe(409);
    await scenario.stack.advanceClock({ minutes: 31 });
    expect((await li.post(`/tasks/${taskId}/claim`, {})).status).toBe(200);
    expect((await mo.post(`/tasks/${taskId}/release`, {})).status).toBe(200);
    expect((await wang.post(`/tasks/${taskId}/claim`, {})).status).toBe(200);
  });

  it.each([
    ['another team', 'finance:li', 'claim', {}, 403, 'purchasing'],
    ['a hand-over to nobody', 'purchasing:wang', 'hand-over', {}, 400, 'to'],
    ['a hand-over to a person of another team', 'purchasing:wang', 'hand-over', { to: 'courier:jan' }, 400, 'to'],
    ['an empty comment', 'purchasing:wang', 'comments', { comment: '' }, 400, 'comment'],
  ])('%s is refused, and the error names the reason', async (_, who, action, body, status, named) => {
    const order = await scenario.placed();
    const { taskId } = await scenario.partners.task(order.orderNumber, 'confirm-stock');
    const refused = await at(who).post(`/tasks/${taskId}/${action}`, body);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([status, expect.stringContaining(named)]);
  });
});
