import { englishCalendar } from '@orderloom/kernel';
import { errand, policies } from '../testing/errand.fixture.js';
import { TestService } from '../testing/runtime.fixture.js';
import type { TaskWork } from '../step/task-work.js';
import { FlowRuntime } from './runtime.js';

const found = { type: 'GoodsFound', price: 50 };
const halfAnHourLater = '2010-12-03T09:30:00.000000Z';

let service: TestService;
let taskId: string;
let commands = 0;
beforeEach(async () => {
  service = new TestService();
  taskId = String((await service.started()).tasks[0]?.taskId);
});

const work = (done: TaskWork, id = `command-${(commands += 1)}`) => service.runtime.handleTaskWork(taskId, done, { id });
const claims = (by: string) => work({ kind: 'claim', by });
const releases = (by: string) => work({ kind: 'release', by });
const handsOver = (by: string, to: string) => work({ kind: 'hand-over', by, to });
const answers = (person?: string) => {
  const answer = service.answer(taskId, found);
  return service.runtime.handleTaskAnswer({ ...answer, data: { ...answer.data, by: person ?? 'li', person } });
};
const claim = async () => (await service.one()).tasks[0]?.claim;
const held = (by: string) => ({
  code: 'task-claimed',
  message: expect.stringContaining(`${by} holds task ${taskId} until ${halfAnHourLater}`),
});

describe('a claim of a task (CS-02)', () => {
  it('it is held by one person for half an hour, where settings say nothing else', async () => {
    await claims('warehouse:li');
    expect(await claim()).toEqual({ by: 'warehouse:li', until: halfAnHourLater });
    expect((await service.said((await service.one()).flowId)).at(-1)).toMatchObject({
      type: 'TaskClaimed',
      data: { taskId, team: 'warehouse', question: 'find-goods', by: 'warehouse:li', until: halfAnHourLater },
    });
  });

  it('it lasts as long as the policy value says', async () => {
    const deadlines = { ...policies.deadlines, taskClaim: { rule: 'CS-02', hours: 2 } };
    const settings = async () => ({ policies: { ...policies, calendar: englishCalendar, deadlines }, values: {} });
    const runtime = new FlowRuntime({ store: service.store, service: 'order', flows: [errand], commands: {}, settings });
    await runtime.handleTaskWork(taskId, { kind: 'claim', by: 'warehouse:li' }, { id: 'k' });
    expect((await claim())?.until).toBe('2010-12-03T11:00:00.000000Z');
  });

  it('a second one is refused with who holds the task until when; the holder extends the own one', async () => {
    await claims('warehouse:li');
    await expect(claims('warehouse:chen')).rejects.toMatchObject(held('warehouse:li'));
    service.store.setNow('2010-12-03T09:10:00.000000Z');
    await claims('supervisor:li');
    expect(await claim()).toEqual({ by: 'supervisor:li', until: '2010-12-03T09:40:00.000000Z' });
  });

  it('it is over at its end, without any event', async () => {
    await claims('warehouse:li');
    service.store.setNow(halfAnHourLater);
    await claims('warehouse:chen');
    expect((await claim())?.by).toBe('warehouse:chen');
  });

  it('it has one effect when its command is repeated', async () => {
    await work({ kind: 'claim', by: 'warehouse:li' }, 'same');
    expect(await work({ kind: 'claim', by: 'warehouse:li' }, 'same')).toBe('duplicate');
    expect((await service.types(`flow-${(await service.one()).flowId}`)).filter((type) => type === 'TaskClaimed')).toHaveLength(1);
  });

  it('it is given back by its holder or a supervisor, by nobody else; without a claim nothing is recorded', async () => {
    expect(await releases('warehouse:li')).toBe('duplicate');
    await claims('warehouse:li');
    await expect(releases('warehouse:chen')).rejects.toMatchObject(held('warehouse:li'));
    await releases('supervisor:kim');
    expect(await claim()).toBeUndefined();
  });

  it('it is handed over by its holder, and then held by the other', async () => {
    await claims('warehouse:li');
    await expect(handsOver('warehouse:chen', 'warehouse:chen')).rejects.toMatchObject(held('warehouse:li'));
    await handsOver('warehouse:li', 'warehouse:chen');
    await expect(claims('warehouse:li')).rejects.toMatchObject(held('warehouse:chen'));
  });

  it('a comment leaves it as it is', async () => {
    await claims('warehouse:li');
    await work({ kind: 'comment', by: 'warehouse:chen', comment: 'on the top shelf' });
    expect((await claim())?.by).toBe('warehouse:li');
  });

  it('a closed task, and one that was never asked, cannot be claimed', async () => {
    await answers();
    await expect(claims('warehouse:li')).rejects.toMatchObject({ code: 'task-closed' });
    taskId = taskId.replace(/\d+$/, '99');
    await expect(claims('warehouse:li')).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('an answer to a claimed task (CS-02)', () => {
  beforeEach(() => claims('warehouse:li'));

  it('of another person it is refused, and records nothing', async () => {
    const before = await service.one();
    await expect(answers('warehouse:chen')).rejects.toMatchObject(held('warehouse:li'));
    expect(await service.one()).toEqual(before);
  });

  it('of its holder it counts, in any role', async () => {
    expect(await answers('supervisor:li')).toBe('moved');
  });

  it('of another person it counts when the claim is over', async () => {
    service.store.setNow(halfAnHourLater);
    expect(await answers('warehouse:chen')).toBe('moved');
  });

  it('of a system it counts: it answers for the team', async () => {
    expect(await answers()).toBe('moved');
  });
});

describe('work on a task at the same time', () => {
  it('of two claims the first one holds', async () => {
    service.store.before = async () => void (await claims('warehouse:chen'));
    await expect(claims('warehouse:li')).rejects.toMatchObject(held('warehouse:chen'));
  });

  it('an answer that is committed before a claim closes the task', async () => {
    service.store.before = async () => void (await answers('warehouse:chen'));
    await expect(claims('warehouse:li')).rejects.toMatchObject({ code: 'task-closed' });
  });

  it('a claim that is committed before an answer of another person refuses it', async () => {
    service.store.before = async () => void (await claims('warehouse:chen'));
    await expect(answers('warehouse:li')).rejects.toMatchObject(held('warehouse:chen'));
  });
});
