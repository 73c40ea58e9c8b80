import type { TokenKeys } from '@orderloom/dev-services';
import { Consumer, type MemoryStore } from '@orderloom/event-sourcing';
import { FlowRuntime } from '@orderloom/flows';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttp } from '../http/http.js';
import { createLog } from '../observability/logger.js';
import type { Sealing } from '../privacy/sealing.js';
import type { ServiceDefinition } from '../service/service-definition.js';
import { serviceModule } from '../service/service.js';

const definition = { name: 'order', controllers: [], providers: [] } as unknown as ServiceDefinition;

/** The HTTP application of a service without flows over `store`; it trusts tokens of `keys`. */
export function operationsApp(store: MemoryStore, keys: TokenKeys): Promise<NestFastifyApplication> {
  const consumer = new Consumer({ store, log: {} as never, group: 'g', subscriptions: [] });
  const runtime = new FlowRuntime({ store, service: 'order', flows: [], commands: {} });
  const sealing = { unseal: async (value: unknown) => value } as Sealing;
  return createHttp(serviceModule(definition, { store, runtime, consumer, retries: { list: () => [] }, sealing }), {
    ...{ info: { title: 'order', version: '0' }, log: createLog('order', 'silent') },
    tokens: { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' },
  });
}
