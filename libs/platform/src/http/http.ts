import type { DynamicModule, Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EventStore } from '@orderloom/event-sourcing';
import { Registry } from 'prom-client';
import { AuthGuard } from '../auth/auth.js';
import { ZodValidationPipe } from './input/zod-validation.pipe.js';
import { HealthController, HealthRegistry } from '../health/health.js';
import { measureRequests, MetricsController } from '../observability/metrics.js';
import { EVENT_STORE, IdempotencyInterceptor } from './commands/idempotency.js';
import { nestLog, type ProcessLogger } from '../observability/logger.js';
import { openApiOf, type OpenApiInfo } from '../openapi/openapi.js';
import { UnsealResponseInterceptor } from '../privacy/unseal-response.interceptor.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RouteTable } from './route-table.js';
import type { Sealing } from '../privacy/sealing.js';
import { fastifyAdapter } from './server.js';
import { tokenReader, type TokenRules } from '../auth/token.js';

export interface HttpOptions {
  readonly info: OpenApiInfo;
  readonly tokens: TokenRules;
  readonly log: ProcessLogger;
  /** Unseals personal data in responses. */
  readonly sealing?: Sealing;
  /** Registry for request metrics and `GET /metrics`; a new one by default. */
  readonly metrics?: Registry;
  /** Maximum bytes of a body, 1 MiB by default; more is a 413. */
  readonly bodyLimit?: number;
}

class HttpEdge {}

/**
 * The HTTP server of a service, initialised and not yet listening: `module`'s controllers behind problems, input schemas,
 * tokens and idempotency, with `/health/live`, `/health/ready` and `/openapi.json`, which need no token. A module with POST routes provides `EVENT_STORE`.
 */
export async function createHttp(module: Type | DynamicModule, options: HttpOptions): Promise<NestFastifyApplication> {
  const { tokens, log, metrics = new Registry() } = options;
  const routes = new RouteTable();
  const problems = new ProblemFilter(log, routes);
  const app = await NestFactory.create<NestFastifyApplication>(
    edge(module, metrics),
    fastifyAdapter(problems, routes, log, options.bodyLimit),
    {
      logger: nestLog(log),
      bodyParser: false,
      abortOnError: false,
    },
  );
  measureRequests(app.getHttpAdapter().getInstance(), metrics);
  app.useGlobalFilters(problems);
  app.useGlobalGuards(new AuthGuard(tokenReader(tokens)));
  app.useGlobalPipes(new ZodValidationPipe());
  const controllers = app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => (metatype ? [metatype as Type] : []));
  const document = openApiOf(controllers, options.info);
  if (options.sealing) app.useGlobalInterceptors(new UnsealResponseInterceptor(options.sealing));
  if (Object.values(document.paths).some((path) => 'post' in path))
    app.useGlobalInterceptors(new IdempotencyInterceptor(app.get<EventStore>(EVENT_STORE, { strict: false }), options.sealing));
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', () => document);
  return app.init();
}

function edge(module: Type | DynamicModule, metrics: Registry): DynamicModule {
  return {
    module: HttpEdge,
    imports: [DiscoveryModule, module],
    controllers: [HealthController, MetricsController],
    providers: [HealthRegistry, { provide: Registry, useValue: metrics }],
  };
}
