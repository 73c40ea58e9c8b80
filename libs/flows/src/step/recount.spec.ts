import type { Deadline } from '@orderloom/event-sourcing';
import { englishCalendar, type Policies } from '@orderloom/kernel';
import { policies } from '../testing/errand.fixture.js';
import { TestService } from '../testing/runtime.fixture.js';
import type { FlowInstance } from './instance.js';
import { recountDeadlines } from './recount.js';

const friday = '2010-12-03T09:00:00.000000Z';
const monday = '2010-12-06T09:00:00.000000Z';
const inHours = (hours: number, calendar = englishCalendar): Policies => ({
  ...{ version: 'settings-2', calendar },
  deadlines: { ...policies.deadlines, warehouseAnswer: { rule: 'LOG-09', hours, reminders: 2 } },
});
const older = () => false;

describe('the recount of open deadlines (CS-02)', () => {
  let before: FlowInstance;
  let open: readonly Deadline[];

  /** An errand that waits for the warehouse from Friday until Monday. */
  beforeEach(async () => {
    const service = new TestService();
    before = await service.started();
    open = await service.store.openDeadlines(before.deadlines);
    expect(open).toMatchObject([{ dueAt: monday, data: { policy: 'warehouseAnswer', policyVersion: 'errand-1', base: friday } }]);
  });

  it('deadlines are due by the new value from the same base, as a new generation', () => {
    const { step, ...found } = recountDeadlines(before, open, inHours(5), older);
    expect(found).toEqual({ moved: 1, withoutBase: 0, uncountable: 0 });
    expect(step?.deadlines).toEqual([
      {
        op: 'set',
        deadline: {
          ...{ ...open[0], generation: before.streamVersion + 1, dueAt: '2010-12-03T14:00:00.000000Z' },
          data: { ...open[0]?.data, policyVersion: 'settings-2' },
        },
      },
    ]);
    expect(step?.instance.deadlines).toEqual(before.deadlines);
    expect(before.streamVersion + 1).toBeGreaterThan(open[0]?.generation ?? Infinity);
  });

  it('the new due time is recorded, and told to the team of the task', () => {
    const { step } = recountDeadlines(before, open, inHours(5), older);
    const [task] = before.tasks;
    expect(step?.events).toMatchObject([
      {
        type: 'DeadlinesRecounted',
        data: {
          settings: 'settings-2',
          deadlines: [{ policy: 'warehouseAnswer', dueBefore: monday, dueAt: '2010-12-03T14:00:00.000000Z' }],
        },
      },
      { type: 'TaskDueChanged', data: { taskId: task?.taskId, team: 'warehouse', dueAt: '2010-12-03T14:00:00.000000Z' }, rule: task?.rule },
    ]);
    expect(step?.instance).toMatchObject({ ...before, tasks: [{ ...task, dueAt: '2010-12-03T14:00:00.000000Z' }], streamVersion: 4 });
  });

  it('a task that is due by another deadline is not changed', () => {
    const own = { ...before, tasks: before.tasks.map((task) => ({ ...task, dueAt: '2010-12-04T09:00:00.000000Z' })) };
    const { step } = recountDeadlines(own, open, inHours(5), older);
    expect(step?.events.map(({ type }) => type)).toEqual(['DeadlinesRecounted']);
    expect(step?.instance.tasks).toEqual(own.tasks);
  });

  it('without a changed due time there is no step', () => {
    expect(recountDeadlines(before, open, inHours(72), older)).toEqual({ step: null, moved: 0, withoutBase: 0, uncountable: 0 });
  });

  it('deadlines set under the same or later settings stay', () => {
    expect(recountDeadlines(before, open, inHours(5), (version) => version === 'errand-1')).toMatchObject({ step: null, moved: 0 });
  });

  it('deadlines without a base stay and are counted', () => {
    const withoutBase = open.map((one) => ({ ...one, data: { ...one.data, base: undefined } }));
    expect(recountDeadlines(before, withoutBase, inHours(5), older)).toEqual({ step: null, moved: 0, withoutBase: 1, uncountable: 0 });
  });

  it('deadlines on a day outside of the calendar, or without a policy value, stay', () => {
    const unknown = { step: null, moved: 0, withoutBase: 0, uncountable: 1 };
    const far = { ...inHours(5), deadlines: { warehouseAnswer: { rule: 'LOG-09', workingDays: 20_000 } } };
    expect(recountDeadlines(before, open, far, older)).toEqual(unknown);
    expect(recountDeadlines(before, open, { ...inHours(5), deadlines: {} }, older)).toEqual(unknown);
  });
});
