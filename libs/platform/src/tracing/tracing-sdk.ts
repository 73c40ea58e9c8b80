import { diag, DiagLogLevel } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { ProcessLogger } from '../observability/logger.js';

export interface Tracing {
  /** Exports the remaining spans and stops. */
  stop(): Promise<void>;
}

/** Registers the SDK for this process; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over `service`. */
export function startSdk(service: string, how: 'console' | 'http/json' | 'http/protobuf', log: ProcessLogger): Tracing {
  diag.setLogger(complaintsIn(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const own = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'orderloom' });
  const exporter = how === 'console' ? new LogExporter(log) : how === 'http/json' ? new JsonExporter() : new ProtobufExporter();
  const provider = new NodeTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  // an unavailable collector must not prevent the process from ending
  return { stop: () => provider.shutdown().catch((error: unknown) => log.warn({ err: error }, 'spans were not exported')) };
}

/** `console` writes a log line for each span. */
class LogExporter implements SpanExporter {
  constructor(private readonly log: ProcessLogger) {}

  export(spans: readonly ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    for (const span of spans) {
      const { name, attributes, links, parentSpanContext, duration, startTime, status } = span;
      const { traceId, spanId } = span.spanContext();
      const milliseconds = duration[0] * 1000 + duration[1] / 1e6;
      const startedAt = new Date(startTime[0] * 1000 + startTime[1] / 1e6).toISOString();
      const of = { traceId, spanId, parentSpanId: parentSpanContext?.spanId, links: links.map(({ context }) => context.traceId) };
      this.log.info({ span: { name, ...of, startedAt, milliseconds, status: status.code, attributes } }, name);
    }
    done({ code: ExportResultCode.SUCCESS });
  }

  async shutdown(): Promise<void> {}
}

const complaintsIn = (log: ProcessLogger) => {
  const say = (message: string): void => log.warn({ telemetry: message }, 'OpenTelemetry complains');
  return { error: say, warn: say, info: say, debug: say, verbose: say };
};
