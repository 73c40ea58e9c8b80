import { execute } from '@orderloom/event-sourcing';
import { box, errand, watch } from '../testing/errand.fixture.js';
import { orderNumber, TestService } from '../testing/runtime.fixture.js';

let service: TestService;
beforeEach(() => {
  service = new TestService();
});

const found = { type: 'GoodsFound', price: 50 };

describe('a fact in the flow runtime', () => {
  it('it starts the declared flows, each with an id derived from the message', async () => {
    const { flowId } = await service.started();
    expect(flowId).toMatch(/^errand-[0-9a-f-]{36}$/);
    expect(await service.types(`flow-${flowId}`)).toEqual(['FlowStarted', 'TaskAsked']);
  });

  it('received twice, it starts one flow', async () => {
    await service.started();
    await service.runtime.handleEvent(service.wanted());
    expect(await service.flows()).toHaveLength(1);
  });

  it('it reaches every listening flow of its subject, and no other subject', async () => {
    service = new TestService([errand, watch]);
    await service.runtime.handleEvent(service.wanted());
    await service.runtime.handleEvent(service.wanted('other', '536366'));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect(await service.one('watch')).toMatchObject({ status: 'ended', outcome: 'seen' });
    expect((await service.one('errand')).kept).toHaveLength(1);
    expect(await service.one('watch', '536366')).toMatchObject({ status: 'active' });
  });

  it('a flow that has ended ignores it', async () => {
    service = new TestService([watch]);
    await service.runtime.handleEvent(service.wanted());
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect((await service.types(`flow-${(await service.one('watch')).flowId}`)).at(-1)).toBe('FlowEnded');
  });

  it('with the id of a flow it reaches that flow, which need not listen', async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: flowId, subject: 'another subject' }));
    expect((await service.one()).state).toBe('leaving');
  });

  it('without that id and a listener it reaches no flow', async () => {
    await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }));
    expect((await service.one()).state).toBe('packing');
  });

  it('for a flow of another service it is ignored', async () => {
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: 'cancel-order-1' }));
    expect(service.store.commits).toBe(0);
  });
});

describe('a message received twice', () => {
  it('it has one effect', async () => {
    const { flowId } = await service.started();
    const answer = await service.answered(found);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('moved');
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'FlowMoved')).toHaveLength(1);
    expect(await service.types(`box-${orderNumber}`)).toEqual(['ThingPut']);
  });

  it('an ignored input is recorded once', async () => {
    const { flowId } = await service.started();
    const answer = service.answer(`${flowId}.99`, found);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('strayed');
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('duplicate');
    expect((await service.types(`flow-${flowId}`)).filter((type) => type === 'InputStrayed')).toHaveLength(1);
  });
});

describe('an answer to a task', () => {
  it('for a task of another service it is not handled', async () => {
    expect(await service.runtime.handleTaskAnswer(service.answer('cancel-order-1.2', found))).toBeUndefined();
    expect(await service.runtime.handleTaskAnswer(service.answer('errand-unknown.2', found))).toBeUndefined();
  });

  it('from another team it changes nothing', async () => {
    const { flowId, tasks } = await service.started();
    const answer = service.answer(String(tasks[0]?.taskId), found, ['courier', 'finance']);
    expect(await service.runtime.handleTaskAnswer(answer)).toBe('strayed');
    expect((await service.said(flowId)).at(-1)).toMatchObject({
      type: 'InputStrayed',
      data: { why: 'the task is for warehouse, not for courier, finance' },
    });
  });

  it('invalid, it changes nothing in whatever state, and the rejection is stored with it', async () => {
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

  it('a late answer is not rejected', async () => {
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

  it('the flow receives the actor', async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    const moved = (await service.said(flowId)).find((event) => event.type === 'FlowMoved');
    expect(moved?.data).toMatchObject({ input: { ...found, by: 'li' } });
  });

  it('the response of its command is stored with the outcome', async () => {
    await service.started();
    const command = (body: string) => ({ command: { id: 'command-1', fingerprint: 'f', status: 200, body } });
    await service.runtime.handleTaskAnswer(await service.answered(found), command);
    expect(await service.store.commandResponse('command-1')).toMatchObject({ body: 'moved' });
  });
});

describe('a command to the own service', () => {
  it('it is executed in the unit of work of the step', async () => {
    const { flowId } = await service.started();
    const before = service.store.commits;
    await service.runtime.handleTaskAnswer(await service.answered(found));
    expect(service.store.commits - before).toBe(1);
    const { events } = await service.store.load(`box-${orderNumber}`);
    expect(events).toMatchObject([{ type: 'ThingPut', data: { thing: 'worth 50', flow: flowId } }]);
  });

  it('it is executed with the step or not at all', async () => {
    await service.started();
    const answer = await service.answered(found);
    service.store.crash = 'before';
    await expect(service.runtime.handleTaskAnswer(answer)).rejects.toThrow('crashed');
    expect(await service.types(`box-${orderNumber}`)).toEqual([]);
    expect((await service.one()).state).toBe('searching');
  });

  it('it is decided again after a conflict', async () => {
    await service.started();
    service.store.before = async () => {
      await execute(service.store, { decider: box, id: orderNumber, command: { type: 'OpenBox' }, meta: { by: 'somebody' } });
    };
    expect(await service.runtime.handleTaskAnswer(await service.answered(found))).toBe('moved');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxOpened', 'ThingPut']);
  });

  it('refused, it parks the flow with the reason and has no other effect', async () => {
    const { flowId } = await service.started();
    await service.box('CloseBox');
    expect(await service.runtime.handleTaskAnswer(await service.answered(found))).toBe('parked');
    expect(await service.one()).toMatchObject({ status: 'parked', state: 'searching', parked: { error: 'the box is closed' } });
    expect((await service.types(`flow-${flowId}`)).at(-1)).toBe('FlowParked');
    expect(await service.types(`box-${orderNumber}`)).toEqual(['BoxClosed']);
  });
});

describe('an exclusive flow', () => {
  it('a second one of the subject is refused while it runs', async () => {
    await service.started();
    await expect(service.runtime.handleEvent(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    expect(await service.flows()).toHaveLength(1);
  });

  it('another subject is not affected', async () => {
    await service.started();
    await service.runtime.handleEvent(service.wanted('second', '536366'));
    expect(await service.one('errand', '536366')).toMatchObject({ status: 'active' });
  });

  it("after its pivot the next one may start, and its end does not release that one's claim", async () => {
    const { flowId } = await service.started();
    await service.runtime.handleTaskAnswer(await service.answered(found));
    await expect(service.runtime.handleEvent(service.wanted('second'))).rejects.toMatchObject({ code: 'change-already-open' });
    await service.runtime.handleEvent(service.message('ThingPut', { orderNumber }, { flow: flowId }));
    await service.runtime.handleEvent(service.wanted('second'));
    await service.runtime.handleEvent(service.message('ParcelShipped', { orderNumber }));
    expect((await service.flows()).map((flow) => flow.status).sort()).toEqual(['active', 'ended']);
    await expect(service.runtime.handleEvent(service.wanted('third'))).rejects.toMatchObject({ code: 'change-already-open' });
  });

  it('after its end the next one may start', async () => {
    await service.started();
    await service.runtime.handleTaskAnswer(await service.answered({ type: 'GoodsMissing' }));
    await service.runtime.handleEvent(service.wanted('second'));
    expect((await service.flows()).map((flow) => flow.status).sort()).toEqual(['active', 'ended']);
  });
});

describe('a chart with running instances', () => {
  it('the chart is required while instances run on it; new instances start on the last version', async () => {
    await service.started();
    const newer = new TestService([{ ...errand, version: '2' }]);
    await newer.runtime.handleEvent(newer.wanted());
    expect(await newer.one()).toMatchObject({ version: '2' });
    const both = new TestService([errand, { ...errand, version: '2' }]);
    await both.runtime.handleEvent(both.wanted());
    expect(await both.one()).toMatchObject({ version: '2' });
  });
});
