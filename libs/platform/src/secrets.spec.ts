import { generateKeyPairSync } from 'node:crypto';
import { TokenKeys } from '@orderloom/dev-services';
import { type ExampleServer, refund, startExample } from './example-server.fixture.js';
import { createLog } from './logger.js';
import { secretsOf, withoutSecrets } from './secrets.js';

const keys = await TokenKeys.make();
const jwt = await keys.sign('finance', 'li');
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pemText = pem.split('\n')[1] ?? '';

/** What a log says of `extra` and `message`. */
function logged(extra: object, message = 'failed', known: string[] = []): string {
  const lines: string[] = [];
  createLog('order', 'trace', { destination: { write: (line) => void lines.push(line) }, known }).error(extra, message);
  expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  return lines.join('');
}

describe('a log line', () => {
  const error = (properties: object, message = 'refused') => ({ err: Object.assign(new Error(message), properties) });
  const wrongAddress = () => {
    try {
      return new URL('postgres://order:hunter2@[');
    } catch (thrown) {
      return thrown as object;
    }
  };
  const cases: [what: string, extra: object, message?: string][] = [
    ['a field', { password: 'hunter2' }],
    ['a field with a quote in it', { password: 'a"hunter2"b' }],
    ['a field at any depth', { a: { b: { c: { d: { e: [{ saslPassword: 'hunter2' }] } } } } }],
    ['a field in JSON that is a text', { body: JSON.stringify({ password: 'hunter2', refresh_token: 'hunter2' }) }],
    ['an error with the headers of its request', error({ config: { headers: { Authorization: 'Bearer hunter2' } } })],
    ['an error whose message holds a header', error({}, 'sent "authorization: Bearer hunter2" and got 401')],
    ['an error whose message holds another header', error({}, 'Authorization: Basic aHVudGVyMg== hunter2'.replace(' hunter2', ''))],
    ['an error whose cause holds an address', { err: new Error('no database', { cause: new Error('postgres://order:hunter2@db/x') }) }],
    ['what Node says of a wrong address', { err: wrongAddress() }],
    ['an address', {}, 'can not reach postgresql://order:hunter2@db:5432/order?application_name=x'],
    ['an address with an @ that nobody encoded', {}, 'can not reach postgres://order:p@hunter2@db/order'],
    ['settings of a driver', {}, 'host=db user=order password=hunter2 dbname=x'],
    ['settings of Java', { sasl: 'PlainLoginModule required username="order" password="hunter2";' }],
    ['a query', { url: '/orders?access_token=hunter2&limit=1' }],
  ];
  it.each(cases)('leaves out what stands in %s', (_, extra, message) => {
    const line = logged(extra, message);
    expect(line).not.toContain('hunter2');
    expect(line).not.toContain('aHVudGVyMg');
    expect(line).toContain('(removed)');
  });

  it.each([
    ['a message', {}, `what is ${jwt}?`],
    ['a field of any name', { note: jwt }, 'x'],
    ['an error', { err: new Error(`bad ${jwt}`) }, 'x'],
  ])('leaves out a token in %s', (_, extra, message) => {
    for (const part of jwt.split('.')) expect(logged(extra, message)).not.toContain(part);
  });

  it('leaves out a private key', () => {
    expect(logged({ tls: { key: pem }, text: pem }, pem)).not.toContain(pemText);
  });

  it('leaves out the passwords of its configuration wherever they stand, however they are written', () => {
    const [database = '', kafka = ''] = secretsOf({
      DATABASE_URL: 'postgres://order:p%40ss%22w0rd@db/x',
      KAFKA_SASL_PASSWORD: 'horse battery',
    });
    expect([database, kafka]).toEqual(['p@ss"w0rd', 'horse battery']);
    const line = logged({ note: `${database} and ${kafka}` }, `p%40ss%22w0rd or horse%20battery`, [database, kafka]);
    expect(line).not.toMatch(/w0rd|battery/);
  });

  it('stays as it is where it holds no secret', () => {
    const line = '{"level":"info","msg":"ready","url":"http://127.0.0.1:4010","task":"cancel-order-x.7","by":"finance:li"}\n';
    expect(withoutSecrets(line, secretsOf({ DATABASE_URL: 'postgres://orderloom:orderloom@db/x' }))).toBe(line);
  });
});

describe('a service that is called', () => {
  let server: ExampleServer;
  beforeAll(async () => void (server = await startExample()));
  afterAll(() => server.app.close());

  it('logs neither the token nor a wrong one, wherever it was sent, whatever went wrong', async () => {
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
