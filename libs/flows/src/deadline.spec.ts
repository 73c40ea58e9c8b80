import { DeadlineWorker } from './deadline-worker.js';
import { monday, TestService } from './testing/runtime.fixture.js';

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

  it('is never early', async () => {
    await service.started();
    expect(await due('2010-12-06T08:59:59.999999Z')).toEqual([]);
    expect(await due(monday)).toHaveLength(1);
  });

  it('that is fired twice has one effect', async () => {
    const { flowId } = await service.started();
    const [deadline] = await due(monday);
    const fired = await Promise.all([1, 2, 3].map(() => service.runtime.due(deadline ?? (undefined as never))));
    expect(fired.sort()).toEqual(['duplicate', 'duplicate', 'moved']);
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'TaskReminded')).toHaveLength(1);
  });

  it('has none when it was cancelled, though somebody had read it', async () => {
    const { flowId } = await service.started();
    const [deadline] = await due(monday);
    await service.runtime.answer(await service.answered(found));
    expect(await service.runtime.due(deadline ?? (undefined as never))).toBe('duplicate');
    expect(await due('2020-01-01T00:00:00.000000Z')).toEqual([]);
    expect(await service.types(`flow-${flowId}`)).not.toContain('TaskReminded');
  });

  it('has none when it was armed anew: another generation of the same name', async () => {
    const { flowId } = await service.started();
    const [old] = await due(monday);
    await service.runtime.answer(await service.answered({ type: 'GoodsFound', price: 500 }));
    await service.runtime.answer(await service.answered({ type: 'PriceRefused' }));
    const [anew] = await due('2010-12-07T09:00:00.000000Z');
    expect(anew).toMatchObject({ id: old?.id });
    expect(anew?.generation).not.toBe(old?.generation);
    expect(await service.runtime.due(old ?? (undefined as never))).toBe('duplicate');
    expect(await service.types(`flow-${flowId}`)).not.toContain('TaskReminded');
    expect(await service.runtime.due(anew ?? (undefined as never))).toBe('moved');
  });

  it('of a parked flow waits with the other inputs', async () => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    await service.runtime.answer(await service.answered(found));
    const [deadline] = await due(monday);
    expect(await service.runtime.due(deadline ?? (undefined as never))).toBe('kept');
    await service.box('OpenBox');
    await service.runtime.redrive(flowId, 'supervisor:wang');
    expect(await service.one()).toMatchObject({ state: 'packing', kept: [] });
  });
});

describe('the worker that fires deadlines', () => {
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
  };

  it('fires what is due by the clock of the store, reports what fails and goes on', async () => {
    await service.started();
    await service.runtime.fact(service.wanted('other', '536366'));
    const errors: unknown[] = [];
    const worker = new DeadlineWorker(service.store, service.runtime, (error) => errors.push(error), 1);
    service.store.crash = 'before';
    worker.start();
    service.store.setNow(monday);
    const reminded = async (): Promise<boolean> =>
      [await service.one(), await service.one('errand', '536366')].every((flow) => flow.tasks[0]?.reminders === 1);
    await until(reminded);
    await worker.stop();
    expect(errors.map(String)).toEqual(['Error: crashed before the commit']);
  });

  it('fires nothing any more once it is stopped', async () => {
    await service.started();
    const worker = new DeadlineWorker(service.store, service.runtime, () => undefined, 1);
    worker.start();
    await worker.stop();
    service.store.setNow(monday);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await service.store.due(10)).toHaveLength(1);
  });
});
