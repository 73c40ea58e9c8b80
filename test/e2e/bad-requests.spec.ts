import { gzipSync } from 'node:zlib';
import type { HttpResponse } from '../support/scenario/http-client.js';
import { type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();
type Post = { path?: string; who?: string | undefined; body?: unknown; headers?: Record<string, string> };
type Refused = { what: string; post: (order: Order) => Post; status: number; field?: string };

const changed =
  (change: object) =>
  (order: Order): Post => ({ body: { ...order, ...change } });
const text =
  (change: (json: string) => string) =>
  (order: Order): Post => ({ body: change(JSON.stringify(order)) });

const rows: [what: string, post: Refused['post'], status: number, field?: string][] = [
  ['a quantity that is a word', changed({ lines: [{ line: 1, sku: 'A', quantity: 'six', unitPrice: 1 }] }), 400, 'lines.0.quantity'],
  ['a negative quantity', changed({ lines: [{ line: 1, sku: 'A', quantity: -6, unitPrice: 1 }] }), 400, 'lines.0.quantity'],
  ['an unknown currency', changed({ currency: 'ZZZ' }), 400, 'currency'],
  ['amounts that do not add up', changed({ total: 1 }), 400, 'total'],
  ['an unknown payment field', changed({ giftCards: [{ amount: 500 }] }), 400, 'giftCards'],
  ['an unknown country', changed({ address: { recipient: 'A', street: 'B', city: 'C', country: 'Narnia' } }), 400, 'address.country'],
  ['an order number with a space', changed({ orderNumber: 'a b' }), 400, 'orderNumber'],
  ['a NUL character', text((json) => json.replace('Ada', 'A\\u0000da')), 400, 'customer.name'],
  ['half of a surrogate pair', text((json) => json.replace('Ada', 'A\\ud800da')), 400, 'customer.name'],
  ['invalid UTF-8', () => ({ body: Buffer.from([0x7b, 0xff, 0x7d]) }), 400, 'body'],
  ['truncated JSON', text((json) => json.slice(0, 40)), 400, 'body'],
  ['an empty body', () => ({ body: '' }), 400],
  ['a list as its body', text((json) => `[${json}]`), 400],
  ['null as its body', () => ({ body: 'null' }), 400],
  ['nesting 5000 levels deep', text((json) => json.replace('}', `,"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)), 400],
  ['a __proto__ key', text((json) => json.replace('{', '{"__proto__":{"a":1},')), 400],
  ['a form as its body', (order) => ({ body: order, headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415],
  ['a compressed body', (order) => ({ body: gzipSync(JSON.stringify(order)), headers: { 'content-encoding': 'gzip' } }), 415],
  ['no Idempotency-Key', (order) => ({ body: order, headers: { 'idempotency-key': '' } }), 400],
  ['no token', (order) => ({ body: order, who: undefined }), 401],
  ['a forged token', (order) => ({ body: order, headers: { authorization: 'Bearer a.b.c' } }), 401],
  ['the token of another role', (order) => ({ body: order, who: 'warehouse:shift-1' }), 403],
  ['an unknown path', (order) => ({ body: order, path: '/nowhere' }), 404],
  ['a NUL character in its path', (order) => ({ body: order, path: '/order%00s' }), 400],
  ['invalid percent-encoding in its path', (order) => ({ body: order, path: '/orders/%E0%A4%A/cancellation' }), 400],
  ['a cancellation of an unknown order', () => ({ body: { reason: 'x' }, path: '/orders/none/cancellation' }), 404],
  [
    'a cancellation of unknown lines',
    (o) => ({ body: { reason: 'x', lines: [{ line: 7, quantity: 1 }] }, path: `/orders/${o.orderNumber}/cancellation` }),
    404,
  ],
];
const refused = rows.map(([what, post, status, field]): Refused => ({ what, post, status, field }));

describe('a request with', () => {
  it.each(refused)('$what is refused with a problem document that names the error', async ({ post, status, field }) => {
    const order = scenario.order();
    const { path = '/orders', body, headers, ...rest } = post(order);
    const who = 'who' in rest ? rest.who : 'storefront:main';
    const answer: HttpResponse = await scenario.stack.at('order', who).post(path, body, headers);
    expect(answer).toMatchObject({ status, body: { status } });
    if (field !== undefined) expect((answer.body['errors'] as { field: string }[]).map((e) => e.field)).toContain(field);
    expect((await scenario.stack.at('order', 'service:mia').get(`/orders/${order.orderNumber}`)).status).toBe(404);
  });
});

describe('a request whose Content-Length is 10 MB', () => {
  it('is refused before its body is sent', async () => {
    const request = scenario.stack.at('order', 'storefront:main').announce('/orders', 10_000_000);
    expect(await request).toMatchObject({ status: 413, body: { status: 413 } });
  });
});

describe('a refund application (REF-01, REF-03)', () => {
  const parts = [{ kind: 'goods', amount: 100 }];
  it.each([
    ['without parts', { parts: [] }, 400],
    ['whose parts do not add up', { amount: 200 }, 400],
    ['of amount 0', { amount: 0, parts: [{ kind: 'goods', amount: 0 }] }, 400],
    ['of a negative amount', { amount: -100, parts: [{ kind: 'goods', amount: -100 }] }, 400],
    ['for an unknown cause', { cause: 'because' }, 400],
    ['for an order without a known payment', {}, 404],
  ])('%s is refused', async (_, change, status) => {
    const application = { orderNumber: scenario.stack.nextNumber(), cause: 'other', amount: 100, currency: 'GBP', parts, ...change };
    expect(await scenario.stack.at('refund', 'service:mia').post('/refunds', application)).toMatchObject({ status, body: { status } });
  });
});

describe('a malformed query', () => {
  it.each([
    ['order', '/orders', 400],
    ['order', '/orders?email=%00', 400],
    ['order', '/orders?email[]=a&email[]=b', 400],
    ['order', '/orders/..%2f..%2fetc', 400],
    ['order', '/flows?status=none', 400],
    ['order', '/flows/none', 404],
    ['logistics', '/shipments/none', 404],
    ['refund', '/refunds/none', 404],
    ['refund', '/nowhere', 404],
  ] as const)('to %s, %s, gets status %i', async (service, path, status) => {
    expect(await scenario.stack.at(service, 'supervisor:zhou').get(path)).toMatchObject({ status, body: { status } });
  });
});

describe('a repeated Idempotency-Key', () => {
  it('with the same order gets the first response again; with another order it is refused', async () => {
    const order = scenario.order();
    const client = scenario.stack.at('order', 'storefront:main');
    const key = { 'idempotency-key': `place-${order.orderNumber}` };
    const first = await client.post('/orders', order, key);
    expect(first.status).toBe(201);
    expect(await client.post('/orders', order, key)).toEqual(first);
    expect((await client.post('/orders', scenario.order(), key)).status).toBe(422);
  });
});
