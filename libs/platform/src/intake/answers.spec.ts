import { MemoryStore, type UnitOfWork } from '@orderloom/event-sourcing';
import type { FlowInstance } from '@orderloom/flows';
import { englishCalendar } from '@orderloom/kernel';
import { answerSubscriptions, checkedAnswer } from './answers.js';

const flowId = 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e';
const task = {
  taskId: `${flowId}.7`,
  team: 'purchasing',
  question: 'confirm-stock',
  subject: '536365',
  about: { orderNumber: '536365', lines: [{ line: 1 }] },
  answers: ['StockConfirmed', 'StockNotToBeHad', 'StockArrivesLater'],
};
const askingOf = (team: string) => ({
  machine: { root: { states: {}, transitions: new Map(), entry: [{ type: 'ask', question: 'x', team }] } },
});
const asking = askingOf('purchasing');

/** The flow's input and the message to the sender for an answer on `orderloom.answers.purchasing`. */
async function whatBecomesOf(
  answer: object,
  { key = '536365', taskId = task.taskId, id = 'a-1', team = 'purchasing', more = {}, now = '2010-12-03T09:00:00.000000Z' } = {},
) {
  const store = new MemoryStore();
  store.setNow(now);
  const row = { flowId, subject: '536365', tasks: [{ ...task, team }] } as unknown as FlowInstance;
  await store.commit({ meta: { by: 'test' }, rows: [{ op: 'put', table: 'flows', key: flowId, row }] });
  let refused: string | undefined;
  let beside: Partial<UnitOfWork> = {};
  const runtime = {
    policiesOf: async () => ({
      version: '1',
      calendar: englishCalendar,
      deadlines: { arrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1 } },
    }),
    asks: (asked: string) => asked.startsWith('cancel-order-'),
    handleTaskAnswer: async (message: { data: { refused?: string } }, make: (delivery: string, why?: string) => Partial<UnitOfWork>) => {
      refused = message.data.refused;
      beside = make(refused === undefined ? 'moved' : 'strayed', refused);
    },
  };
  const sealing = { seal: async (_schema: unknown, data: unknown) => data };
  const early = { precedesTask: async () => false };
  const [subscription] = answerSubscriptions(
    { name: 'order', flows: [askingOf(team)] } as never,
    { store, runtime, sealing, early } as never,
  );
  const data = subscription?.parse({ taskId, answer, by: 'li', ...more }, 1);
  const message = { id, source: '/erp', type: 'TaskAnswered', typeVersion: 1, subject: '536365', key, time: '', data };
  await subscription?.handle(message);
  await subscription?.handle(message);
  const alone = (await store.load(`rejection-orderloom.answers.purchasing//erp/${id}`)).events.map((event) => event.data);
  const told = (beside.appends ?? []).flatMap(({ events }) => events.map((event) => event.data));
  return { refused, told, alone };
}

describe('an answer over Kafka', () => {
  it('a valid answer is passed to its flow', async () => {
    expect(await whatBecomesOf({ type: 'StockNotToBeHad', lines: [1] })).toEqual({ refused: undefined, told: [], alone: [] });
  });

  it('it is identified by source and id, as in its flow', () => {
    const [subscription] = answerSubscriptions({ name: 'order', flows: [asking] } as never, {} as never);
    const message = { id: 'a-1', source: '/erp', type: 'TaskAnswered', typeVersion: 1, subject: '536365', time: '' };
    const inbox = subscription?.inbox?.({ ...message, data: { taskId: task.taskId } });
    expect(inbox).toEqual({ consumer: `flow/${flowId}`, message: '/erp/a-1' });
    expect(subscription?.inbox?.({ ...message, data: { taskId: 'x' } })).toBeUndefined();
  });

  it('an answer that contradicts its task is rejected with the field', async () => {
    const { refused, told } = await whatBecomesOf({ type: 'StockNotToBeHad', lines: [9] });
    expect(refused).toContain('answer.lines.0');
    expect(told).toMatchObject([{ key: '536365', id: 'a-1', errors: [{ field: 'answer.lines.0' }], parkedId: null, by: 'order' }]);
  });

  it('a date from which the flow cannot count is rejected with the field (CS-02)', async () => {
    const lastDay = `${englishCalendar.knownUntil}T09:00:00Z`;
    const now = `${Number(lastDay.slice(0, 4)) - 1}-12-01T09:00:00.000000Z`;
    const arrives = (expectedAt: string) => whatBecomesOf({ type: 'StockArrivesLater', lines: [1], expectedAt }, { now });
    expect((await arrives(lastDay.replace('31T', '20T'))).told).toEqual([]);
    const { refused, told } = await arrives(lastDay);
    expect(refused).toContain('answer.expectedAt');
    expect(told).toMatchObject([
      { errors: [{ field: 'answer.expectedAt', message: expect.stringContaining(englishCalendar.knownUntil) }] },
    ]);
  });

  it('an answer of another storefront than that of the task is rejected (ORD-01)', async () => {
    const answered = (more: object) => whatBecomesOf({ type: 'StockConfirmed' }, { team: 'customer', more });
    for (const more of [{}, { storefront: 'main' }]) expect((await answered(more)).refused).toBeUndefined();
    const { told } = await answered({ storefront: 'shop-fr' });
    expect(told).toMatchObject([{ topic: 'orderloom.storefront.orders', errors: [{ field: 'storefront' }] }]);
  });

  it('an answer under the key of another order is rejected', async () => {
    const { told } = await whatBecomesOf({ type: 'StockConfirmed' }, { key: '536366' });
    expect(told).toMatchObject([{ key: '536366', errors: [{ field: 'key' }] }]);
  });

  it('an unknown field is kept as sent', () => {
    const { answer } = checkedAnswer({
      taskId: task.taskId,
      by: 'li',
      answer: { type: 'StockConfirmed', shelf: { row: 7 }, comment: 'all there' },
    });
    expect(answer).toEqual({
      type: 'StockConfirmed',
      extra: [
        { field: 'shelf', value: '{"row":7}' },
        { field: 'comment', value: '"all there"' },
      ],
    });
  });

  it('an unknown field that changes the amount to pay is refused by name, unless it is empty', () => {
    const refuse = (answer: { type: string }) => () => checkedAnswer({ taskId: task.taskId, by: 'li', answer });
    expect(refuse({ type: 'LossAssessed', loss: 100, restockingFee: 250 } as never)).toThrow('answer.restockingFee');
    expect(refuse({ type: 'LossAssessed', loss: 100, restockingFee: 0 } as never)).not.toThrow();
  });

  it.each([
    ['by a flow of this service', 'cancel-order-unknown.2'],
    ['by any flow', 'order-something-1.2'],
  ])('an answer to an unknown task %s is rejected once', async (_what, taskId) => {
    const { alone } = await whatBecomesOf({ type: 'StockConfirmed' }, { taskId });
    expect(alone).toMatchObject([{ id: 'a-1', errors: [{ field: 'taskId' }], by: 'order' }]);
  });

  it.each(['toString', 'constructor', '__proto__'])('the type %s, a property of every object, is refused by its field', (type) => {
    expect(() => checkedAnswer({ taskId: task.taskId, by: 'li', answer: { type } })).toThrow('answer.type');
  });

  it('an answer to a task of a service that does not read this team is rejected', async () => {
    const { alone } = await whatBecomesOf({ type: 'AnyAnswer' }, { taskId: 'finance-refund-1.2' });
    expect(alone).toMatchObject([{ id: 'a-1', errors: [{ field: 'taskId' }], by: 'order' }]);
  });

  it('answers of a team that nobody asks are read by the service that rejects them', () => {
    const topics = answerSubscriptions({ name: 'logistics', flows: [] } as never, {} as never).map(({ topic }) => topic);
    expect(topics).toContain('orderloom.answers.courier');
  });

  it('an answer to a task of another service is left to that service', async () => {
    const { alone, told } = await whatBecomesOf({ type: 'AnyAnswer' }, { taskId: 'missing-items-1.2' });
    expect([...alone, ...told]).toEqual([]);
  });
});
