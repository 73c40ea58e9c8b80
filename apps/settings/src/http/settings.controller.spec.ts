import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { defaultSettings, type SettingsInput } from '@orderloom/contracts';
import { TokenKeys } from '@orderloom/dev-services';
import { MemoryStore } from '@orderloom/event-sourcing';
import { FlowRuntime } from '@orderloom/flows';
import { NotFound } from '@orderloom/kernel';
import { createHttp, createLog, type Sealing, serviceModule } from '@orderloom/platform';
import { settings } from '../settings.module.js';

const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', returns: { address } };
const document: SettingsInput = { storefronts: { 'shop-cn': shop } };
const other: SettingsInput = { ...document, authority: { offersAtMost: 5 } };

const keys = await TokenKeys.make();
let store: MemoryStore;
let app: NestFastifyApplication;

beforeEach(async () => {
  store = new MemoryStore();
  store.setNow('2026-11-29T09:00:00.000000Z');
  const consumer = {
    parked: async () => [],
    parkedRecord: async () => Promise.reject(new NotFound('parked record')),
    redrive: async () => 0,
    dismiss: async () => undefined,
  };
  const runtime = new FlowRuntime({ store, service: 'settings', flows: [], commands: {} });
  const parts = { store, runtime, consumer, retries: { list: () => [] }, sealing: {} as Sealing };
  app = await createHttp(serviceModule(settings, parts), {
    info: { title: 'settings', version: '0' },
    tokens: { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' },
    log: createLog('settings', 'silent'),
  });
});
afterEach(() => app.close());

const headersOf = async (role: string) => ({ authorization: `Bearer ${await keys.sign(role, 'olga')}` });
const get = async (url: string, role = 'analyst') =>
  (await app.inject({ url, headers: await headersOf(role) })).json<Record<string, unknown>>();
async function post(url: string, payload: object, role = 'operations', key: string = randomUUID()) {
  const answer = await app.inject({ method: 'POST', url, payload, headers: { ...(await headersOf(role)), 'idempotency-key': key } });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}
const apply = (payload: object, role?: string, key?: string) => post('/settings', payload, role, key);

describe('settings over HTTP (CS-02)', () => {
  it('without an applied version the defaults are shown as version 0', async () => {
    const none = { version: 0, latest: 0, effectiveFrom: null, by: null };
    expect(await get('/settings')).toEqual({ ...none, document: JSON.parse(JSON.stringify(defaultSettings)) as object });
    expect(await get('/settings?version=0')).toMatchObject(none);
    expect(await get('/settings/history')).toEqual({ versions: [] });
  });

  it('only permitted roles may apply settings, and the version records the actor', async () => {
    expect(await apply({ expected: 0, document }, 'service')).toMatchObject({ status: 403 });
    expect(await apply({ expected: 0, document, reason: 'China opens' })).toEqual({
      status: 200,
      body: { version: 1, effectiveFrom: '2026-11-29T09:00:00.000000Z' },
    });
    expect(await get('/settings')).toMatchObject({ version: 1, latest: 1, by: 'operations:olga', reason: 'China opens' });
  });

  it('settings are applied once per Idempotency-Key and once per content', async () => {
    const first = await apply({ expected: 0, document }, 'operations', 'key-1');
    expect(await apply({ expected: 0, document }, 'operations', 'key-1')).toEqual(first);
    expect(await apply({ expected: 0, document })).toEqual(first);
    expect((await get('/settings')).latest).toBe(1);
  });

  it('a version may ask for open deadlines to be counted again', async () => {
    await apply({ expected: 0, document });
    await apply({ expected: 1, document: other, recompute: true });
    const { versions } = await get('/settings/history');
    expect((versions as { recompute?: boolean }[]).map(({ recompute }) => recompute)).toEqual([true, undefined]);
    expect(await get('/settings')).toMatchObject({ version: 2, recompute: true });
  });

  it('settings based on an outdated version are refused', async () => {
    await apply({ expected: 0, document });
    expect(await apply({ expected: 0, document: other })).toMatchObject({ status: 409, body: { code: 'settings-changed', rule: 'CS-02' } });
  });

  it('wrong settings are refused, and the error names the field', async () => {
    expect(await apply({ expected: 0, document: { storefronts: { a: { ...shop, country: 'UK' } } } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'storefronts.a.country', message: expect.stringContaining('ISO 3166-1') as string }] },
    });
    expect(await apply({ expected: 0, document, colour: 'red' })).toMatchObject({ status: 400, body: { errors: [{ field: 'colour' }] } });
  });

  it('settings are shown as of an instant or a version', async () => {
    await apply({ expected: 0, document });
    await apply({ expected: 1, document: other, effectiveFrom: '2026-12-20T00:00:00Z' });
    expect((await get('/settings')).version).toBe(1);
    expect((await get('/settings?at=2026-12-20T00:00:00Z')).version).toBe(2);
    expect((await get('/settings?at=2020-01-01T00:00:00Z')).version).toBe(0);
    expect(await get('/settings?version=2')).toMatchObject({ version: 2, document: { authority: { offersAtMost: 5 } } });
    expect(await get('/settings?version=3')).toMatchObject({ status: 404 });
    expect(await get('/settings?version=1&at=2027-02-01T00:00:00Z')).toMatchObject({ status: 400 });
  });

  it('the history lists the changes of each version, newest first', async () => {
    await apply({ expected: 0, document });
    await apply({ expected: 1, document: other });
    expect(await get('/settings/history')).toMatchObject({
      versions: [{ version: 2, changes: [{ field: 'authority.offersAtMost', before: 3, after: 5 }] }, { version: 1 }],
    });
  });

  it('a check returns differences, errors and warnings without a change', async () => {
    await apply({ expected: 0, document });
    const check = async (payload: object) => (await post('/settings/check', payload, 'analyst')).body;
    expect(await check({ document: other })).toMatchObject({
      ...{ latest: 1, errors: [], changes: [{ field: 'authority.offersAtMost', before: 3, after: 5 }] },
      warnings: [{ field: 'storefronts.shop-cn.calendar', message: expect.stringContaining('ends on 2026-12-31, in 32 days') as string }],
    });
    expect(await check({ document: { deadlines: { moon: {} } } })).toMatchObject({ changes: [], errors: [{ field: 'deadlines.moon' }] });
    expect(await check({ document, effectiveFrom: '2027-01-05T00:00:00Z' })).toMatchObject({
      errors: [{ field: 'storefronts.shop-cn.calendar', message: expect.stringContaining('ended on 2026-12-31') as string }],
    });
    expect((await get('/settings')).latest).toBe(1);
  });

  it('one amount `other` for several currencies is a warning that names these currencies', async () => {
    const shops = { 'shop-cn': shop, 'shop-jp': { ...shop, currency: 'JPY' }, main: { ...shop, currency: 'GBP' } };
    const warnedOf = async (twoApprovalsAbove: object) => {
      const body = (await post('/settings/check', { document: { storefronts: shops, authority: { twoApprovalsAbove } } }, 'analyst')).body;
      return (body['warnings'] as { field: string; message: string }[]).filter(
        ({ field }) => field === 'authority.twoApprovalsAbove.other',
      );
    };
    expect(await warnedOf({ GBP: 200, JPY: 30_000 })).toEqual([]);
    expect(await warnedOf({ GBP: 200 })).toMatchObject([{ message: expect.stringContaining('CNY, JPY') as string }]);
  });

  it('settings in force now are warned of a later version that will replace them', async () => {
    await apply({ expected: 0, document });
    await apply({ expected: 1, document: other, effectiveFrom: '2026-12-15T00:00:00Z' });
    const { warnings } = (await post('/settings/check', { document }, 'analyst')).body as {
      warnings: { field: string; message: string }[];
    };
    expect(warnings.map(({ field }) => field)).toContain('effectiveFrom');
  });
});
