import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Refusal } from '@orderloom/kernel';
import { box } from './decider/box.fixture.js';
import { ConsumerBench } from './consumer/consumer-bench.fixture.js';
import { FakeLog, record } from './consumer/fake-log.fixture.js';
import { Relay } from './relay/relay.js';
import { execute } from './decider/execute.js';
import { MemoryStore } from './memory/memory-store.js';
import { type CommandDone, commandsDone } from './telemetry.js';

const exporter = new InMemorySpanExporter();
const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string): ReadableSpan => spans().find((span) => span.name === name) as ReadableSpan;
const traceparent = (span: ReadableSpan): string => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`;
const given = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const put = { type: 'Put', thing: 'a lamp for ada@example.test' } as const;

beforeAll(() => void trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })));
beforeEach(() => exporter.reset());

describe('the span of a command', () => {
  it('it belongs to the trace of its cause, which its events continue', async () => {
    const store = new MemoryStore();
    const { events } = await execute(store, { decider: box, id: '1', command: put, meta: { by: 'ann', trace: given('a') } });
    const span = named('box Put');
    expect(span.parentSpanContext?.spanId).toBe('a'.repeat(16));
    expect(events.map((event) => event.trace)).toEqual([traceparent(span)]);
    expect(span.attributes).toEqual({ 'orderloom.command': 'Put', 'orderloom.stream': 'box-1', 'orderloom.outcome': 'committed' });
  });

  it('the measurement contains its outcome', async () => {
    const done: CommandDone[] = [];
    const hear = (said: unknown): void => void done.push(said as CommandDone);
    commandsDone.subscribe(hear);
    const store = new MemoryStore();
    await execute(store, { decider: box, id: '1', command: { type: 'Close' }, meta: { by: 'ann' } });
    await expect(execute(store, { decider: box, id: '1', command: put, meta: { by: 'ann' } })).rejects.toThrow(Refusal);
    store.commit = () => Promise.reject(new Error('down'));
    await expect(execute(store, { decider: box, id: '2', command: put, meta: { by: 'ann' } })).rejects.toThrow('down');
    commandsDone.unsubscribe(hear);
    expect(done.map(({ decider, command, outcome }) => [decider, command, outcome])).toEqual([
      ['box', 'Close', 'committed'],
      ['box', 'Put', 'refused'],
      ['box', 'Put', 'failed'],
    ]);
    expect(done.every(({ seconds }) => seconds >= 0 && seconds < 5)).toBe(true);
  });
});

describe('the span of a record', () => {
  it('it belongs to the trace of the record, which its effects continue', async () => {
    const bench = new ConsumerBench();
    const heard: (string | undefined)[] = [];
    bench.fail = ({ traceparent: handed }) => void heard.push(handed);
    await bench.start();
    await bench.log.deliver(record(7, { traceparent: given('a') }));
    const span = named('process orderloom.order.events');
    expect(span.parentSpanContext?.traceId).toBe('a'.repeat(32));
    expect(heard).toEqual([traceparent(span)]);
    expect(span.attributes).toEqual({
      'messaging.system': 'fake',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'orderloom.order.events',
      'messaging.destination.partition.id': '0',
      'messaging.kafka.offset': 7,
      'messaging.kafka.message.key': '536365',
      'messaging.consumer.group.name': 'g',
      'messaging.message.id': 'm-7',
      'cloudevents.event_type': 'OrderPlaced',
    });
  });

  it('a record that fails repeatedly has a span per attempt with its outcome', async () => {
    const bench = new ConsumerBench();
    bench.fail = () => {
      throw new TypeError('ada@example.test is no number');
    };
    await bench.start();
    await bench.log.deliver(record(1, {}));
    const span = named('process orderloom.order.events');
    expect(span.events.map(({ name }) => name)).toEqual(['retry', 'retry']);
    expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'TypeError' } });
  });

  it('an unreadable record shows nothing of its content', async () => {
    const bench = new ConsumerBench();
    await bench.start();
    await bench.log.deliver(record(1, {}, { key: 'ada@example.test', value: Buffer.from('{"email":"ada@example.test"') }));
    expect(named('process orderloom.order.events')).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'InvalidInput' } });
    expect(JSON.stringify(spans().map(({ attributes, events, status }) => ({ attributes, events, status })))).not.toContain('ada');
  });
});

describe('the span of the relay', () => {
  async function relayed(...traces: string[]): Promise<void> {
    const [store, log] = [new MemoryStore(), new FakeLog()];
    for (const [n, from] of traces.entries())
      await store.commit({
        meta: { by: 'ann', trace: from },
        appends: [{ stream: `box-${n}`, subject: '1', expected: 'none', events: [{ type: 'ThingPut', data: { thing: 'a lamp' } }] }],
      });
    const published = new Promise<void>((resolve) => (log.beforePublish = () => resolve()));
    const publications = [() => [{ topic: 'orderloom.order.events', type: 'ThingPut', data: {} }]];
    const relay = new Relay({ store, log, source: '/test', publications });
    relay.start();
    await published;
    await relay.stop();
  }

  it("events of one step are sent in a span of that step's trace", async () => {
    await relayed(given('a'), given('a'));
    const span = named('send orderloom.order.events');
    expect([span.parentSpanContext?.spanId, span.links]).toEqual(['a'.repeat(16), []]);
    expect(span.attributes).toMatchObject({
      'messaging.system': 'fake',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'orderloom.order.events',
      'messaging.batch.message_count': 2,
    });
  });

  it('events of several steps are sent in a span linked to each of them', async () => {
    await relayed(given('a'), given('b'), given('a'));
    const span = named('send orderloom.order.events');
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links.map(({ context }) => context.traceId)).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
  });
});
