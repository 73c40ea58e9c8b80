import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Refusal } from '@orderloom/kernel';
import { traced } from './tracing.js';

const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const other = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`;
const asked: string[] = [];
const notes = {
  name: 'work',
  links: () => (asked.push('links'), [other, other, undefined, 'nonsense']),
  attributes: () => (asked.push('attributes'), { 'orderloom.command': 'Put' }),
};
const traceOf = (parent?: string) => traced({ ...notes, parent }, async (span) => span.trace);

// In this order: a registration is permanent.
describe('without an SDK', () => {
  it('the trace of the cause is passed on unchanged, without computing attributes', async () => {
    expect([await traceOf(caller), await traceOf(other), await traceOf()]).toEqual([caller, other, undefined]);
    expect(asked).toEqual([]);
  });

  it.each(['nonsense', '00-x', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`])(
    'the invalid traceparent %s is dropped',
    async (parent) => expect(await traceOf(parent)).toBeUndefined(),
  );
});

describe('with an SDK', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => void trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })));
  beforeEach(() => exporter.reset());
  const only = () => exporter.getFinishedSpans()[0];

  it('a span belongs to the trace of its cause and is linked once to each other trace', async () => {
    const mine = await traceOf(caller);
    expect(only()?.parentSpanContext).toMatchObject({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isRemote: true });
    expect(mine).toBe(`00-${'a'.repeat(32)}-${only()?.spanContext().spanId}-01`);
    expect(only()?.links.map(({ context }) => context.traceId)).toEqual(['c'.repeat(32)]);
    expect(only()?.attributes).toEqual({ 'orderloom.command': 'Put' });
  });

  it('a trace is begun if there is none', async () => {
    expect(await traceOf()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(only()?.parentSpanContext).toBeUndefined();
  });

  it('an unsampled trace is passed on without recording', async () => {
    expect(await traceOf(other)).toMatch(new RegExp(`^00-${'c'.repeat(32)}-(?!d{16})[0-9a-f]{16}-00$`));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('a span of failed work has the kind of the error, not its message', async () => {
    const failing = traced({ name: 'work' }, () => Promise.reject(new TypeError('ada@example.test is no number')));
    await expect(failing).rejects.toThrow(TypeError);
    expect(only()).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'TypeError' }, events: [] });
    expect(only()?.status.message).toBeUndefined();
  });

  it('a refusal by a rule is not a failure', async () => {
    const refused = traced({ name: 'work' }, () => Promise.reject(new Refusal('too-late', 'Ada’s parcel has shipped')));
    await expect(refused).rejects.toThrow(Refusal);
    expect(only()).toMatchObject({ status: { code: 0 }, attributes: { 'orderloom.refusal': 'too-late' } });
  });
});
