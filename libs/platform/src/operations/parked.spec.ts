import { TokenKeys } from '@orderloom/dev-services';
import { MemoryStore } from '@orderloom/event-sourcing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { operationsApp } from './operations-app.fixture.js';

const [orders, reports] = ['orderloom.storefront.orders', 'orderloom.warehouse.reports'];

describe('the route GET /parked', () => {
  let app: NestFastifyApplication;
  let keys: TokenKeys;
  beforeAll(async () => {
    keys = await TokenKeys.make();
    const store = new MemoryStore();
    const rows = Array.from({ length: 7 }, (_, n) => {
      const id = `q${n}.000000001`;
      const row = { id, group: 'g', queue: `q${n}`, slot: 1, state: 'parked', topic: n < 5 ? orders : reports, size: 10, offset: `${n}` };
      return [
        { op: 'put' as const, table: 'parked', key: id, row },
        { op: 'put' as const, table: 'parked_records', key: id, row: { headers: {}, value: null } },
      ];
    });
    await store.commit({ meta: { by: 'test' }, rows: rows.flat() });
    app = await operationsApp(store, keys);
  });
  afterAll(() => app.close());

  const get = async (url: string, role = 'operator') =>
    app.inject({ url, headers: { authorization: `Bearer ${await keys.sign(role, 'kim')}` } });
  const pages = async (url: string, role?: string): Promise<string[][]> => {
    const response = await get(url, role);
    const next = /^<(.+)>; rel="next"$/.exec(String(response.headers['link'] ?? ''))?.[1];
    const offsets = response.json<{ offset: string }[]>().map(({ offset }) => offset);
    return [offsets, ...(next === undefined ? [] : await pages(`/parked${next}`, role))];
  };

  it('the Link header names the next page, up to the last one', async () => {
    expect(await pages('/parked?limit=3')).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6']]);
    expect(await pages('/parked?limit=7')).toHaveLength(1);
    expect(await pages('/parked')).toHaveLength(1);
  });

  it('a role gets full pages of only its own topics', async () => {
    expect(await pages('/parked?limit=4', 'storefront')).toEqual([['0', '1', '2', '3'], ['4']]);
    expect(await pages('/parked?limit=4', 'warehouse')).toEqual([['5', '6']]);
  });

  it.each(['0', '501', 'x', ''])('the limit "%s" is refused by name', async (limit) => {
    const response = await get(`/parked?limit=${limit}`);
    expect([response.statusCode, response.json<{ errors: { field: string }[] }>().errors[0]?.field]).toEqual([400, 'limit']);
  });

  it('a single record is shown, unless its topic is not permitted', async () => {
    expect((await get('/parked/q6.000000001')).json()).toMatchObject({ offset: '6', record: { value: null } });
    expect((await get('/parked/q6.000000001', 'warehouse')).statusCode).toBe(200);
    expect((await get('/parked/q6.000000001', 'storefront')).statusCode).toBe(404);
    expect((await get('/parked/none')).statusCode).toBe(404);
  });
});
