import { AfterSales } from '../support/scenario/after-sales.js';
import type { Task } from '../support/messaging/received-message.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
const after = new AfterSales(scenario);
const dayMs = 86_400_000;
const kinds = ['not-as-described', 'wrong-item', 'quality', 'exchange', 'review', 'other'] as const;

describe('a case of a kind without a flow of its own (AFT-01, CS-03)', () => {
  /** The task of service about the case of this kind. */
  const taskOf = (orderNumber: string, kind: string): Promise<Task> => {
    const found = () => scenario.partners.tasks(orderNumber, 'work-case').find(({ about }) => about['kind'] === kind);
    return scenario.partners.messages.until(`the case ${kind} is asked of service`, found, orderNumber);
  };

  it('is a task of service with a due date until service closes it; the customer is told the outcome', async () => {
    const order = await after.delivered();
    const { orderNumber } = order;
    await Promise.all(
      kinds.map((kind) => scenario.partners.storefront('ProblemReported', { orderNumber, kind, lines: [], text: `it is about ${kind}` })),
    );
    for (const kind of kinds) {
      const task = await taskOf(orderNumber, kind);
      expect(task.team).toBe('service');
      expect(await scenario.aboutInClear(task, 'after-sales')).toMatchObject({ orderNumber, kind, text: `it is about ${kind}` });
      // two working days, whatever weekend and holidays come between
      const days = (Date.parse(task.dueAt ?? '') - scenario.stack.now().getTime()) / dayMs;
      expect(days).toBeGreaterThan(1.9);
      expect(days).toBeLessThan(12);
    }
    const open = (await after.cases(order)).flatMap(({ kind, status }) => (status === 'open' ? [kind] : []));
    expect(new Set(open)).toEqual(new Set<string>(kinds));

    for (const kind of kinds)
      await scenario.partners.answer(await taskOf(orderNumber, kind), {
        ...{ type: 'CaseWorked', outcome: `${kind} settled`, cause: 'packing', note: 'explained by telephone' },
      });
    const told = () =>
      scenario.partners.received(orderNumber, 'CustomerTold', 'customer.messages').filter((m) => m.data.template === 'case-closed');
    await scenario.partners.messages.until('the customer is told of all', () => told().length === kinds.length, orderNumber);
    expect(
      told()
        .map(({ data }) => data.fields.outcome as string)
        .sort(),
    ).toEqual(kinds.map((kind) => `${kind} settled`).sort());
    expect(await after.flowOutcomes(order)).toEqual([
      ...kinds.map(() => 'gather-evidence: notNeeded'),
      ...kinds.map(() => 'work-case: closed'),
    ]);
  });

  it('is escalated to a supervisor after reminders when nobody works on it; closing it over HTTP withdraws its task', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.partners.storefront('ProblemReported', {
      orderNumber,
      kind: 'exchange',
      lines: [{ line: 1, quantity: 1 }],
      text: 'in red',
    });
    const task = await taskOf(orderNumber, 'exchange');
    const reminders = () =>
      scenario.partners.received(orderNumber, 'TaskReminded', 'tasks.service').filter((m) => m.data.taskId === task.taskId);
    await scenario.stack.advanceClockTo(task.dueAt ?? '');
    for (const times of [1, 2]) {
      const last = await scenario.partners.messages.until('service is reminded', () => reminders()[times - 1], orderNumber);
      await scenario.stack.advanceClockTo(last.data.dueAt as string);
    }
    const escalated = await scenario.partners.informed(orderNumber, 'supervisor', 'task-escalated');
    expect(escalated.data.about).toMatchObject({ taskId: task.taskId, team: 'service' });

    const [one] = await after.cases(order);
    const closing = { outcome: 'a new order', cause: 'dislike' };
    expect((await scenario.stack.at('after-sales', 'service:mia').post(`/cases/${one?.caseId}/close`, closing)).status).toBe(200);
    expect(await scenario.partners.withdrawn(task)).toBe('superseded');
    expect((await scenario.partners.customerMessage(orderNumber, 'case-closed')).data.fields).toMatchObject(closing);
    await scenario.ships(order);
    await scenario.flowOutcomes(order);
  });
});
