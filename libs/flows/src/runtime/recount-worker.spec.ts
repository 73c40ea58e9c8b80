import { MemoryStore, type Outcome, StoreUnavailable, type UnitOfWork } from '@orderloom/event-sourcing';
import { englishCalendar, type Policies } from '@orderloom/kernel';
import type { FlowInstance } from '../step/instance.js';
import { box, errand, policies } from '../testing/errand.fixture.js';
import { type Recount, type RecountProgress, RecountWorker } from './recount-worker.js';
import { FlowRuntime } from './runtime.js';

const friday = '2010-12-03T09:00:00.000000Z';
const after5Hours = '2010-12-03T14:00:00.000000Z';
const after9Hours = '2010-12-03T18:00:00.000000Z';
const inHours = (hours: number, version: string): Policies => ({
  ...{ version, calendar: englishCalendar },
  deadlines: { ...policies.deadlines, warehouseAnswer: { rule: 'LOG-09', hours, reminders: 2 } },
});
const recount: Recount = {
  ...{ version: 'settings-2', by: 'operations:olga' },
  policiesOf: () => inHours(5, 'settings-2'),
  isCounted: (version) => version === 'settings-2',
};

/** Fails at the nth commit to a flow's stream: before it, or after it, as a crash would. */
class CrashingStore extends MemoryStore {
  crash: { at: number; when: 'before' | 'after'; error: Error } | undefined;
  meddle: (() => Promise<unknown>) | undefined;

  override async commit(unit: UnitOfWork): Promise<Outcome> {
    const { crash, meddle } = this;
    if (!unit.appends?.length || unit.meta.by !== 'operations:olga') return super.commit(unit);
    this.meddle = undefined;
    await meddle?.();
    if (crash) crash.at -= 1;
    if (crash?.at === 0 && crash.when === 'before') throw crash.error;
    const outcome = await super.commit(unit);
    if (crash?.at === 0) throw crash.error;
    return outcome;
  }
}

describe('a recount of open deadlines (CS-02)', () => {
  let store: CrashingStore;
  let runtime: FlowRuntime;
  let inForce: Policies;
  let errors: unknown[];
  let done: RecountProgress[];

  const worker = (due: Recount = recount) =>
    new RecountWorker({
      store,
      due: async () => due,
      owner: 'one',
      onError: (error) => errors.push(error),
      onDone: (one) => done.push(one),
    });
  const wanted = (orderNumber: string) => ({
    ...{ id: `wanted-${orderNumber}`, source: '/shop', type: 'GoodsWanted', typeVersion: 1, subject: orderNumber, time: '' },
    data: { orderNumber, promisedAt: '2010-12-06T09:00:00.000000Z', budget: 100 },
  });
  const flows = () => store.rows<FlowInstance>('flows', {});
  const dueTimes = async () => (await flows()).map(({ tasks }) => tasks[0]?.dueAt);
  const told = async () => {
    const streams = await Promise.all((await flows()).map(({ flowId }) => store.load(`flow-${flowId}`)));
    return streams.map(({ events }) => events.filter(({ type }) => type === 'DeadlinesRecounted').length);
  };
  /** Sees the version, and lets the copies of other processes become old. */
  const begun = async (one = worker()) => {
    await one.advance();
    store.advance(2);
    return one;
  };

  beforeEach(async () => {
    store = new CrashingStore();
    store.setNow(friday);
    inForce = inHours(9, 'settings-1');
    [errors, done] = [[], []];
    runtime = new FlowRuntime({
      ...{ store, service: 'order', flows: [errand], commands: { PutThing: { decider: box, id: 'orderNumber' } } },
      settings: async () => ({ policies: inForce, values: {}, language: 'en' }),
    });
    for (const number of ['1', '2', '3']) await runtime.handleEvent(wanted(number));
    inForce = inHours(5, 'settings-2');
  });

  it('the open deadlines of every flow are set again, once', async () => {
    expect(await dueTimes()).toEqual([after9Hours, after9Hours, after9Hours]);
    const one = await begun();
    await one.advance();
    await one.advance();
    await worker().advance();
    expect(await dueTimes()).toEqual([after5Hours, after5Hours, after5Hours]);
    expect(done).toMatchObject([{ version: 'settings-2', status: 'done', flows: 3, moved: 3, withoutBase: 0, uncountable: 0, failed: 0 }]);
    expect(await told()).toEqual([1, 1, 1]);
    store.setNow(after5Hours);
    expect(await store.due(9)).toHaveLength(3);
  });

  it('it waits until no process decides by older settings', async () => {
    const one = worker();
    await one.advance();
    store.advance(1);
    await one.advance();
    expect(await told()).toEqual([0, 0, 0]);
    store.advance(1);
    await one.advance();
    expect(await told()).toEqual([1, 1, 1]);
  });

  it.each(['before', 'after'] as const)(
    'after a crash %s the commit of the second flow it continues and counts none twice',
    async (when) => {
      const one = await begun();
      store.crash = { at: 2, when, error: new StoreUnavailable('crashed') };
      await expect(one.advance()).rejects.toThrow('crashed');
      store.crash = undefined;
      expect((await told()).reduce((sum, n) => sum + n)).toBe(when === 'before' ? 1 : 2);
      await worker().advance();
      expect(await told()).toEqual([1, 1, 1]);
      expect(done).toMatchObject([{ flows: 3, moved: 3 }]);
    },
  );

  it('a flow that moves meanwhile is decided again', async () => {
    const one = await begun();
    store.meddle = async () => {
      const [first] = await flows();
      const [task] = first?.tasks ?? [];
      const data = { taskId: String(task?.taskId), answer: { type: 'GoodsMissing' }, by: 'li', teams: ['warehouse'] };
      await runtime.handleTaskAnswer({ ...wanted('1'), id: 'answer', type: 'TaskAnswered', data });
    };
    await one.advance();
    expect(await flows()).toMatchObject([{ status: 'ended' }, { status: 'active' }, { status: 'active' }]);
    expect([await told(), done]).toMatchObject([[0, 1, 1], [{ flows: 3, moved: 2 }]]);
  });

  it('a flow that fails five times is left out, and the others continue', async () => {
    const [first] = await flows();
    const policiesOf = (subject: string): Policies => {
      if (subject === first?.subject) throw new Error('broken');
      return inHours(5, 'settings-2');
    };
    const failing = await begun(worker({ ...recount, policiesOf }));
    for (let i = 0; i < 4; i += 1) await expect(failing.advance()).rejects.toThrow('broken');
    await failing.advance();
    expect([await told(), done, errors]).toMatchObject([[0, 1, 1], [{ flows: 3, moved: 2, failed: 1 }], [{ message: 'broken' }]]);
  });

  it('one process at a time runs it', async () => {
    await begun();
    await store.lease('recount', 'another', 30);
    const one = worker();
    await one.advance();
    expect(await told()).toEqual([0, 0, 0]);
    await store.lease('recount', 'another', 0);
    await one.advance();
    expect(await told()).toEqual([1, 1, 1]);
  });

  it('a deadline that is over by the new settings fires at once', async () => {
    const one = await begun();
    store.setNow('2010-12-03T16:00:00.000000Z');
    await one.advance();
    const [due] = await store.due(9);
    expect(due).toMatchObject({ dueAt: after5Hours });
    if (due) await runtime.fireDeadline(due);
    const reminders = (await flows()).map(({ tasks }) => Number(tasks[0]?.reminders));
    expect(reminders.reduce((sum, n) => sum + n)).toBe(1);
  });
});
