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

describe('open deadlines, counted anew (CS-02)', () => {
  let before: FlowInstance;
  let open: readonly Deadline[];

  /** An errand that waits for the warehouse from Friday until Monday. */
  beforeEach(async () => {
    const service = new TestService();
    before = await service.started();
    open = await service.store.openDeadlines(before.deadlines);
    expect(open).toMatchObject([{ dueAt: monday, data: { policy: 'warehouseAnswer', policyVersion: 'errand-1', base: friday } }]);
  });

  it('are due by the new value, counted from the same base, and armed as another generation', () => {
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

  it('are told, and to the team whose task is due by them', () => {
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

  it('leave a task that is due by something else', () => {
    const own = { ...before, tasks: before.tasks.map((task) => ({ ...task, dueAt: '2010-12-04T09:00:00.000000Z' })) };
    const { step } = recountDeadlines(own, open, inHours(5), older);
    expect(step?.events.map(({ type }) => type)).toEqual(['DeadlinesRecounted']);
    expect(step?.instance.tasks).toEqual(own.tasks);
  });

  it('are no step where no due time changes', () => {
    expect(recountDeadlines(before, open, inHours(72), older)).toEqual({ step: null, moved: 0, withoutBase: 0, uncountable: 0 });
  });

  it('that were set under these settings or later ones stay', () => {
    expect(recountDeadlines(before, open, inHours(5), (version) => version === 'errand-1')).toMatchObject({ step: null, moved: 0 });
  });

  it('without a base stay, and are counted', () => {
    const withoutBase = open.map((one) => ({ ...one, data: { ...one.data, base: undefined } }));
    expect(recountDeadlines(before, withoutBase, inHours(5), older)).toEqual({ step: null, moved: 0, withoutBase: 1, uncountable: 0 });
  });

  it('stay where the calendar does not know their day, or the settings do not know them', () => {
    const unknown = { step: null, moved: 0, withoutBase: 0, uncountable: 1 };
    const far = { ...inHours(5), deadlines: { warehouseAnswer: { rule: 'LOG-09', workingDays: 20_000 } } };
    expect(recountDeadlines(before, open, far, older)).toEqual(unknown);
    expect(recountDeadlines(before, open, { ...inHours(5), deadlines: {} }, older)).toEqual(unknown);
  });
});
