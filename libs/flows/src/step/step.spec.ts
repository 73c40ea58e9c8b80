import type { FlowInstance } from './instance.js';
import { effects } from '../definition/effects.js';
import { defineFlow } from '../definition/flow.js';
import { errand, policies } from '../testing/errand.fixture.js';
import { givenFlow } from '../testing/given-flow.js';
import { handleInput } from './step.js';

const wanted = { type: 'GoodsWanted', orderNumber: '536365', promisedAt: '2010-12-10T09:00:00.000000Z', budget: 100 };
const started = () => givenFlow(errand, wanted, '2010-12-03T09:00:00.000000Z');
const offered = () => started().answered('find-goods', 'GoodsFound', { price: 500 });
const leaving = () => started().answered('find-goods', 'GoodsFound', { price: 50 }).when('ThingPut');

describe('a question', () => {
  it('it becomes a task whose id is the flow and the stream version, with the rule of its state', () => {
    const flow = started().then('searching', 'ask warehouse: find-goods');
    expect(flow.task('find-goods')).toMatchObject({
      ...{ taskId: 'errand-1.2', team: 'warehouse', rule: 'LOG-09', about: { orderNumber: '536365' }, subject: '536365' },
      ...{ askedAt: '2010-12-03T09:00:00.000000Z', reminders: 0, escalated: false },
    });
  });

  it('its task is due with the deadline of its state: a working day after Friday is Monday', () => {
    const flow = started();
    expect(flow.task('find-goods').dueAt).toBe('2010-12-06T09:00:00.000000Z');
    expect(flow.last('TaskAsked').dueAt).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('the move names until when the flow waits: the earliest deadline that it has set', () => {
    expect(started().last('FlowStarted').dueAt).toBe('2010-12-06T09:00:00.000000Z');
    expect(leaving().when('ParcelShipped').last('FlowMoved').dueAt).toBeUndefined();
  });

  it('its task names the answers of the state, but no facts', () => {
    expect(started().task('find-goods').answers).toEqual(['GoodsFound', 'GoodsMissing']);
    expect(leaving().task('load-parcel').answers).toEqual([]);
  });

  it('its answer closes the task and cancels the deadline', () => {
    const flow = offered().then('offering', 'ask customer: bear-price');
    expect(flow.last('TaskClosed')).toMatchObject({ taskId: 'errand-1.2', how: 'answered' });
    expect(flow.dueAt('warehouseAnswer')).toBeUndefined();
  });

  it('its task is withdrawn when the state is left otherwise', () => {
    leaving()
      .when('ParcelShipped')
      .then('done', 'withdraw warehouse: load-parcel', 'tell customer: errand-done', 'inform reviewer: errand-done', 'end: done');
  });

  it('always says why it is withdrawn: the reason of the flow, that time has decided, or that it was done otherwise', () => {
    expect(leaving().when('ParcelShipped').last('TaskClosed')).toMatchObject({ how: 'withdrawn', reason: 'shipped' });
    expect(offered().due('customerDecision').last('TaskClosed')).toMatchObject({
      question: 'bear-price',
      how: 'withdrawn',
      reason: 'overdue',
    });
    expect(offered().last('TaskClosed')).not.toHaveProperty('reason');
  });

  it('asked again, it becomes another task', () => {
    const flow = offered();
    const before = started().task('find-goods').taskId;
    flow.answered('bear-price', 'PriceRefused').then('searching', 'ask warehouse: find-goods');
    expect(flow.task('find-goods').taskId).not.toBe(before);
  });
});

describe('an answer', () => {
  it('to a closed task it is ignored', () => {
    offered()
      .answeredTask('errand-1.2', 'GoodsFound', { price: 1 })
      .thenStrayed(/closed/)
      .then('offering');
  });

  it('of a type that the question lacks it is ignored', () => {
    started()
      .answered('find-goods', 'PriceAccepted')
      .thenStrayed(/no answer to find-goods/);
  });

  it('refused by all guards it is ignored, and the task stays open', () => {
    const flow = started()
      .answered('find-goods', 'GoodsFound', { price: 5000 })
      .thenStrayed(/guards of the current state/);
    expect(flow.task('find-goods').taskId).toBe('errand-1.2');
    expect(flow.dueAt('warehouseAnswer')).toBeDefined();
  });
});

describe('a reminder', () => {
  it('it keeps the id of the task and repeats as the policy says; then the task is escalated once', () => {
    const flow = started();
    flow.due('warehouseAnswer').then('searching', 'remind warehouse: find-goods');
    expect(flow.task('find-goods')).toMatchObject({ taskId: 'errand-1.2', reminders: 1, dueAt: '2010-12-07T09:00:00.000000Z' });
    flow.due('warehouseAnswer').then('searching', 'remind warehouse: find-goods');
    expect(flow.last('TaskReminded')).toMatchObject({ taskId: 'errand-1.2', reminder: 2, dueAt: '2010-12-08T09:00:00.000000Z' });
    flow.due('warehouseAnswer').then('searching', 'escalate warehouse: find-goods', 'inform supervisor: task-escalated');
    expect(flow.dueAt('warehouseAnswer')).toBeUndefined();
    flow.when('xstate.after.warehouseAnswer.errand.searching').then('searching');
    flow.answered('find-goods', 'GoodsMissing').then('failed', 'tell customer: errand-failed', 'end: failed');
  });

  it('it counts from the previous reminder, even if the first deadline had another base', () => {
    const flow = leaving();
    expect(flow.dueAt('promise')).toBe('2010-12-13T09:00:00.000000Z');
    flow.due('promise').then('leaving', 'remind warehouse: load-parcel');
    expect(flow.dueAt('promise')).toBe('2010-12-14T09:00:00.000000Z');
  });
});

describe('an input without a question', () => {
  it('it is deferred if a later state handles it, and tried after the next transition', () => {
    started()
      .when('ThingPut')
      .thenKept()
      .answered('find-goods', 'GoodsFound', { price: 50 })
      .then(...['leaving', 'send order: PutThing', 'send logistics: HoldShipment', 'ask warehouse: load-parcel']);
  });

  it('it is used once', () => {
    const flow = started().when('ThingPut').answered('find-goods', 'GoodsFound', { price: 50 });
    expect(flow.instance.kept).toEqual([]);
  });

  it('it is ignored if no reachable state handles it', () => {
    leaving()
      .when('GoodsMissing')
      .thenStrayed(/no reachable state/);
    started()
      .when('SomethingElse')
      .thenStrayed(/no reachable state/);
  });
});

describe('the end of a flow', () => {
  it('it withdraws open tasks, cancels every deadline and drops deferred inputs', () => {
    const flow = started().when('ThingPut').answered('find-goods', 'GoodsMissing');
    expect(flow.instance).toMatchObject({ status: 'ended', outcome: 'failed', tasks: [], deadlines: [], kept: [] });
    expect(flow.dueAt('warehouseAnswer')).toBeUndefined();
  });

  it('it withdraws the tasks of parent states', () => {
    const { ask, remind } = effects<object>();
    const over = { initial: 'waiting', states: { waiting: { on: { Known: 'over' } }, over: { type: 'final' as const } } };
    const after = { warehouseAnswer: { actions: remind('purchasing') } };
    const left = { ...over, entry: ask('purchasing', 'confirm-stock'), after };
    const flow = defineFlow<object, { type: 'Known' }>()({ service: 'order', policies, startedBy: { Wanted: () => ({}) } });
    const both = givenFlow(flow.chart({ id: 'both', version: '1', type: 'parallel', states: { left, right: over } }), { type: 'Wanted' });
    both.when('Known');
    expect(both.last('TaskClosed')).toMatchObject({ question: 'confirm-stock', how: 'withdrawn', reason: 'superseded' });
    expect(both.instance).toMatchObject({ status: 'ended', tasks: [], deadlines: [] });
    expect(both.dueAt('warehouseAnswer')).toBeUndefined();
  });

  it('later inputs are recorded and change nothing', () => {
    const flow = started().answered('find-goods', 'GoodsMissing');
    const before = flow.instance;
    flow.when('ParcelShipped').thenStrayed(/ended/);
    expect(flow.instance).toEqual({ ...before, streamVersion: before.streamVersion + 1 });
  });
});

describe('a parked flow', () => {
  it('it defers inputs in order', () => {
    const parked: FlowInstance = { ...offered().instance, status: 'parked' };
    const inputs = ['PriceAccepted', 'ParcelShipped'].map((type) => ({ input: { type }, messageId: type, by: 'somebody' }));
    const step = inputs.reduce((at, input) => handleInput(errand, at, input, wanted.promisedAt).instance, parked);
    expect(step.kept.map(({ input }) => input.type)).toEqual(['PriceAccepted', 'ParcelShipped']);
    expect(step.state).toBe('offering');
  });
});

describe('a deadline', () => {
  it('due after its state was left, it is ignored and not deferred', () => {
    const late = { type: 'xstate.after.warehouseAnswer.errand.searching' };
    offered()
      .when(late)
      .thenStrayed(/deadline/)
      .answered('bear-price', 'PriceRefused')
      .then('searching', 'ask warehouse: find-goods');
  });
});

describe('a step', () => {
  it('the deadline carries the policy version under which it was set', () => {
    const [write] = handleInput(
      errand,
      started().instance,
      { input: { type: 'GoodsFound', price: 500 }, messageId: 'm', by: 'x' },
      wanted.promisedAt,
    ).deadlines.filter((d) => d.op === 'set');
    expect(write).toMatchObject({ deadline: { owner: 'errand-1', data: { policy: 'customerDecision', policyVersion: 'errand-1' } } });
  });

  it('it does not modify its arguments', () => {
    const { instance } = started();
    const before = JSON.stringify(instance);
    handleInput(errand, instance, { input: { type: 'GoodsMissing' }, messageId: 'm', by: 'x' }, wanted.promisedAt);
    expect(JSON.stringify(instance)).toBe(before);
  });
});
