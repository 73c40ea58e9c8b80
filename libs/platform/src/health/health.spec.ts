import { jest } from '@jest/globals';
import { type ExampleServer, startExample } from '../http/example-server.fixture.js';
import { HealthRegistry } from './health.js';

let server: ExampleServer;
beforeEach(async () => void (server = await startExample()));
afterEach(() => server.app.close());

const ready = () => server.app.inject({ url: '/health/ready' });

describe('the health endpoints', () => {
  it('a service is live as soon as it responds', async () => {
    expect((await server.app.inject({ url: '/health/live' })).json()).toEqual({ status: 'up' });
  });

  it('a service is ready if every check succeeds', async () => {
    server.app.get(HealthRegistry).add('relay', async () => ({ ok: true, detail: 'lag 0' }));
    const answer = await ready();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'up', checks: { relay: { ok: true, detail: 'lag 0' } } });
  });

  it('a failing or throwing check is a 503 problem that names it without secrets', async () => {
    const registry = server.app.get(HealthRegistry);
    registry.add('relay', async () => ({ ok: false, detail: 'halted' }));
    registry.add('database', () => Promise.reject(new Error('password hunter2')));
    registry.add('log', async () => ({ ok: true }));
    const answer = await ready();
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      status: 503,
      code: 'not-ready',
      detail: 'Not ready: relay, database.',
      checks: { relay: { ok: false, detail: 'halted' }, database: { ok: false, detail: 'the check failed' }, log: { ok: true } },
    });
  });

  it('the work in progress of all workers is reported', async () => {
    const registry = server.app.get(HealthRegistry);
    let idle = true;
    registry.addWorker(() => ({ idle: true, done: 3 }));
    registry.addWorker(() => ({ idle, done: 4, hears: ['t'], handled: { 't/0': 7 }, produced: { 'u/1': 3 } }));
    const read = async () =>
      (await server.send({ url: '/health/work', headers: { authorization: await server.tokenOf('ops', 'operator') } })).json();
    expect(await read()).toEqual({ idle: true, done: 7, hears: ['t'], handled: { 't/0': 7 }, produced: { 'u/1': 3 } });
    idle = false;
    expect(await read()).toMatchObject({ idle: false, done: 7 });
  });

  it('a check that does not respond in time fails', async () => {
    const registry = new HealthRegistry();
    registry.add('slow', () => new Promise(() => {}));
    jest.useFakeTimers();
    const read = registry.read();
    jest.advanceTimersByTime(2_000);
    jest.useRealTimers();
    expect(await read).toEqual({ slow: { ok: false, detail: 'no answer within 2000 ms' } });
  });
});
