import { TokenKeys } from '@orderloom/dev-services';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { ExampleModule, WatchedStore } from './example.fixture.js';
import { createHttp } from './http.js';
import { EVENT_STORE } from './commands/idempotency.js';
import { createLog } from '../observability/logger.js';
import type { Sealing } from '../privacy/sealing.js';

export const refund = { orderNumber: '536365', lines: [{ sku: '85123A', quantity: 2 }] };

/** The example service, started; `log` holds what it logged. */
export interface ExampleServer {
  readonly app: NestFastifyApplication;
  readonly store: WatchedStore;
  readonly log: string[];
  /** Its tokens are the ones that count. */
  readonly keys: TokenKeys;
  /** Sends a request with a token of `finance:li`. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Files a refund by POST with an Idempotency-Key. */
  file(key: string, payload?: unknown): Promise<LightMyRequestResponse>;
  tokenOf(sub: string, role: string): Promise<string>;
}

export async function startExample(sealing?: Sealing): Promise<ExampleServer> {
  const log: string[] = [];
  const keys = await TokenKeys.make();
  const app = await createHttp(ExampleModule, {
    info: { title: 'refund', version: '0.1.0' },
    tokens: { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' },
    log: createLog('refund', 'trace', { destination: { write: (text) => void log.push(text) } }),
    ...(sealing && { sealing }),
  });
  const tokenOf = async (sub: string, role: string) => `Bearer ${await keys.sign(role, sub)}`;
  const authorization = await tokenOf('li', 'finance');
  const send = (request: InjectOptions) => app.inject({ ...request, headers: { authorization, ...request.headers } });
  const file = (key: string, payload: unknown = refund) =>
    send({
      method: 'POST',
      url: '/refunds',
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    });
  return { app, store: app.get<WatchedStore>(EVENT_STORE, { strict: false }), log, keys, send, file, tokenOf };
}
