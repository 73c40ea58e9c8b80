import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { type ExampleServer, refund, startExample } from '../http/example-server.fixture.js';

const exporter = new InMemorySpanExporter();
const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name);
const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

let server: ExampleServer;
beforeAll(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  server = await startExample();
});
beforeEach(() => exporter.reset());
afterAll(() => server.app.close());

describe('the span of a request', () => {
  it('it belongs to the trace of the caller, which its command and events continue', async () => {
    const headers = { 'idempotency-key': 'k', traceparent: caller };
    await server.send({ method: 'POST', url: '/refunds', headers, payload: refund });
    const request = named('POST /refunds');
    expect(request).toMatchObject({
      kind: 1,
      parentSpanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/refunds',
        'http.response.status_code': 201,
        'url.scheme': 'http',
      },
    });
    const command = named('refund');
    expect(command?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(server.store.units.at(-1)?.meta.trace).toBe(`00-${'a'.repeat(32)}-${command?.spanContext().spanId}-01`);
  });

  it('it has failed if the service failed, not if the caller did', async () => {
    await server.file('broken', { ...refund, orderNumber: 'broken' });
    await server.file('refused', { ...refund, orderNumber: 'shipped' });
    const of = (status: number) => spans().find((span) => span.attributes['http.response.status_code'] === status);
    expect(of(500)).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '500' } });
    expect(of(409)).toMatchObject({ status: { code: 0 } });
  });

  it('it contains nothing of path, query, body, token or key', async () => {
    const secret = 'ada@example.test';
    await server.send({ url: `/refunds/${secret.slice(0, 9)}` });
    await server.send({ url: `/refunds?text=${secret}` });
    await server.send({ url: `/nowhere/${secret}` });
    await server.file(secret, { ...refund, note: secret });
    const told = spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
    expect(told.map(({ name }) => name)).toEqual(['GET /refunds/:orderNumber', 'GET /refunds', 'GET', 'refund', 'POST /refunds']);
    expect(JSON.stringify(told)).not.toMatch(/ada|eyJ|Bearer|finance|li\b/);
  });

  it('health checks and metrics have no span', async () => {
    await server.send({ url: '/health/live' });
    await server.send({ url: '/health/ready' });
    await server.send({ url: '/metrics' });
    expect(spans()).toEqual([]);
  });
});
