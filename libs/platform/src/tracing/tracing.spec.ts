import { trace } from '@opentelemetry/api';
import { beginSpan } from '@orderloom/messaging';
import { createLog } from '../observability/logger.js';
import { exportOf, startTracing } from './tracing.js';

const lines: { msg: string; span?: Record<string, unknown> }[] = [];
const log = createLog('order', 'info', { destination: { write: (text) => void lines.push(JSON.parse(text) as (typeof lines)[number]) } });

describe('the export of spans', () => {
  it.each([
    ['nowhere unless somebody says so', {}, undefined],
    ['to an endpoint, by the protocol that is usual', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http/protobuf'],
    ['to an endpoint of traces alone', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, 'http/protobuf'],
    ['to where a collector usually is', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
    ['as JSON', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
    [
      'as the protocol of traces says',
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'http/json',
    ],
    ['into the log', { OTEL_TRACES_EXPORTER: 'console', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'console'],
    ['nowhere, by name', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, undefined],
    ['nowhere, the SDK being disabled', { OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' }, undefined],
  ] as const)('%s', (_, environment, expected) => {
    expect(exportOf(environment)).toBe(expected);
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER must be one of otlp, console, none.'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json.'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must be an address (http://host:4318).'],
  ])('an export that the process cannot do is refused: %j', (environment, sentence) => {
    expect(() => exportOf(environment)).toThrow(sentence);
  });
});

// in this order: what is registered stays
describe('a process with tracing', () => {
  it('without an export it records nothing and loads no SDK', async () => {
    await startTracing('order', log, {});
    expect(beginSpan({ name: 'work' }).recorded).toBe(false);
    expect(trace.getTracer('any').startSpan('work').isRecording()).toBe(false);
  });

  it('with an export to its log it logs each span in a line', async () => {
    const tracing = await startTracing('order', log, { OTEL_TRACES_EXPORTER: 'console' });
    beginSpan({ name: 'box Put', attributes: () => ({ 'orderloom.command': 'Put' }) }).end();
    await tracing.stop();
    expect(lines.at(-1)).toMatchObject({ msg: 'box Put', span: { name: 'box Put', attributes: { 'orderloom.command': 'Put' } } });
  });
});
