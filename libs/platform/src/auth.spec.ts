import { SignJWT, UnsecuredJWT } from 'jose';
import { type ExampleServer, secret, startExample } from './example-server.fixture.js';

let server: ExampleServer;
beforeAll(async () => void (server = await startExample(true)));
afterAll(() => server.app.close());

const approve = (authorization?: string) =>
  server.app.inject({ method: 'PUT', url: '/refunds/1/approval', headers: authorization === undefined ? {} : { authorization } });

const key = (text: string) => new TextEncoder().encode(text);
const token = (alg = 'HS256') =>
  new SignJWT({ role: 'finance' }).setProtectedHeader({ alg }).setSubject('li').setIssuer('orderloom-development');

describe('writing', () => {
  it('without a token is a 401 that asks for one', async () => {
    const answer = await approve();
    expect(answer.json()).toMatchObject({ status: 401, code: 'unauthorised' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  const forged: [what: string, make: () => string | Promise<string>][] = [
    ['nonsense', () => 'Bearer nonsense'],
    ['another scheme', () => 'Basic bGk6bGk='],
    [
      'a token without signature',
      () =>
        `Bearer ${new UnsecuredJWT({ role: 'finance' }).setSubject('li').setIssuer('orderloom-development').setExpirationTime('1h').encode()}`,
    ],
    [
      'a token of another secret',
      async () =>
        `Bearer ${await token()
          .setExpirationTime('1h')
          .sign(key('x'.repeat(40)))}`,
    ],
    ['a token of another algorithm', async () => `Bearer ${await token('HS512').setExpirationTime('1h').sign(key(secret))}`],
    ['an expired token', async () => `Bearer ${await token().setExpirationTime(1).sign(key(secret))}`],
    ['a token that never expires', async () => `Bearer ${await token().sign(key(secret))}`],
    ['a token of another issuer', async () => `Bearer ${await token().setIssuer('b').setExpirationTime('1h').sign(key(secret))}`],
    ['a token whose name holds a colon', async () => `Bearer ${await token().setSubject('a:b').setExpirationTime('1h').sign(key(secret))}`],
  ];
  it.each(forged)('with %s is a 401', async (_, make) => {
    expect((await approve(await make())).statusCode).toBe(401);
  });

  it('in a role that may not is a 403', async () => {
    expect((await approve(await server.tokenOf('chen', 'warehouse'))).json()).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('says who did it from the token alone', async () => {
    expect((await approve(await server.tokenOf('li', 'finance'))).json()).toEqual({ by: 'finance:li' });
  });
});

describe('reading', () => {
  it('is open', async () => {
    expect((await server.app.inject({ url: '/refunds/1' })).statusCode).toBe(200);
  });

  it('with a wrong token is a 401', async () => {
    expect((await server.app.inject({ url: '/refunds/1', headers: { authorization: 'Bearer x' } })).statusCode).toBe(401);
  });
});

describe('a development token', () => {
  it('is handed out in development, and is good', async () => {
    const answer = await server.app.inject({ url: '/dev/token?sub=li&role=finance' });
    expect((await approve(`Bearer ${answer.json<{ token: string }>().token}`)).statusCode).toBe(200);
  });

  it('is refused for a name that `by` can not hold', async () => {
    const answer = await server.app.inject({ url: '/dev/token?sub=a:b&role=finance' });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'sub' }] });
  });

  it('is not to be had elsewhere', async () => {
    const production = await startExample(false);
    expect((await production.app.inject({ url: '/dev/token?sub=li&role=finance' })).statusCode).toBe(404);
    await production.app.close();
  });

  it('never stands in the log', async () => {
    const authorization = await server.tokenOf('li', 'finance');
    await approve(authorization);
    expect(server.log.join('')).toContain('"msg":"answered"');
    expect(server.log.join('')).not.toContain(authorization.slice(7));
  });
});
