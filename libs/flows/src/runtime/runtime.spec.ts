import { execute } from '@orderloom/event-sourcing';
import { box, errand, watch } from '../testing/errand.fixture.js';
import { orderNumber, TestService } from '../testing/runtime.fixture.js';

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
    await service.runtime.handleEvent(service.wanted());
    expect(await service.flows()).toHaveLength(1);
  });

  it('reaches every flow of its subject that listens, and no other subject', async () => {
    service = new TestService([errand, watch]);
    await service.runtime.handleEvent(service.wanted());
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect(await service.one('watch')).toMatchObject({ status: 'ended', outcome: 'seen' });
    expect((await service.one('errand')).kept).toHaveLength(1);
    expect(await service.one('watch', '536366')).toMatchObject({ status: 'active' });
  });

  it('is no news to a flow that has ended', async () => {
    service = new TestService([watch]);
    await service.runtime.handleEvent(service.wanted());
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect((await service.types(`flow-${(await service.one('watch')).flowId}`)).at(-1)).toBe('FlowEnded');
  });

  it('with the id of the flow that asked for it reaches that flow, though it does not listen', async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: flowId, subject: 'another subject' }));
    expect((await service.one()).state).toBe('leaving');
  });

  it('without it, and without being listened to, reaches nobody', async () => {
    await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }));
    expect((await service.one()).state).toBe('packing');
  });

  it("for a flow of another service is nobody else's", async () => {
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: 'cancel-order-1' }));
    expect(service.store.commits).toBe(0);
  });
});

describe('a message that comes twice', () => {
  it('has one effect', async () => {
    const { flowId } = await service.started();
    const answer = await service.answered(found);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('moved');
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'FlowMoved')).toHaveLength(1);
    expect(await service.types(`box-${orderNumber}`)).toEqual(['ThingPut']);
  });

  it('is recorded once where it changes nothing', async () => {
    const { flowId } = await service.started();
    const answer = service.answer(`${flowId}.99`, found);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('strayed');
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'InputStrayed')).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('to a task of another service is not ours', async () => {
    expect(await service.runtime.handleTaskAnswer(service.answer('cancel-order-1.2', found))).toBeUndefined();
    expect(await service.runtime.handleTaskAnswer(service.answer('errand-unknown.2', found))).toBeUndefined();
  });

  it('of a team that the task is not for changes nothing', async () => {
    const { flowId, tasks } = await service.started();
    const answer = service.answer(String(tasks[0]?.taskId), found, ['courier', 'finance']);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('strayed');
    expect((await service.said(flowId)).at(-1)).toMatchObject({
      type: 'InputStrayed',
      data: { why: 'the task is for warehouse, not for courier, finance' },
    });
  });

  it('that is refused changes nothing, whatever the state of its flow; what is said of it is stored with that', async () => {
    const { flowId } = await service.started();
    const answer = await service.answered(found);
    const told = { stream: 'told-1', subject: orderNumber, expected: 'any' as const, events: [{ type: 'Told', data: {}, rule: 'CS-04' }] };
    const refused = { ...answer, data: { ...answer.data, refused: 'there is no line 9' } };
    expect(await service.runtime.handleTaskAnswer(refused, (_delivery, why) => ({ appends: why === undefined ? [] : [told] }))).toBe(
      'strayed',
    );
    expect((await service.said(flowId)).at(-1)).toMatchObject({ type: 'InputStrayed', data: { why: 'there is no line 9' } });
    expect(await service.types('told-1')).toEqual(['Told']);
    expect((await service.one()).tasks).toHaveLength(1);
  });

  it('that only comes too late is no fault of its sender', async () => {
    await service.started();
    const [first, late] = [await service.answered(found), await service.answered(found)];
    const whys: (string | undefined)[] = [];
    for (const answer of [first, late])
      await service.runtime.handleTaskAnswer(answer, (_delivery, why) => {
        whys.push(why);
        return {};
      });
    expect(whys).toEqual([undefined, undefined]);
  });

  it('tells the chart who gave it', async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    const moved = (await service.said(flowId)).find((event) => event.type === 'FlowMoved');
    expect(moved?.data).toMatchObject({ input: { ...found, by: 'li' } });
  });

  it('stores the result of the command that brought it, with what became of it', async () => {
    await service.started();
    const command = (body: string) => ({ command: { id: 'command-1', fingerprint: 'f', status: 200, body } });
    await service.runtime.handleTaskAnswer(await service.answered(found), command);
    expect(await service.store.commandResponse('command-1')).toMatchObject({ body: 'moved' });
  });
});

describe('a command to the own service', () => {
  it('is carried out in the unit of work of the step', async () => {
    const { flowId } = await service.started();
    const before = service.store.commits;
    await service.runtime.handleTaskAnswer(await service.answered(found));
    expect(service.store.commits - before).toBe(1);
    const { events } = await service.store.load(`box-${orderNumber}`);
    expect(events).toMatchObject([{ type: 'ThingPut', data: { thing: 'worth 50', flow: flowId } }]);
  });

  it('is carried out with the step or not at all', async () => {
    await service.started();
    const answer = await service.answered(found);
    service.store.crash = 'before';
    await expect(service.runtime.handleTaskAnswer(answer)).rejects.toThrow('crashed');
    expect(await service.types(`box-${orderNumber}`)).toEqual([]);
    expect((await service.one()).state).toBe('searching');
  });

  it('is decided again where somebody else was faster', async () => {
    await service.started();
    service.store.before = async () => {
      await execute(service.store, { decider: box, id: orderNumber, command: { type: 'OpenBox' }, meta: { by: 'somebody' } });
    };
    expect(await service.runtime.handleTaskAnswer(await service.answered(found))).toBe('moved');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxOpened', 'ThingPut']);
  });

  it('that is refused parks the flow, visible with the reason, and nothing else happens', async () => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    expect(await service.runtime.handleTaskAnswer(await service.answered(found))).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', state: 'searching', parked: { error: 'the box is closed' } });
    expect((await service.types(`flow-${flowId}`)).at(-1)).toBe('FlowParked');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxClosed']);
  });
});

describe('a flow that is exclusive', () => {
  it('refuses a second one of its subject while it runs', async () => {
    await service.started();
    await expect(service.runtime.handleEvent(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    expect(await service.flows()).toHaveLength(1);
  });

  it('does not mind another subject', async () => {
    await service.started();
    await service.runtime.handleEvent(service.wanted('second', '536366'));
    expect(await service.one('errand', '536366')).toMatchObject({ status: 'active' });
  });

  it('lets the next one in when it is decided, and leaves the claim of that one alone when it ends', async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await expect(service.runtime.handleEvent(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: flowId }));
    await service.runtime.handleEvent(service.wanted('second'));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect((await service.flows()).map((flow) => flow.status).sort()).toEqual(['active', 'ended']);
    await expect(service.runtime.handleEvent(service.wanted('third'))).rejects.toMatchObject({ code: 'change-already-open' });
  });

  it('lets the next one in when it has ended', async () => {
    await service.started();
    await service.runtime.handleTaskAnswer(await service.answered({ type: 'GoodsMissing' }));
    await service.runtime.handleEvent(service.wanted('second'));
    expect((await service.flows()).map((flow) => flow.status).sort()).toEqual(['active', 'ended']);
  });
});

describe('a chart that no case may lose', () => {
  it('is needed as long as a case runs on it; of several versions the last one starts new cases', async () => {
    await service.started();
    const newer = new TestService([{ ...errand, version: '2' }]);
    await newer.runtime.handleEvent(newer.wanted());
    expect(await newer.one()).toMatchObject({ version: '2' });
    const both = new TestService([errand, { ...errand, version: '2' }]);
    await both.runtime.handleEvent(both.wanted());
    expect(await both.one()).toMatchObject({ version: '2' });
  });
});
