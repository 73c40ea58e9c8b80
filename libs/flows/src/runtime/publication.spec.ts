import type { RecordedEvent } from '@orderloom/event-sourcing';
import { flowPublication } from './publication.js';
import { messageFaults } from '../testing/contract-fit.js';
import { errand } from '../testing/errand.fixture.js';
import { type FlowCase, givenFlow } from '../testing/given-flow.js';

const wanted = { type: 'GoodsWanted', orderNumber: '536365', promisedAt: '2010-12-10T09:00:00.000000Z', budget: 100 };
const started = () => givenFlow(errand, wanted);
const done = () =>
  started().answered('find-goods', 'GoodsFound', { price: 50 }).when('ThingPut').due('promise').due('promise').when('ParcelShipped');

const publish = flowPublication('order');
const recorded = (event: object, stream = 'flow-errand-1') => ({ ...event, stream, subject: '536365' }) as unknown as RecordedEvent;
const published = (flow: FlowCase) => flow.said.flatMap((event) => publish(recorded(event)));
const on = (topic: string, flow = done()) => published(flow).filter((message) => message.topic === `orderloom.${topic}`);

describe('what a flow does', () => {
  it('is asked of a team with all that it needs to answer, under the id of the flow', () => {
    expect(on('tasks.warehouse')[0]).toEqual({
      topic: 'orderloom.tasks.warehouse',
      type: 'TaskAsked',
      data: {
        ...{ taskId: 'errand-1.2', subject: '536365', question: 'find-goods', rule: 'LOG-09', about: { orderNumber: '536365' } },
        ...{ answers: ['GoodsFound', 'GoodsMissing'], dueAt: '2010-12-02T09:00:00.000000Z' },
      },
      flow: 'errand-1',
    });
  });

  it('is reminded of, escalated and withdrawn where it was asked; that it was answered the team knows', () => {
    expect(on('tasks.warehouse').map(({ type }) => type)).toEqual([
      'TaskAsked',
      'TaskAsked',
      'TaskReminded',
      'TaskEscalated',
      'TaskWithdrawn',
    ]);
  });

  it('is withdrawn with the reason', () => {
    expect(on('tasks.warehouse').at(-1)).toMatchObject({ type: 'TaskWithdrawn', data: { question: 'load-parcel', reason: 'shipped' } });
    expect(on('order.flows').findLast(({ type }) => type === 'TaskClosed')).toMatchObject({
      data: { how: 'withdrawn', reason: 'shipped' },
    });
  });

  it('is sent as a command to another service, to be answered with the id of the flow', () => {
    expect(on('logistics.commands')).toEqual([
      { topic: 'orderloom.logistics.commands', type: 'HoldShipment', data: { orderNumber: '536365' }, flow: 'errand-1' },
    ]);
  });

  it('is not sent to the own service: that was done with the step', () => {
    expect(published(done()).map(({ type }) => type)).not.toContain('PutThing');
  });

  it('is said to the customer by template, rule and fields', () => {
    const [message] = on('customer.messages');
    expect(message?.data).toEqual({ template: 'errand-done', rule: 'ORD-08', locale: 'en', fields: { orderNumber: '536365' } });
  });

  it('is a notice to a team, and to the supervisor where a task is escalated', () => {
    expect(on('tasks.reviewer').map(({ data }) => data)).toEqual([
      { notice: 'errand-done', subject: '536365', about: { orderNumber: '536365' } },
    ]);
    expect(on('tasks.supervisor').map(({ data }) => data)).toMatchObject([{ notice: 'task-escalated' }]);
  });
});

describe('the course of a flow', () => {
  it('is published: started, asked, moved, due, closed, ended; without what was asked and done', () => {
    expect(on('order.flows').map(({ type }) => type)).toEqual([
      ...['FlowStarted', 'TaskAsked', 'FlowMoved', 'TaskClosed', 'FlowMoved', 'TaskAsked'],
      ...['FlowMoved', 'TaskReminded', 'FlowMoved', 'TaskEscalated', 'FlowMoved', 'TaskClosed', 'FlowEnded'],
    ]);
  });

  it('shows what was kept and what strayed', () => {
    const course = on('order.flows', started().when('ThingPut').when('SomethingElse'));
    expect(course.slice(-2)).toMatchObject([
      { type: 'InputKept', data: { input: { type: 'ThingPut' } } },
      { type: 'InputStrayed', data: { input: { type: 'SomethingElse' } } },
    ]);
  });
});

describe('every message of a flow', () => {
  it('is as its contract says, strictly', () => {
    const flows = [done(), started().when('ThingPut').when('SomethingElse').due('warehouseAnswer').answered('find-goods', 'GoodsMissing')];
    expect(flows.flatMap(published).flatMap(({ topic, type, data }) => messageFaults(topic, type, data))).toEqual([]);
  });

  it('is of a flow: events of nouns are none of its business', () => {
    expect(publish(recorded({ type: 'OrderPlaced', data: {} }, 'order-536365'))).toEqual([]);
  });
});
