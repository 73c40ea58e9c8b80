import { listOperatorActions } from '@orderloom/event-sourcing';
import { errand, pack } from '../testing/errand.fixture.js';
import { FlowRuntime } from '../runtime/runtime.js';
import { TestService } from '../testing/runtime.fixture.js';

let service: TestService;
beforeEach(() => {
  service = new TestService();
});

const found = { type: 'GoodsFound', price: 50 };

describe('an input that throws', () => {
  it('its flow is parked with the reason, and other flows continue', async () => {
    const { warehouseAnswer } = errand.policies.deadlines;
    service = new TestService([
      { ...errand, policies: { ...errand.policies, deadlines: { ...(warehouseAnswer && { warehouseAnswer }) } } },
    ]);
    await service.started();
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    expect(await service.runtime.handleTaskAnswer(await service.answered({ type: 'GoodsFound', price: 500 }))).toBe('parked');
    expect(await service.one()).toMatchObject({
      status: 'parked',
      parked: { error: 'unknown policy value "customerDecision": expected one of the configured deadlines' },
    });
    const other = await service.one('errand', '536366');
    expect(await service.runtime.handleTaskAnswer(service.answer(String(other.tasks[0]?.taskId), found))).toBe('moved');
    expect(await service.runtime.redrive((await service.one()).flowId, 'supervisor:wang')).toBe('parked');
  });
});

describe('a parked flow', () => {
  const parked = async (): Promise<string> => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    await service.runtime.handleTaskAnswer(await service.answered(found));
    return flowId;
  };

  it('inputs are deferred and handled in order after a redrive', async () => {
    const flowId = await parked();
    await service.runtime.handleEvent(service.message('ThingPut', {}, { flow: flowId }));
    await service.runtime.handleEvent(service.message('ParcelShipped', {}));
    expect((await service.one()).kept.map(({ input }) => input.type)).toEqual(['ThingPut', 'ParcelShipped']);
    await service.box('OpenBox');
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect(await service.one()).toMatchObject({ status: 'ended', outcome: 'done', kept: [] });
    expect((await service.one()).parked).toBeUndefined();
  });

  it('it stays parked with its inputs while the reason lasts', async () => {
    const flowId = await parked();
    await service.runtime.handleEvent(service.message('ThingPut', {}, { flow: flowId }));
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', parked: { error: 'the box is closed', input: { input: found } } });
    expect((await service.one()).kept).toHaveLength(1);
    await service.box('OpenBox');
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect((await service.one()).state).toBe('leaving');
  });

  describe('with inputs that have commands for the same aggregate', () => {
    const packed = async (): Promise<string> => {
      service = new TestService([pack]);
      await service.runtime.handleEvent(service.wanted());
      const { flowId, tasks } = await service.one('pack');
      await service.box('CloseBox');
      await service.runtime.handleTaskAnswer(service.answer(String(tasks[0]?.taskId), found));
      await service.runtime.handleEvent(service.message('ParcelShipped', {}));
      return flowId;
    };

    it('they are handled together, one command after the other', async () => {
      const flowId = await packed();
      await service.box('OpenBox');
      expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
      expect(await service.one('pack')).toMatchObject({ status: 'active', state: 'closing', kept: [] });
      expect((await service.types('box-536365')).slice(2)).toEqual(['ThingPut', 'BoxClosed']);
    });

    it('if a command is refused after an earlier one, the flow stays parked and nothing is done', async () => {
      const flowId = await packed();
      await service.runtime.handleEvent(service.message('ParcelShipped', {}));
      await service.box('OpenBox');
      expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('parked');
      expect((await service.one('pack')).parked?.error).toBe('the box is closed');
      expect(await service.types('box-536365')).toEqual(['BoxClosed', 'BoxOpened']);
    });
  });

  it('a redrive succeeds although an input comes at the same time', async () => {
    const flowId = await parked();
    await service.box('OpenBox');
    service.store.before = () => service.runtime.handleEvent(service.message('ThingPut', {}, { flow: flowId }));
    expect(await service.runtime.redrive(flowId, 'supervisor:wang')).toBe('moved');
    expect((await service.one()).state).toBe('leaving');
  });

  it('the redrive is recorded with its actor', async () => {
    const flowId = await parked();
    await service.box('OpenBox');
    await service.runtime.redrive(flowId, 'supervisor:wang');
    const { events } = await service.store.load(`flow-${flowId}`);
    const [redriven, moved] = events.slice(events.findIndex(({ type }) => type === 'FlowRedriven'));
    expect(redriven).toMatchObject({ type: 'FlowRedriven', by: 'supervisor:wang', data: { flowId, input: found } });
    expect(moved).toMatchObject({ type: 'FlowMoved', by: 'supervisor:wang' });
  });

  it('dismissed, it ends with the reason, without tasks and deadlines, and ignores later inputs', async () => {
    const flowId = await parked();
    const [task] = (await service.one()).tasks;
    expect(task).toBeDefined();
    expect(await service.runtime.dismiss(flowId, 'entered by hand', 'supervisor:wang')).toBe('moved');
    expect(await service.one()).toMatchObject({ status: 'ended', outcome: 'dismissed', tasks: [], deadlines: [], kept: [] });
    const { events } = await service.store.load(`flow-${flowId}`);
    expect(events.slice(-3)).toMatchObject([
      { type: 'FlowDismissed', by: 'supervisor:wang', data: { reason: 'entered by hand' } },
      { type: 'TaskClosed', data: { taskId: task?.taskId, how: 'withdrawn' } },
      { type: 'FlowEnded', data: { outcome: 'dismissed' } },
    ]);
    expect((await service.one()).streamVersion).toBe(events.length);
    service.store.setNow('2999-01-01T00:00:00.000000Z');
    expect(await service.store.due(10)).toEqual([]);
    expect(await service.runtime.handleTaskAnswer(service.answer(String(task?.taskId), found))).toBe('strayed');
  });

  it('dismissed, it releases its exclusive claim', async () => {
    service = new TestService([{ ...errand, exclusive: 'errand' }]);
    const flowId = await parked();
    await expect(service.runtime.handleEvent(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    await service.runtime.dismiss(flowId, 'entered by hand', 'supervisor:wang');
    await service.runtime.handleEvent(service.wanted('second'));
    expect((await service.flows()).map(({ status }) => status).sort()).toEqual(['active', 'ended']);
  });

  it('operator actions are stored with actor, time and the reason for parking', async () => {
    const flowId = await parked();
    const day = (n: number): void => service.store.setNow(`2010-12-03T1${n}:00:00.000000Z`);
    day(0);
    await service.runtime.redrive(flowId, 'operator:ann');
    day(1);
    await service.box('OpenBox');
    await service.runtime.redrive(flowId, 'operator:bob');
    const closed = 'the box is closed';
    const said = { what: 'flow', of: flowId, type: 'GoodsFound', key: '536365', error: closed };
    expect(await listOperatorActions(service.store, 10)).toMatchObject([
      { ...said, action: 'redriven', by: 'operator:bob', at: '2010-12-03T11:00:00.000000Z' },
      { ...said, action: 'tried', by: 'operator:ann', at: '2010-12-03T10:00:00.000000Z' },
    ]);
  });

  it('it is dismissed once, by one operator', async () => {
    const flowId = await parked();
    service.store.before = async () => void (await service.runtime.dismiss(flowId, 'first', 'operator:ann'));
    expect(await service.runtime.dismiss(flowId, 'second', 'operator:bob')).toBe('duplicate');
    expect((await listOperatorActions(service.store, 10)).map(({ by }) => by)).toEqual(['operator:ann']);
  });

  it('only a parked flow can be redriven or dismissed', async () => {
    const { flowId } = await service.started();
    await expect(service.runtime.redrive(flowId, 'supervisor:wang')).rejects.toMatchObject({ code: 'flow-not-parked' });
    await expect(service.runtime.redrive('errand-unknown', 'supervisor:wang')).rejects.toThrow('not found');
    await expect(service.runtime.dismiss(flowId, 'why', 'supervisor:wang')).rejects.toMatchObject({ code: 'flow-not-parked' });
  });

  it('a flow with an unknown chart cannot be redriven', async () => {
    const flowId = await parked();
    const elsewhere = new FlowRuntime({ store: service.store, service: 'order', flows: [], commands: {} });
    await expect(elsewhere.redrive(flowId, 'supervisor:wang')).rejects.toMatchObject({ code: 'unknown-chart' });
    expect((await service.one()).status).toBe('parked');
  });
});
