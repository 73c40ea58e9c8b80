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

describe('the published effects of a flow', () => {
  it('a question is published to its team with all that it needs, under the id of the flow', () => {
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

  it('reminders, escalations and withdrawals go to the same topic; answered tasks are not published there', () => {
    expect(on('tasks.warehouse').map(({ type }) => type)).toEqual([
      'TaskAsked',
      'TaskAsked',
      'TaskReminded',
      'TaskEscalated',
      'TaskWithdrawn',
    ]);
  });

  it('a withdrawal names its reason', () => {
    expect(on('tasks.warehouse').at(-1)).toMatchObject({ type: 'TaskWithdrawn', data: { question: 'load-parcel', reason: 'shipped' } });
    expect(on('order.flows').findLast(({ type }) => type === 'TaskClosed')).toMatchObject({
      data: { how: 'withdrawn', reason: 'shipped' },
    });
  });

  it('a command to another service carries the id of the flow', () => {
    expect(on('logistics.commands')).toEqual([
      { topic: 'orderloom.logistics.commands', type: 'HoldShipment', data: { orderNumber: '536365' }, flow: 'errand-1' },
    ]);
  });

  it('a command to the own service is not published', () => {
    expect(published(done()).map(({ type }) => type)).not.toContain('PutThing');
  });

  it('a message to the customer has template, rule and fields', () => {
    const [message] = on('customer.messages');
    expect(message?.data).toEqual({ template: 'errand-done', rule: 'ORD-08', locale: 'en', fields: { orderNumber: '536365' } });
  });

  it('a notice goes to its team, an escalation to the supervisor', () => {
    expect(on('tasks.reviewer').map(({ data }) => data)).toEqual([
      { notice: 'errand-done', subject: '536365', about: { orderNumber: '536365' } },
    ]);
    expect(on('tasks.supervisor').map(({ data }) => data)).toMatchObject([{ notice: 'task-escalated' }]);
  });
});

describe('the published course of a flow', () => {
  it('it has started, asked, moved, due, closed and ended, and no commands', () => {
    expect(on('order.flows').map(({ type }) => type)).toEqual([
      ...['FlowStarted', 'TaskAsked', 'FlowMoved', 'TaskClosed', 'FlowMoved', 'TaskAsked'],
      ...['FlowMoved', 'TaskReminded', 'FlowMoved', 'TaskEscalated', 'FlowMoved', 'TaskClosed', 'FlowEnded'],
    ]);
  });

  it('it shows deferred and ignored inputs', () => {
    const course = on('order.flows', started().when('ThingPut').when('SomethingElse'));
    expect(course.slice(-2)).toMatchObject([
      { type: 'InputKept', data: { input: { type: 'ThingPut' } } },
      { type: 'InputStrayed', data: { input: { type: 'SomethingElse' } } },
    ]);
  });
});

describe('every published message of a flow', () => {
  it('the message satisfies its contract strictly', () => {
    const flows = [done(), started().when('ThingPut').when('SomethingElse').due('warehouseAnswer').answered('find-goods', 'GoodsMissing')];
    expect(flows.flatMap(published).flatMap(({ topic, type, data }) => messageFaults(topic, type, data))).toEqual([]);
  });

  it('events of aggregates are not published by flows', () => {
    expect(publish(recorded({ type: 'OrderPlaced', data: {} }, 'order-536365'))).toEqual([]);
  });
});
