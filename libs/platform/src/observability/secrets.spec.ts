import { TokenKeys } from '@orderloom/dev-services';
import { createLog } from './logger.js';
import { secretsOf, redactSecrets } from './secrets.js';

const jwt = await (await TokenKeys.make()).sign('finance', 'li');
const pemText = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg';
const pem = `-----BEGIN PRIVATE KEY-----\n${pemText}\n-----END PRIVATE KEY-----\n`;

/** The log line of `extra` and `message`. */
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
  it.each(cases)('secrets in %s are removed', (_, extra, message = 'failed') => {
    const line = logged(extra, message);
    expect(line).not.toContain('hunter2');
    expect(line).not.toContain('aHVudGVyMg');
    expect(line).toContain('(removed)');
  });

  it.each([
    ['a message', {}, `what is ${jwt}?`],
    ['a field of any name', { note: jwt }, 'x'],
    ['an error', { err: new Error(`bad ${jwt}`) }, 'x'],
  ])('a token in %s is removed', (_, extra, message) => {
    for (const part of jwt.split('.')) expect(logged(extra, message)).not.toContain(part);
  });

  it('a private key is removed', () => {
    expect(logged({ tls: { key: pem }, text: pem }, pem)).not.toContain(pemText);
  });

  it('the passwords of the configuration are removed wherever they appear, in any encoding', () => {
    const [database = '', kafka = ''] = secretsOf({
      DATABASE_URL: 'postgres://order:p%40ss%22w0rd@db/x',
      KAFKA_SASL_PASSWORD: 'horse battery',
    });
    expect([database, kafka]).toEqual(['p@ss"w0rd', 'horse battery']);
    const line = logged({ note: `${database} and ${kafka}` }, `p%40ss%22w0rd or horse%20battery`, [database, kafka]);
    expect(line).not.toMatch(/w0rd|battery/);
  });

  it('a line without secrets is unchanged', () => {
    const line = '{"level":"info","msg":"ready","url":"http://127.0.0.1:4010","task":"cancel-order-x.7","by":"finance:li"}\n';
    expect(redactSecrets(line, secretsOf({ DATABASE_URL: 'postgres://orderloom:orderloom@db/x' }))).toBe(line);
  });
});
