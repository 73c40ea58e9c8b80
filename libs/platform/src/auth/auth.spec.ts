import { Controller, Get, Module, Put } from '@nestjs/common';
import { TokenKeys } from '@orderloom/dev-services';
import { base64url, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { RequirePermission } from './auth.js';
import { type ExampleServer, refund, startExample } from '../http/example-server.fixture.js';
import { createHttp } from '../http/http.js';
import { createLog } from '../observability/logger.js';
import { Operation } from '../openapi/operation.js';

let server: ExampleServer;
beforeAll(async () => void (server = await startExample()));
afterAll(() => server.app.close());

const approve = (authorization?: string) =>
  server.app.inject({ method: 'PUT', url: '/refunds/1/approval', headers: authorization === undefined ? {} : { authorization } });

const pair = await generateKeyPair('ES256', { extractable: true });
const trusted = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };

/** A good token's parts, to be spoilt one by one. */
const claims = () => ({ sub: 'li', iss: 'orderloom', aud: 'orderloom', role: 'finance', exp: Math.floor(Date.now() / 1000) + 60 });
type Claims = Partial<Record<keyof ReturnType<typeof claims>, unknown>>;
const signed = async (change: Claims = {}, header: object = {}, key: Parameters<SignJWT['sign']>[0] = pair.privateKey) =>
  `Bearer ${await new SignJWT({ ...claims(), ...change } as JWTPayload).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key)}`;

describe('a token', () => {
  let guarded: Awaited<ReturnType<typeof startWith>>;
  beforeAll(async () => void (guarded = await startWith(trusted)));
  afterAll(() => guarded.close());
  const statusWith = async (authorization: string) => (await guarded.inject({ url: '/mine', headers: { authorization } })).statusCode;

  it('it is accepted with the right key, issuer, audience and time', async () => {
    expect(await statusWith(await signed())).toBe(200);
    expect(await statusWith(await signed({ aud: ['others', 'orderloom'] }))).toBe(200);
  });

  const stranger = async () => (await generateKeyPair('ES256')).privateKey;
  const secondsAgo = (n: number) => Math.floor(Date.now() / 1000) - n;
  const publicText = new TextEncoder().encode(JSON.stringify(trusted));
  const bad: [what: string, make: () => string | Promise<string>][] = [
    ['that is nonsense', () => 'Bearer nonsense'],
    ['in another scheme', () => 'Basic bGk6bGk='],
    ['without signature (alg none)', () => `Bearer ${new UnsecuredJWT(claims()).encode()}`],
    ['signed by another key under the same kid', async () => signed({}, {}, await stranger())],
    ['that names a key nobody knows', () => signed({}, { kid: 'k2' })],
    ['signed with the public key as a shared secret', () => signed({}, { alg: 'HS256' }, publicText)],
    ['whose payload was exchanged', async () => exchanged(await signed())],
    ['that is expired', () => signed({ exp: secondsAgo(60) })],
    ['that never expires', () => signed({ exp: undefined })],
    ['that is not valid yet', () => signed({ nbf: secondsAgo(-60) } as Claims)],
    ['of another issuer', () => signed({ iss: 'others' })],
    ['without issuer', () => signed({ iss: undefined })],
    ['for another audience', () => signed({ aud: 'others' })],
    ['without audience', () => signed({ aud: undefined })],
    ['whose name holds a colon', () => signed({ sub: 'a:b' })],
    ['without a name', () => signed({ sub: undefined })],
    ['without a role', () => signed({ role: undefined })],
    ['with several roles in one', () => signed({ role: ['finance', 'service'] })],
  ];
  it.each(bad)('%s is a 401', async (_, make) => {
    expect(await statusWith(await make())).toBe(401);
  });

  it('it may be expired by a few seconds, since clocks differ', async () => {
    expect(await statusWith(await signed({ exp: secondsAgo(2) }))).toBe(200);
  });

  it('an unknown role is a 403', async () => {
    expect(await statusWith(await signed({ role: 'king' }))).toBe(403);
  });

  it('during a key rotation its `kid` selects the key', async () => {
    const next = await generateKeyPair('ES256', { extractable: true });
    const both = await startWith(trusted, { ...(await exportJWK(next.publicKey)), kid: 'k2' });
    const statuses = [await signed(), await signed({}, { kid: 'k2' }, next.privateKey)].map((authorization) =>
      both.inject({ url: '/mine', headers: { authorization } }),
    );
    expect((await Promise.all(statuses)).map((answer) => answer.statusCode)).toEqual([200, 200]);
    await both.close();
  });
});

const exchanged = (authorization: string): string => {
  const [head = '', , signature = ''] = authorization.split('.');
  return [head, base64url.encode(JSON.stringify({ ...claims(), role: 'supervisor' })), signature].join('.');
};

@Controller('mine')
class MineController {
  @Get()
  @RequirePermission('refund:read')
  @Operation({ summary: 'Mine', answers: { 200: null } })
  read() {
    return {};
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  @RequirePermission('refund:read')
  @Operation({ summary: 'Search', answers: { 200: null } })
  find() {
    return {};
  }

  @Put()
  @RequirePermission('refund:read')
  @Operation({ summary: 'Place', answers: { 200: null } })
  place() {
    return {};
  }

  @Get(':orderNumber')
  @RequirePermission('refund:read')
  @Operation({ summary: 'One', answers: { 200: null } })
  one() {
    return {};
  }
}

@Module({ controllers: [MineController, OrdersController] })
class MineModule {}

const startWith = (...keys: JWK[]) =>
  createHttp(MineModule, {
    info: { title: 'mine', version: '1' },
    tokens: { keys: { keys }, issuer: 'orderloom', audience: 'orderloom' },
    log: createLog('mine', 'silent'),
  });

describe('a token of one storefront (ORD-01)', () => {
  let guarded: Awaited<ReturnType<typeof startWith>>;
  beforeAll(async () => void (guarded = await startWith(trusted)));
  afterAll(() => guarded.close());

  it.each<[string, 'GET' | 'PUT', string, object | undefined, number]>([
    ['its own order', 'GET', '/orders/shop-fr:1002', undefined, 200],
    ['the same number of another shop', 'GET', '/orders/shop-uk:1002', undefined, 403],
    ['the same number of the main storefront', 'GET', '/orders/1002', undefined, 403],
    ['its own orders by a search', 'GET', '/orders?number=1002&storefront=shop-fr', undefined, 200],
    ["another shop's by a search", 'GET', '/orders?number=1002&storefront=shop-uk', undefined, 403],
    ["everybody's by a search", 'GET', '/orders?number=1002', undefined, 403],
    ['an order that it places', 'PUT', '/orders', { orderNumber: '1002', storefront: 'shop-fr' }, 200],
    ['one by its whole reference', 'PUT', '/orders', { orderNumber: 'shop-fr:1002' }, 200],
    ['one that it places for another shop', 'PUT', '/orders', { orderNumber: '1002', storefront: 'shop-uk' }, 403],
    ['one that it places for the main storefront', 'PUT', '/orders', { orderNumber: '1002' }, 403],
    ['what names no order', 'GET', '/mine', undefined, 403],
  ])('its access to %s is checked: %s %s', async (_, method, url, body, status) => {
    const authorization = await signed({ storefront: 'shop-fr' } as Claims);
    const answer = await guarded.inject({
      method,
      url,
      headers: { authorization, 'idempotency-key': 'k' },
      ...(body && { payload: body }),
    });
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json()).toMatchObject({ code: 'other-storefront' });
  });

  it('an invalid storefront is a 401', async () => {
    const authorization = await signed({ storefront: 'shop fr' } as Claims);
    expect((await guarded.inject({ url: '/mine', headers: { authorization } })).statusCode).toBe(401);
  });
});

describe('a request', () => {
  it.each(['GET', 'HEAD', 'POST'] as const)('without a token it is a 401 that asks for one: %s', async (method) => {
    const answer = await server.app.inject({ method, url: '/refunds', headers: { 'idempotency-key': 'k' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('a token in the query is not read', async () => {
    const token = await server.keys.sign('finance', 'li');
    expect((await server.app.inject({ url: `/refunds?access_token=${token}&token=${token}` })).statusCode).toBe(401);
  });

  it('without the permission it is a 403 that names the permitted roles', async () => {
    const answer = await approve(await server.tokenOf('chen', 'warehouse'));
    expect(answer.json()).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: 'Forbidden for role warehouse: this request needs one of the roles supervisor, finance.',
    });
  });

  it('the actor comes from the token alone', async () => {
    expect((await approve(await server.tokenOf('li', 'finance'))).json()).toEqual({ by: 'finance:li' });
  });

  it('health checks and the API description need no token', async () => {
    for (const url of ['/health/live', '/health/ready', '/openapi.json']) expect((await server.app.inject({ url })).statusCode).toBe(200);
  });
});

describe("a developer's key pair", () => {
  it('services get only its public part', async () => {
    const { jwks } = await TokenKeys.make();
    expect(jwks.keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: expect.anything(), y: expect.anything(), kid: expect.anything(), alg: 'ES256', use: 'sig' },
    ]);
  });
});

describe('the log of a requested service', () => {
  it('it contains neither valid nor invalid tokens, wherever they were sent and whatever failed', async () => {
    const good = await server.keys.sign('finance', 'li');
    const wrong = `${good.slice(0, -6)}AAAAAA`;
    const from = (token: string) => ({ authorization: `Bearer ${token}` });
    await server.app.inject({ url: '/refunds', headers: from(good) });
    await server.app.inject({ url: '/refunds', headers: from(wrong) });
    await server.app.inject({ url: `/refunds?token=${good}`, headers: from(good) });
    await server.app.inject({ url: `/nowhere/${good}`, headers: from(good) });
    await server.app.inject({ url: '/refunds', headers: { ...from(good), cookie: `session=${good}` } });
    server.store.beforeCommit = () =>
      Promise.reject(Object.assign(new Error(`postgres://order:hunter2@db refused ${good}`), { request: { headers: from(good) } }));
    expect((await server.file('broken', refund)).statusCode).toBe(500);

    const log = server.log.join('');
    expect(log).toContain('"msg":"a request failed"');
    expect(log).toContain('"msg":"answered"');
    for (const secret of [...good.split('.'), wrong.slice(-20), 'hunter2']) expect(log).not.toContain(secret);
  });
});
