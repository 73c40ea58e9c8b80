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
  it('hands on the trace of the cause as it is, and asks for nothing that costs', async () => {
    expect([await traceOf(caller), await traceOf(other), await traceOf()]).toEqual([caller, other, undefined]);
    expect(asked).toEqual([]);
  });

  it.each(['nonsense', '00-x', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`])(
    'hands on nothing of %s',
    async (parent) => expect(await traceOf(parent)).toBeUndefined(),
  );
});

describe('with an SDK', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => void trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })));
  beforeEach(() => exporter.reset());
  const only = () => exporter.getFinishedSpans()[0];

  it('is a span of the trace of its cause, linked to others once each', async () => {
    const mine = await traceOf(caller);
    expect(only()?.parentSpanContext).toMatchObject({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isRemote: true });
    expect(mine).toBe(`00-${'a'.repeat(32)}-${only()?.spanContext().spanId}-01`);
    expect(only()?.links.map(({ context }) => context.traceId)).toEqual(['c'.repeat(32)]);
    expect(only()?.attributes).toEqual({ 'orderloom.command': 'Put' });
  });

  it('begins a trace where there is none', async () => {
    expect(await traceOf()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(only()?.parentSpanContext).toBeUndefined();
  });

  it('records nothing of a trace that its beginner did not record, and hands that on', async () => {
    expect(await traceOf(other)).toMatch(new RegExp(`^00-${'c'.repeat(32)}-(?!d{16})[0-9a-f]{16}-00$`));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('has failed where the work throws, and says what kind of error, not its words', async () => {
    const failing = traced({ name: 'work' }, () => Promise.reject(new TypeError('ada@example.test is no number')));
    await expect(failing).rejects.toThrow(TypeError);
    expect(only()).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'TypeError' }, events: [] });
    expect(only()?.status.message).toBeUndefined();
  });

  it('has not failed where a rule refuses', async () => {
    const refused = traced({ name: 'work' }, () => Promise.reject(new Refusal('too-late', 'Ada’s parcel has shipped')));
    await expect(refused).rejects.toThrow(Refusal);
    expect(only()).toMatchObject({ status: { code: 0 }, attributes: { 'orderloom.refusal': 'too-late' } });
  });
});
