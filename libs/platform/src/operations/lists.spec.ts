import { TokenKeys } from '@orderloom/dev-services';
import { MemoryStore } from '@orderloom/event-sourcing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { operationsApp } from './operations-app.fixture.js';

const flows = 1203;

describe('the lists of flows and tasks (CS-02)', () => {
  let app: NestFastifyApplication;
  let keys: TokenKeys;
  beforeAll(async () => {
    keys = await TokenKeys.make();
    const store = new MemoryStore();
    const rows = Array.from({ length: flows }, (_, n) => {
      const flowId = `f-${String(n).padStart(4, '0')}`;
      const askedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, flows - n)).toISOString();
      const task = { taskId: `${flowId}.1`, team: n % 2 === 0 ? 'purchasing' : 'warehouse', askedAt };
      return { op: 'put' as const, table: 'flows', key: flowId, row: { flowId, status: n < 3 ? 'ended' : 'active', tasks: [task] } };
    });
    await store.commit({ meta: { by: 'test' }, rows });
    app = await operationsApp(store, keys);
  });
  afterAll(() => app.close());

  const get = async (url: string) => app.inject({ url, headers: { authorization: `Bearer ${await keys.sign('operator', 'kim')}` } });
  const pages = async <Row>(path: string, query: string): Promise<Row[][]> => {
    const response = await get(`${path}${query}`);
    const next = /^<(.+)>; rel="next"$/.exec(String(response.headers['link'] ?? ''))?.[1];
    return [response.json<Row[]>(), ...(next === undefined ? [] : await pages<Row>(path, next))];
  };

  it('every task of running flows is listed, oldest first, 500 per page', async () => {
    const found = await pages<{ askedAt: string }>('/tasks', '');
    expect(found.map((page) => page.length)).toEqual([500, 500, flows - 3 - 1000]);
    const asked = found.flat().map(({ askedAt }) => askedAt);
    expect(asked).toEqual(asked.toSorted());
    expect(new Set(asked).size).toBe(flows - 3);
  });

  it('the filter by team holds on every page', async () => {
    const found = await pages<{ team: string }>('/tasks', '?team=warehouse&limit=400');
    expect(found.map((page) => page.length)).toEqual([400, 201 - 1]);
    expect(new Set(found.flat().map(({ team }) => team))).toEqual(new Set(['warehouse']));
  });

  it('every flow of the filter is listed', async () => {
    const found = await pages<{ flowId: string }>('/flows', '?status=active');
    expect(found.map((page) => page.length)).toEqual([500, 500, flows - 3 - 1000]);
    expect(new Set(found.flat().map(({ flowId }) => flowId)).size).toBe(flows - 3);
  });

  it.each(['/tasks?teams=warehouse', '/flows?state=active', '/parked?page=2'])(
    'unknown parameters are refused by name: %s',
    async (url) => {
      const response = await get(url);
      expect([response.statusCode, response.body]).toEqual([400, expect.stringContaining(/[?](\w+)/.exec(url)?.[1] ?? '')]);
    },
  );
});
