import { TokenKeys } from '@orderloom/dev-services';
import { MemoryStore } from '@orderloom/event-sourcing';
import type { RecountProgress } from '@orderloom/flows';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { operationsApp } from './operations-app.fixture.js';

const progress = (version: string, seenAt: string, change: Partial<RecountProgress>): RecountProgress => ({
  ...{ version, seenAt, status: 'done', flows: 9, moved: 4, withoutBase: 0, uncountable: 0, failed: 1 },
  ...change,
});

describe('the recounts of a service over HTTP (CS-02)', () => {
  let app: NestFastifyApplication;
  let keys: TokenKeys;
  beforeAll(async () => {
    keys = await TokenKeys.make();
    const store = new MemoryStore();
    const statuses = ['active', 'active', 'ended', 'parked', 'active'];
    const flows = statuses.map((status, n) => ({ op: 'put' as const, table: 'flows', key: `f-${n}`, row: { flowId: `f-${n}`, status } }));
    const recounts = [
      progress('settings-2', '2026-01-02T00:00:00.000000Z', {}),
      progress('settings-3', '2026-01-03T00:00:00.000000Z', { status: 'running', after: 'f-1', flows: 2, moved: 1, failed: 0 }),
      progress('settings-4', '2026-01-04T00:00:00.000000Z', { status: 'waiting', flows: 0, moved: 0, failed: 0 }),
    ].map((row) => ({ op: 'put' as const, table: 'flow_recounts', key: row.version, row }));
    await store.commit({ meta: { by: 'test' }, rows: [...flows, ...recounts] });
    app = await operationsApp(store, keys);
  });
  afterAll(() => app.close());

  const get = async (role: string) =>
    app.inject({ url: '/recounts', headers: { authorization: `Bearer ${await keys.sign(role, 'kim')}` } });

  it('are listed newest first with the flows looked at, left and failed', async () => {
    expect((await get('operations')).json()).toEqual([
      {
        version: 'settings-4',
        seenAt: '2026-01-04T00:00:00.000000Z',
        status: 'waiting',
        ...{ flows: 0, moved: 0, failed: 0, left: 4 },
        ...none,
      },
      {
        version: 'settings-3',
        seenAt: '2026-01-03T00:00:00.000000Z',
        status: 'running',
        ...{ flows: 2, moved: 1, failed: 0, left: 2 },
        ...none,
      },
      {
        version: 'settings-2',
        seenAt: '2026-01-02T00:00:00.000000Z',
        status: 'done',
        ...{ flows: 9, moved: 4, failed: 1, left: 0 },
        ...none,
      },
    ]);
  });

  it.each(['supervisor', 'operator'])('may be read by %s', async (role) => {
    expect((await get(role)).statusCode).toBe(200);
  });

  it('may not be read by a team', async () => {
    expect((await get('warehouse')).statusCode).toBe(403);
  });
});

const none = { withoutBase: 0, uncountable: 0 };
