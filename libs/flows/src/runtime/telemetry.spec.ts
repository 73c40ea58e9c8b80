import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { TestService } from '../testing/runtime.fixture.js';

const exporter = new InMemorySpanExporter();
const spans = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
const cause = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const idOf = (traceparent: string | undefined) => traceparent?.split('-')[2];

beforeAll(() => void trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })));
beforeEach(() => exporter.reset());

let service: TestService;
beforeEach(() => (service = new TestService()));

describe('the span of a step', () => {
  it('it belongs to the trace of its cause, names its outcome, and its events and local commands continue the trace', async () => {
    await service.runtime.handleEvent({ ...service.wanted(), traceparent: cause });
    const { flowId } = await service.one();
    await service.runtime.handleTaskAnswer({ ...(await service.answered({ type: 'GoodsFound', price: 50 })), traceparent: cause });
    const [begun, moved] = spans('flow errand');
    expect(begun?.parentSpanContext?.spanId).toBe('b'.repeat(16));
    expect(moved?.attributes).toMatchObject({
      'orderloom.flow.id': flowId,
      'orderloom.flow.name': 'errand',
      'orderloom.flow.version': '1',
      'orderloom.flow.from': 'searching',
      'orderloom.flow.input': 'GoodsFound',
      'orderloom.flow.commands': ['PutThing'],
      'orderloom.outcome': 'moved',
    });
    expect(moved?.attributes['orderloom.rule']).toMatch(/^[A-Z]+-\d\d$/);
    const events = [...(await service.store.load(`flow-${flowId}`)).events, ...(await service.store.load('box-536365')).events];
    const known = new Set([begun, moved].map((span) => span?.spanContext().spanId));
    expect(events.length).toBeGreaterThan(3);
    expect(events.filter((event) => !known.has(idOf(event.trace))).map(({ type }) => type)).toEqual([]);
  });

  it('it contains no data of the input', async () => {
    const wanted = service.wanted();
    await service.runtime.handleEvent({ ...wanted, data: { ...wanted.data, name: 'Ada Lovelace' } });
    expect(spans('flow errand')).toHaveLength(1);
    expect(JSON.stringify(spans('flow errand')[0]?.attributes)).not.toContain('Ada');
  });
});

describe('the span of a fired deadline', () => {
  it('it begins a trace that is linked to the step that set the deadline', async () => {
    await service.runtime.handleEvent({ ...service.wanted(), traceparent: cause });
    const [begun] = spans('flow errand');
    service.store.advance(30 * 24 * 3600);
    const [deadline] = await service.store.due(1);
    expect(deadline && (await service.runtime.fireDeadline(deadline))).toBe('moved');
    const [fired] = spans('deadline warehouseAnswer');
    expect(fired?.parentSpanContext).toBeUndefined();
    expect(fired?.links.map(({ context }) => context.spanId)).toEqual([begun?.spanContext().spanId]);
    const step = spans('flow errand')[1];
    expect(step?.parentSpanContext?.spanId).toBe(fired?.spanContext().spanId);
  });
});
