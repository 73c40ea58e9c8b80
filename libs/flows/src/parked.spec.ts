import { errand } from './testing/errand.fixture.js';
import { TestService } from './testing/runtime.fixture.js';

let service: TestService;
beforeEach(() => {
  service = new TestService();
});

const found = { type: 'GoodsFound', price: 50 };

describe('an input that throws', () => {
  it('parks its flow, visible with the reason; other flows go on', async () => {
    const { warehouseAnswer } = errand.policies.deadlines;
    service = new TestService([
      { ...errand, policies: { ...errand.policies, deadlines: { ...(warehouseAnswer && { warehouseAnswer }) } } },
    ]);
    await service.started();
    await service.runtime.fact(service.wanted('other', '536366'));
    expect(await service.runtime.answer(await service.answered({ type: 'GoodsFound', price: 500 }))).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', parked: { error: 'no policy value named customerDecision' } });
    const other = await service.one('errand', '536366');
    expect(await service.runtime.answer(service.answer(String(other.tasks[0]?.taskId), found))).toBe('moved');
    expect(await service.runtime.redrive((await service.one()).flowId, 'supervisor:wang')).toBe('parked');
  });
});

describe('a parked flow', () => {
  const parked = async (): Promise<string> => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    await service.runtime.answer(await service.answered(found));
    return flowId;
  };

  it('keeps what comes, and takes all of it in order when it is redriven', async () => {
    const flowId = await parked();
    await service.runtime.fact(service.message('ThingPut', {}, { flow: flowId }));
    await service.runtime.fact(service.message('ParcelShipped', {}));
    expect((await service.one()).kept.map(({ input }) => input.type)).toEqual(['ThingPut', 'ParcelShipped']);
    await service.box('OpenBox');
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect(await service.one()).toMatchObject({ status: 'ended', outcome: 'done', kept: [] });
    expect((await service.one()).parked).toBeUndefined();
  });

  it('stays parked, with all that it kept, while the reason lasts', async () => {
    const flowId = await parked();
    await service.runtime.fact(service.message('ThingPut', {}, { flow: flowId }));
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', parked: { error: 'the box is closed', input: { input: found } } });
    expect((await service.one()).kept).toHaveLength(1);
    await service.box('OpenBox');
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect((await service.one()).state).toBe('leaving');
  });

  it('is redriven although an input comes at the same moment', async () => {
    const flowId = await parked();
    await service.box('OpenBox');
    service.store.before = () => service.runtime.fact(service.message('ThingPut', {}, { flow: flowId }));
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect((await service.one()).state).toBe('leaving');
  });

  it('is the only one that can be redriven', async () => {
    const { flowId } = await service.started();
    await expect(service.runtime.redrive(flowId, 'supervisor:wang')).rejects.toMatchObject({ code: 'flow-not-parked' });
    await expect(service.runtime.redrive('errand-unknown', 'supervisor:wang')).rejects.toThrow('not found');
  });
});
