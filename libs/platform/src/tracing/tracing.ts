import { z } from 'zod';
import { readConfig } from '../config/config.js';
import type { ProcessLogger } from '../observability/logger.js';
import type { Tracing } from './tracing-sdk.js';

const exporters = ['otlp', 'console', 'none'] as const;
const protocols = ['http/protobuf', 'http/json'] as const;
const flag = z.string().transform((text) => text.toLowerCase() === 'true');
const address = z.url({ protocol: /^https?$/ });

/** The part of OpenTelemetry's standard environment that is evaluated here. The SDK reads the rest. */
const traceConfig = z.object({
  OTEL_SDK_DISABLED: flag.optional(),
  OTEL_TRACES_EXPORTER: z
    .enum(exporters)
    .optional()
    .describe(`one of ${exporters.join(', ')}`),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional().describe('an address (http://host:4318)'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address.optional().describe('an address (http://host:4318/v1/traces)'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(protocols)
    .optional()
    .describe(`one of ${protocols.join(', ')}`),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z
    .enum(protocols)
    .optional()
    .describe(`one of ${protocols.join(', ')}`),
});

/** Span exporter of a process; undefined if none is configured. Throws `WrongConfiguration`. */
export function exportOf(environment: NodeJS.ProcessEnv): 'console' | (typeof protocols)[number] | undefined {
  const config = readConfig(traceConfig, environment);
  const endpoint = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const exporter = config.OTEL_TRACES_EXPORTER ?? (endpoint === undefined ? 'none' : 'otlp');
  if (config.OTEL_SDK_DISABLED || exporter === 'none') return undefined;
  if (exporter === 'console') return 'console';
  return config.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? config.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
}

/** Starts recording and exporting spans as configured. Without configuration the SDK is not loaded. */
export async function startTracing(service: string, log: ProcessLogger, environment: NodeJS.ProcessEnv = process.env): Promise<Tracing> {
  const how = exportOf(environment);
  if (how === undefined) return { stop: async () => undefined };
  const { startSdk } = await import('./tracing-sdk.js');
  return startSdk(service, how, log);
}
