import { Controller, Module, Post, Put } from '@nestjs/common';
import { MemoryStore } from '@orderloom/event-sourcing';
import { createHttp } from './http.js';
import { EVENT_STORE, Idempotent } from './idempotency.js';
import { createLog } from './logger.js';
import { Operation } from './operation.js';
import { developmentSecret, signDevelopmentToken } from './token.js';

@Controller('wrong')
class WrongController {
  @Post()
  @Operation({ summary: 'Returns no Answer', answers: { 201: null } })
  post() {
    return { done: true };
  }

  @Put()
  @Operation({ summary: 'Asks for an idempotency that a PUT has not', answers: { 200: null } })
  put(@Idempotent() command: object) {
    return command;
  }
}

@Module({ controllers: [WrongController], providers: [{ provide: EVENT_STORE, useValue: new MemoryStore() }] })
class WrongModule {}

@Module({ controllers: [WrongController] })
class StorelessModule {}

const log: string[] = [];
const start = (module: typeof WrongModule) =>
  createHttp(module, {
    info: { title: 'wrong', version: '1' },
    config: { AUTH_DEVELOPMENT: false, AUTH_DEVELOPMENT_SECRET: developmentSecret },
    log: createLog('wrong', 'warn', { write: (text) => void log.push(text) }),
  });

describe('a service written wrong', () => {
  it.each(['POST', 'PUT'] as const)('answers its %s with a 500 and says in the log why', async (method) => {
    const app = await start(WrongModule);
    const authorization = `Bearer ${await signDevelopmentToken(developmentSecret, 'li', 'finance')}`;
    const answer = await app.inject({ method, url: '/wrong', headers: { authorization, 'idempotency-key': method } });
    expect(answer.statusCode).toBe(500);
    expect(log.join('')).toContain(method === 'POST' ? 'a POST handler returns an Answer' : '@Idempotent() is for POST handlers');
    await app.close();
  });

  it('does not start with POST routes and no store', async () => {
    await expect(start(StorelessModule)).rejects.toThrow('event store');
  });
});

describe('a service with the development secret', () => {
  it('warns that everybody knows it', async () => {
    const app = await start(WrongModule);
    expect(log.some((entry) => entry.includes('"level":"warn"') && entry.includes('development secret'))).toBe(true);
    await app.close();
  });
});
