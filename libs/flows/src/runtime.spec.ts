import { execute } from '@orderloom/event-sourcing';
import { box, errand, watch } from './testing/errand.fixture.js';
import { monday, orderNumber, TestService } from './testing/runtime.fixture.js';

let service: TestService;
beforeEach(() => {
  service = new TestService();
});

const found = { type: 'GoodsFound', price: 50 };

describe('a fact', () => {
  it('starts the flows that it is declared to start, each with an id of its own from the message', async () => {
    const { flowId } = await service.started();
    expect(flowId).toMatch(/^errand-[0-9a-f-]{36}$/);
    expect(await service.types(`flow-${flowId}`)).toEqual(['FlowStarted', 'TaskAsked']);
  });

  it('that comes twice starts one flow', async () => {
    await service.started();
    await service.runtime.fact(service.wanted());
    expect(await service.flows()).toHaveLength(1);
  });

  it('reaches every flow of its subject that listens, and no other subject', async () => {
    service = new TestService([errand, watch]);
    await service.runtime.fact(service.wanted());
    await service.runtime.fact(service.wanted('other', '536366'));
    await service.runtime.fact(service.message('ParcelShipped', { orderNumber }));
    expect(await service.one('watch')).toMatchObject({ status: 'ended', outcome: 'seen' });
    expect((await service.one('errand')).kept).toHaveLength(1);
    expect(await service.one('watch', '536366')).toMatchObject({ status: 'active' });
  });

  it('with the id of the flow that asked for it reaches that flow, though it does not listen', async () => {
    const { flowId } = await service.started();
    await service.runtime.answer(await service.answered(found));
    await service.runtime.fact(service.message('ThingPut', { orderNumber }, { flow: flowId, subject: 'another subject' }));
    expect((await service.one()).state).toBe('leaving');
  });

  it('without it, and without being listened to, reaches nobody', async () => {
    await service.started();
    await service.runtime.answer(await service.answered(found));
    await service.runtime.fact(service.message('ThingPut', { orderNumber }));
    expect((await service.one()).state).toBe('packing');
  });

  it("for a flow of another service is nobody else's", async () => {
    await service.runtime.fact(service.message('ThingPut', { orderNumber }, { flow: 'cancel-order-1' }));
    expect(service.store.commits).toBe(0);
  });
});

describe('a message that comes twice', () => {
  it('has one effect', async () => {
    const { flowId } = await service.started();
    const answer = await service.answered(found);
    expect(await service.runtime.answer(answer)).toBe('moved');
    expect(await service.runtime.answer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'FlowMoved')).toHaveLength(1);
    expect(await service.types(`box-${orderNumber}`)).toEqual(['ThingPut']);
  });

  it('is recorded once where it changes nothing', async () => {
    const { flowId } = await service.started();
    const answer = service.answer(`${flowId}.99`, found);
    expect(await service.runtime.answer(answer)).toBe('strayed');
    expect(await service.runtime.answer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'InputStrayed')).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('to a task of another service is not ours', async () => {
    expect(await service.runtime.answer(service.answer('cancel-order-1.2', found))).toBeUndefined();
    expect(await service.runtime.answer(service.answer('errand-unknown.2', found))).toBeUndefined();
  });

  it('tells the chart who gave it', async () => {
    const { flowId } = await service.started();
    await service.runtime.answer(await service.answered(found));
    const moved = (await service.said(flowId)).find((event) => event.type === 'FlowMoved');
    expect(moved?.data).toMatchObject({ input: { ...found, by: 'li' } });
  });

  it('stores the result of the command that brought it, with what became of it', async () => {
    await service.started();
    const command = (body: string) => ({ id: 'command-1', fingerprint: 'f', status: 200, body });
    await service.runtime.answer(await service.answered(found), command);
    expect(await service.store.answer('command-1')).toMatchObject({ body: 'moved' });
  });
});

describe('a command to the own service', () => {
  it('is carried out in the unit of work of the step', async () => {
    const { flowId } = await service.started();
    const before = service.store.commits;
    await service.runtime.answer(await service.answered(found));
    expect(service.store.commits - before).toBe(1);
    const { events } = await service.store.load(`box-${orderNumber}`);
    expect(events).toMatchObject([{ type: 'ThingPut', data: { thing: 'worth 50', flow: flowId } }]);
  });

  it('is carried out with the step or not at all', async () => {
    await service.started();
    const answer = await service.answered(found);
    service.store.crash = 'before';
    await expect(service.runtime.answer(answer)).rejects.toThrow('crashed');
    expect(await service.types(`box-${orderNumber}`)).toEqual([]);
    expect((await service.one()).state).toBe('searching');
  });

  it('is decided again where somebody else was faster', async () => {
    await service.started();
    service.store.before = async () => {
      await execute(service.store, box, orderNumber, { type: 'OpenBox' }, { by: 'somebody' });
    };
    expect(await service.runtime.answer(await service.answered(found))).toBe('moved');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxOpened', 'ThingPut']);
  });

  it('that is refused parks the flow, visible with the reason, and nothing else happens', async () => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    expect(await service.runtime.answer(await service.answered(found))).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', state: 'searching', parked: { error: 'the box is closed' } });
    expect((await service.types(`flow-${flowId}`)).at(-1)).toBe('FlowParked');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxClosed']);
  });
});

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

describe('a flow that is exclusive', () => {
  it('refuses a second one of its subject while it runs', async () => {
    await service.started();
    await expect(service.runtime.fact(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    expect(await service.flows()).toHaveLength(1);
  });

  it('does not mind another subject', async () => {
    await service.started();
    await service.runtime.fact(service.wanted('second', '536366'));
    expect(await service.one('errand', '536366')).toMatchObject({ status: 'active' });
  });

  it('lets the next one in when it has ended', async () => {
    await service.started();
    await service.runtime.answer(await service.answered({ type: 'GoodsMissing' }));
    await service.runtime.fact(service.wanted('second'));
    expect((await service.flows()).map((flow) => flow.status).sort()).toEqual(['active', 'ended']);
  });
});

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

describe('a chart that no case may lose', () => {
  it('is needed as long as a case runs on it; of several versions the last one starts new cases', async () => {
    await service.started();
    const newer = new TestService([{ ...errand, version: '2' }]);
    await newer.runtime.fact(newer.wanted());
    expect(await newer.one()).toMatchObject({ version: '2' });
    const both = new TestService([errand, { ...errand, version: '2' }]);
    await both.runtime.fact(both.wanted());
    expect(await both.one()).toMatchObject({ version: '2' });
  });
});
