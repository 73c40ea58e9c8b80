import { Controller, Get, Header, Inject } from '@nestjs/common';
import { type CommandDone, commandsDone } from '@orderloom/event-sourcing';
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { RequirePermission } from '../auth/auth.js';
import { Operation } from '../openapi/operation.js';

/** Metrics of a process in the Prometheus text format. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Registry) private readonly registry: Registry) {}

  @Get()
  @RequirePermission('metrics:read')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Operation({ summary: 'Metrics in the text format of Prometheus', answers: { 200: z.string() } })
  read(): Promise<string> {
    return this.registry.metrics();
  }
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures the duration and attempts of this process's commands, by type and result; returns a function that ends the measurement. */
export function measureCommands(registry: Registry): () => void {
  const duration = new Histogram({
    name: 'orderloom_command_duration_seconds',
    help: 'Time from the command to its commit, its refusal or its failure',
    labelNames: ['noun', 'command', 'outcome'],
    buckets,
    registers: [registry],
  });
  const hear = (said: unknown): void => {
    const { decider, command, outcome, seconds } = said as CommandDone;
    duration.labels(decider, command, outcome).observe(seconds);
  };
  commandsDone.subscribe(hear);
  return () => {
    commandsDone.unsubscribe(hear);
  };
}

/** Duration of requests by route and status. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time until the last byte of the answer',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets,
    registers: [registry],
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    duration.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
  });
}

/** One measure: its value, or its value by a label. */
export interface Measure {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  /** A counter that only grows. */
  readonly counts?: boolean;
  /** Called at each scrape. */
  readonly read: () => Promise<number | Readonly<Record<string, number>>>;
}

/** Gauges that are read at each scrape. One that cannot be read is left out. */
export function registerMetrics(registry: Registry, measures: readonly Measure[]): void {
  for (const { name, help, label, counts, read } of measures) {
    const metric = new (counts ? Counter : Gauge)({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [],
      async collect() {
        this.reset();
        const value = await read().catch(() => undefined);
        if (typeof value === 'number') this.inc(value);
        else for (const [of, n] of Object.entries(value ?? {})) this.inc({ [label ?? '']: of }, n);
      },
    });
    registry.registerMetric(metric);
  }
}
