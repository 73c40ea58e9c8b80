import { Controller, Module, Post, Put } from '@nestjs/common';
import { TokenKeys } from '@orderloom/dev-services';
import { MemoryStore } from '@orderloom/event-sourcing';
import { RequirePermission } from '../auth/auth.js';
import { createHttp } from './http.js';
import { EVENT_STORE, Idempotent } from './commands/idempotency.js';
import { createLog } from '../observability/logger.js';
import { Operation } from '../openapi/operation.js';

@Controller('wrong')
class WrongController {
  @Post()
  @RequirePermission('refund:file')
  @Operation({ summary: 'Returns no Answer', answers: { 201: null } })
  post() {
    return { done: true };
  }

  @Put()
  @RequirePermission('refund:file')
  @Operation({ summary: 'Asks for an idempotency that a PUT has not', answers: { 200: null } })
  put(@Idempotent() command: object) {
    return command;
  }
}

@Module({ controllers: [WrongController], providers: [{ provide: EVENT_STORE, useValue: new MemoryStore() }] })
class WrongModule {}

@Module({ controllers: [WrongController] })
class StorelessModule {}

const keys = await TokenKeys.make();
const log: string[] = [];
const start = (module: typeof WrongModule) =>
  createHttp(module, {
    info: { title: 'wrong', version: '1' },
    tokens: { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' },
    log: createLog('wrong', 'warn', { destination: { write: (text) => void log.push(text) } }),
  });

describe('a service with a programming error', () => {
  it.each(['POST', 'PUT'] as const)('a wrong %s route is a 500, and the log has the reason', async (method) => {
    const app = await start(WrongModule);
    const authorization = `Bearer ${await keys.sign('finance', 'li')}`;
    const answer = await app.inject({ method, url: '/wrong', headers: { authorization, 'idempotency-key': method } });
    expect(answer.statusCode).toBe(500);
    expect(log.join('')).toContain(method === 'POST' ? 'invalid result of a POST handler' : '@Idempotent() is for POST handlers');
    await app.close();
  });

  it('POST routes without a store prevent the start', async () => {
    await expect(start(StorelessModule)).rejects.toThrow('event store');
  });
});
