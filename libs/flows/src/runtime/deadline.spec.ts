import { Retries, StoreUnavailable } from '@orderloom/event-sourcing';
import { UnknownFlowVersion } from '../definition/flow-registry.js';
import { DeadlineWorker } from './deadline-worker.js';
import { monday, TestService } from '../testing/runtime.fixture.js';

let service: TestService;
beforeEach(() => {
  service = new TestService();
});

const found = { type: 'GoodsFound', price: 50 };

describe('a deadline', () => {
  const due = async (at: string) => {
    service.store.setNow(at);
    return service.store.due(10);
  };

  it('it never fires early', async () => {
    await service.started();
    expect(await due('2010-12-06T08:59:59.999999Z')).toEqual([]);
    expect(await due(monday)).toHaveLength(1);
  });

  it('fired twice, it has one effect', async () => {
    const { flowId } = await service.started();
    const [deadline] = await due(monday);
    const fired = await Promise.all([1, 2, 3].map(() => service.runtime.fireDeadline(deadline ?? (undefined as never))));
    expect(fired.sort()).toEqual(['duplicate', 'duplicate', 'moved']);
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'TaskReminded')).toHaveLength(1);
  });

  it('cancelled after it was read, it has no effect', async () => {
    const { flowId } = await service.started();
    const [deadline] = await due(monday);
    await service.runtime.handleTaskAnswer(await service.answered(found));
    expect(await service.runtime.fireDeadline(deadline ?? (undefined as never))).toBe('duplicate');
    expect(await due('2020-01-01T00:00:00.000000Z')).toEqual([]);
    expect(await service.types(`flow-${flowId}`)).not.toContain('TaskReminded');
  });

  it('an older generation of the same name has no effect', async () => {
    const { flowId } = await service.started();
    const [old] = await due(monday);
    await service.runtime.handleTaskAnswer(await service.answered({ type: 'GoodsFound', price: 500 }));
    await service.runtime.handleTaskAnswer(await service.answered({ type: 'PriceRefused' }));
    const [anew] = await due('2010-12-07T09:00:00.000000Z');
    expect(anew).toMatchObject({ id: old?.id });
    expect(anew?.generation).not.toBe(old?.generation);
    expect(await service.runtime.fireDeadline(old ?? (undefined as never))).toBe('duplicate');
    expect(await service.types(`flow-${flowId}`)).not.toContain('TaskReminded');
    expect(await service.runtime.fireDeadline(anew ?? (undefined as never))).toBe('moved');
  });

  it('the deadline of a parked flow waits with the other inputs', async () => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    await service.runtime.handleTaskAnswer(await service.answered(found));
    const [deadline] = await due(monday);
    expect(await service.runtime.fireDeadline(deadline ?? (undefined as never))).toBe('kept');
    await service.box('OpenBox');
    await service.runtime.redrive(flowId, 'supervisor:wang');
    expect(await service.one()).toMatchObject({ state: 'packing', kept: [] });
  });
});

describe('the deadline worker', () => {
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
  };

  let retries: Retries;
  beforeEach(() => (retries = new Retries({ firstMillis: 0.01 })));
  const open = (given: { readonly retries?: Retries } = { retries }, onError: (error: unknown) => void = () => undefined) =>
    new DeadlineWorker({ store: service.store, runtime: service.runtime, onError, ...given, everyMs: 1 });

  /** Makes every attempt to fire a deadline of the flow fail until it is repaired. */
  const broken = (flowId: string, error: Error) => {
    const due = service.runtime.fireDeadline.bind(service.runtime);
    let times = 0;
    service.runtime.fireDeadline = (deadline) => {
      if (deadline.owner !== flowId) return due(deadline);
      times += 1;
      return Promise.reject(error);
    };
    return { times: () => times, mend: () => (service.runtime.fireDeadline = due) };
  };

  it('one slow flow does not delay another', async () => {
    const slow = await service.started();
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    const due = service.runtime.fireDeadline.bind(service.runtime);
    let go: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (go = resolve));
    service.runtime.fireDeadline = async (deadline) => {
      if (deadline.owner === slow.flowId) await gone;
      return due(deadline);
    };
    const worker = open();
    worker.start();
    service.store.setNow(monday);
    await until(async () => (await service.one('errand', '536366')).tasks[0]?.reminders === 1);
    expect((await service.one()).tasks[0]?.reminders).toBe(0);
    go();
    await worker.stop();
    expect((await service.one()).tasks[0]?.reminders).toBe(1);
  });

  it('it fires by the clock of the store, reports failures and continues', async () => {
    await service.started();
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    const errors: unknown[] = [];
    const worker = open({}, (error) => errors.push(error));
    service.store.crash = 'before';
    worker.start();
    service.store.setNow(monday);
    const reminded = async (): Promise<boolean> =>
      [await service.one(), await service.one('errand', '536366')].every((flow) => flow.tasks[0]?.reminders === 1);
    await until(reminded);
    await worker.stop();
    expect(errors.map(String)).toEqual(['Error: crashed before the commit']);
  });

  it('a failing deadline is retried with back-off, then its flow is parked; a redrive fires it', async () => {
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    await service.started();
    const { flowId } = await service.one();
    const [due, worker] = [broken(flowId, new Error('a bug')), open()];
    service.store.setNow(monday);
    worker.start();
    await until(async () => (await service.one('errand', '536366')).tasks[0]?.reminders === 1);
    expect(retries.list()).toMatchObject([{ what: 'deadline', key: flowId, error: 'Error: a bug' }]);
    await until(async () => (await service.one()).status === 'parked');
    await worker.stop();
    expect(await service.one()).toMatchObject({ parked: { error: 'a bug', input: { by: 'clock' } } });
    expect([due.times(), await service.store.due(10), retries.list()]).toEqual([5, [], []]);
    due.mend();
    await service.runtime.redrive(flowId, 'operator:ann');
    expect((await service.one()).tasks[0]?.reminders).toBe(1);
  });

  it('more failing deadlines than a batch holds do not block others', async () => {
    for (let i = 0; i < 101; i += 1) await service.runtime.handleEvent(service.wanted(`broken-${i}`, `broken-${i}`));
    await service.started();
    const { flowId } = await service.one();
    const due = service.runtime.fireDeadline.bind(service.runtime);
    service.runtime.fireDeadline = (deadline) =>
      deadline.owner === flowId ? due(deadline) : Promise.reject(new UnknownFlowVersion('errand', '2'));
    service.store.setNow('2010-12-06T09:00:01.000000Z');
    const worker = open();
    worker.start();
    await until(async () => (await service.one()).tasks[0]?.reminders === 1);
    await worker.stop();
  });

  it('a flow with an unknown chart is left for another process', async () => {
    const { flowId } = await service.started();
    const [due, worker] = [broken(flowId, new UnknownFlowVersion('errand', '2')), open()];
    service.store.setNow(monday);
    worker.start();
    await until(async () => due.times() > 6);
    await worker.stop();
    expect(await service.one()).toMatchObject({ status: 'active' });
    expect(await service.store.due(10)).toHaveLength(1);
  });

  it('failures of the store do not count as attempts', async () => {
    const { flowId } = await service.started();
    const [due, worker] = [broken(flowId, new StoreUnavailable('down')), open()];
    service.store.setNow(monday);
    worker.start();
    await until(async () => due.times() > 6);
    expect([retries.list(), (await service.one()).status]).toEqual([[], 'active']);
    due.mend();
    await until(async () => (await service.one()).tasks[0]?.reminders === 1);
    await worker.stop();
  });

  it('after a stop nothing is fired', async () => {
    await service.started();
    const worker = open({});
    worker.start();
    await worker.stop();
    service.store.setNow(monday);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await service.store.due(10)).toHaveLength(1);
  });
});
