import type { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ExampleServer, refund, startExample } from './example-server.fixture.js';

let server: ExampleServer;
let address: URL;
const problemType = /^application\/problem\+json/;

beforeAll(async () => {
  server = await startExample();
  await server.app.listen(0, '127.0.0.1');
  address = new URL(await server.app.getUrl());
});
afterAll(() => server.app.close());

const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  server.send({
    method: 'POST',
    url: '/refunds',
    headers: { 'idempotency-key': 'k', 'content-type': 'application/json', ...headers },
    payload,
  });

const withNote = (note: string) => `{"orderNumber":"1","note":"${note}","lines":[{"sku":"a","quantity":1}]}`;

/** Writes bytes as they are to a new connection and reads until the server hangs up. */
const raw = (...parts: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(address.port), address.hostname, () => parts.forEach((part) => socket.write(part)));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });

describe('invalid input', () => {
  const bodies: [what: string, body: string | Buffer, field: string][] = [
    ['no JSON', '{"a":', 'body'],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'body'],
    ['a compressed body that says it is none', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'body'],
    ['an empty body', '', 'body'],
    ['a body that is no object', '[]', 'body'],
    ['NUL', withNote('a\\u0000b'), 'note'],
    ['half of a surrogate pair', withNote('\\ud83d'), 'note'],
    ['NUL deep in an unknown field', '{"extra":{"list":[1,"\\u0000"]}}', 'extra.list.1'],
    ['NUL in a field name', '{"extra":{"\\u0000":1}}', 'extra'],
    ['a field named __proto__', '{"__proto__":{"admin":true}}', 'body'],
    ['a number out of range', '{"extra":1e999}', 'extra'],
    ['nesting without end', `${'['.repeat(400_000)}${']'.repeat(400_000)}`, '0.0.0.'],
    ['a wrong type', JSON.stringify({ ...refund, orderNumber: 7 }), 'orderNumber'],
    ['a negative quantity', JSON.stringify({ ...refund, lines: [{ sku: 'a', quantity: -1 }] }), 'lines.0.quantity'],
  ];
  it.each(bodies)('%s is a 400 that names the field', async (_, body, field) => {
    const answer = await post(body, { 'idempotency-key': `k-${field}-${body.length}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(problemType);
    const problem = answer.json<{ type: string; errors: { field: string; message: string }[] }>();
    expect(problem.type).toBe('urn:orderloom:problem:invalid-input');
    expect(problem.errors[0]?.field.startsWith(field)).toBe(true);
    expect(problem.errors[0]?.message).not.toBe('');
  });

  it('a 400 names every wrong field of a body', async () => {
    const answer = await server.file('many', {
      orderNumber: 1,
      lines: [
        { sku: '', quantity: 1 },
        { sku: 'a', quantity: 1.5 },
      ],
    });
    expect(answer.json<{ errors: { field: string }[] }>().errors.map((error) => error.field)).toEqual([
      'orderNumber',
      'lines.0.sku',
      'lines.1.quantity',
    ]);
  });

  const requests: [what: string, method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>, status: number][] = [
    ['an unknown path', 'GET', '/nowhere', {}, 404],
    ['an unknown path, writing', 'POST', '/nowhere', {}, 404],
    ['a method that the path does not know', 'DELETE', '/refunds', {}, 405],
    ['a method that the path with a parameter does not know', 'DELETE', '/refunds/1/approval', {}, 405],
    ['a path that can not be decoded', 'GET', '/refunds/%zz', {}, 400],
    ['a path that is not UTF-8', 'GET', '/refunds/%ff', {}, 400],
    ['a path with NUL', 'GET', '/refunds/%00', {}, 400],
    ['a path parameter against its schema', 'GET', '/refunds/12345678901', {}, 400],
    ['a path parameter that is endless', 'GET', `/refunds/${'a'.repeat(500)}`, {}, 414],
    ['a query with NUL', 'GET', '/refunds?text=%00', {}, 400],
    ['a query of a wrong type', 'GET', '/refunds?limit=many', {}, 400],
    ['a query field given twice', 'GET', '/refunds?text=a&text=b', {}, 400],
    ['a media type other than JSON', 'POST', '/refunds', { 'content-type': 'text/plain' }, 415],
    ['a media type that is none', 'POST', '/refunds', { 'content-type': ';;' }, 415],
    ['a compressed body', 'POST', '/refunds', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
  ];
  it.each(requests)('%s is a problem', async (_, method, url, headers, status) => {
    const answer = await server.send({
      method,
      url,
      headers: { 'idempotency-key': 'k', ...headers },
      payload: method === 'POST' ? '{}' : undefined,
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(problemType);
    expect(answer.json()).toMatchObject({ status, instance: expect.stringMatching(/^urn:uuid:/) as string });
  });

  it('a 405 names the allowed methods', async () => {
    const answer = await server.send({ method: 'DELETE', url: '/refunds' });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('a body over the limit is a 413 on a real connection, without being read', async () => {
    const authorization = await server.tokenOf('li', 'finance');
    const answer = await fetch(new URL('/refunds', address), {
      method: 'POST',
      headers: { authorization, 'idempotency-key': 'big', 'content-type': 'application/json' },
      body: withNote('x'.repeat(10_000_000)),
    });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toMatch(problemType);
  });

  it('a body under the limit is accepted', async () => {
    expect((await server.file('just-under', withNote('x'.repeat(1_000_000)))).statusCode).toBe(201);
  });

  const connections: [what: string, status: number, parts: string[]][] = [
    [
      'a chunked body over the limit',
      413,
      [
        'POST /refunds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
        `200000\r\n${'x'.repeat(0x200000)}\r\n0\r\n\r\n`,
      ],
    ],
    ['a content length that is none', 400, ['POST /refunds HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\n\r\n']],
    ['two content lengths', 400, ['POST /refunds HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}']],
    ['headers without end', 431, [`GET /refunds HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`]],
    ['bytes that are no HTTP', 400, ['\u0001\u0002 what is this\r\n\r\n']],
    ['a method that nobody knows', 400, ['FROB /refunds HTTP/1.1\r\nHost: a\r\n\r\n']],
  ];
  it.each(connections)('on a raw connection, %s is a problem', async (_, status, parts) => {
    const text = await raw(...parts);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))).toMatchObject({ status });
  });

  it('a caller that disconnects during its body is not an error', async () => {
    const known = server.log.length;
    const gone = new Promise<void>((resolve) => {
      const http = server.app.getHttpServer() as EventEmitter;
      http.once('connection', (socket: Socket) => socket.once('close', () => setImmediate(resolve)));
    });
    const half = 'POST /refunds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"';
    const socket = connect(Number(address.port), address.hostname, () => socket.write(half, () => socket.destroy()));
    await gone;
    expect(server.log.slice(known).join('')).not.toContain('"level":"error"');
  });

  it('none of these logged an error or returned a 500', () => {
    expect(server.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
  });
});

describe('an error of a handler', () => {
  it('a refusal by a rule is a 409 with code and rule', async () => {
    const answer = await server.file('refused', { ...refund, orderNumber: 'shipped' });
    expect(answer.json()).toEqual({
      type: 'urn:orderloom:problem:order-already-shipped',
      title: 'Order already shipped',
      status: 409,
      detail: 'The order was shipped yesterday.',
      code: 'order-already-shipped',
      rule: 'REF-01',
      instance: expect.any(String) as string,
    });
  });

  it('an unknown resource is a 404', async () => {
    expect((await server.file('not-there', { ...refund, orderNumber: 'unknown' })).json()).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it('an unexpected error is a 500 without details, which are in the log', async () => {
    const answer = await server.file('broken', { ...refund, orderNumber: 'broken' });
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      instance: expect.any(String) as string,
    });
    expect(server.log.some((entry) => entry.includes('"level":"error"') && entry.includes('connection to 10.0.0.7 lost'))).toBe(true);
  });
});

describe('the context of a request', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const metaOf = async (key: string, headers: Record<string, string>) => {
    await post(JSON.stringify(refund), { 'idempotency-key': key, ...headers });
    return server.store.units.at(-1)?.meta;
  };

  it('actor, trace and command are passed to the unit of work', async () => {
    const meta = await metaOf('traced', { traceparent });
    expect(meta).toMatchObject({ by: 'finance:li', causation: 'finance:li:traced' });
    expect(meta?.trace).toMatch(new RegExp(`^00-${'a'.repeat(32)}-(?!b{16})[0-9a-f]{16}-01$`));
  });

  it.each(['nonsense', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`])(
    'a trace is begun if the given one is %s',
    async (given) => {
      const meta = await metaOf(`trace-${given.slice(0, 8)}`, { traceparent: given });
      expect(meta?.trace).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(meta?.trace?.slice(3, 35)).not.toBe(given.slice(3, 35));
    },
  );

  it('during shutdown, current requests and later ones on their connection are served', async () => {
    const draining = await startExample();
    await draining.app.listen(0, '127.0.0.1');
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const reached = new Promise<void>((resolve) => {
      draining.store.beforeCommit = () => (resolve(), held);
    });
    const body = JSON.stringify(refund);
    const fields = [`Authorization: ${await draining.tokenOf('li', 'finance')}`, 'Idempotency-Key: k', 'Content-Type: application/json'];
    const whole = ['POST /refunds HTTP/1.1', 'Host: a', ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n');
    const socket = connect(Number(new URL(await draining.app.getUrl()).port), '127.0.0.1', () => socket.write(whole));
    const answers = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
    });
    await reached;
    const closed = draining.app.close();
    while (draining.app.getHttpServer().listening) await new Promise(setImmediate);
    const second = new Promise((resolve) => (draining.app.getHttpServer() as EventEmitter).once('request', resolve));
    socket.write(`GET /refunds HTTP/1.1\r\nHost: a\r\n${fields[0]}\r\n\r\n`);
    await second;
    release();
    expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 200']);
    await closed;
  });
});
