import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { ExampleModule, WatchedStore } from './example.fixture.js';
import { createHttp } from './http.js';
import { EVENT_STORE } from './idempotency.js';
import { createLog } from './logger.js';
import { signDevelopmentToken } from './token.js';

export const secret = 'a secret of the tests, long enough to sign';
export const refund = { orderNumber: '536365', lines: [{ sku: '85123A', quantity: 2 }] };

/** The example service, started; `log` holds what it logged. */
export interface ExampleServer {
  readonly app: NestFastifyApplication;
  readonly store: WatchedStore;
  readonly log: string[];
  /** Sends a request with a token of `finance:li`. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Files a refund by POST with an Idempotency-Key. */
  file(key: string, payload?: unknown): Promise<LightMyRequestResponse>;
  tokenOf(sub: string, role: string): Promise<string>;
}

export async function startExample(development = false): Promise<ExampleServer> {
  const log: string[] = [];
  const app = await createHttp(ExampleModule, {
    info: { title: 'refund', version: '0.1.0' },
    config: { AUTH_DEVELOPMENT: development, AUTH_DEVELOPMENT_SECRET: secret },
    log: createLog('refund', 'trace', { write: (text) => void log.push(text) }),
  });
  const tokenOf = async (sub: string, role: string) => `Bearer ${await signDevelopmentToken(secret, sub, role)}`;
  const authorization = await tokenOf('li', 'finance');
  const send = (request: InjectOptions) => app.inject({ ...request, headers: { authorization, ...request.headers } });
  const file = (key: string, payload: unknown = refund) =>
    send({
      method: 'POST',
      url: '/refunds',
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    });
  return { app, store: app.get<WatchedStore>(EVENT_STORE, { strict: false }), log, send, file, tokenOf };
}
