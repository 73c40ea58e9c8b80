import { gzipSync } from 'node:zlib';
import type { Answer } from '../support/scenario/http-client.js';
import { type Order } from '../support/scenario/orders.js';
import { stage } from '../support/scenario/story.js';

const play = stage();
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
  ['a payment that nobody heeds', changed({ giftCards: [{ amount: 500 }] }), 400, 'giftCards'],
  ['a country that is none', changed({ address: { recipient: 'A', street: 'B', city: 'C', country: 'Narnia' } }), 400, 'address.country'],
  ['an order number with a space', changed({ orderNumber: 'a b' }), 400, 'orderNumber'],
  ['NUL', text((json) => json.replace('Ada', 'A\\u0000da')), 400, 'customer.name'],
  ['half of a surrogate pair', text((json) => json.replace('Ada', 'A\\ud800da')), 400, 'customer.name'],
  ['invalid UTF-8', () => ({ body: Buffer.from([0x7b, 0xff, 0x7d]) }), 400, 'body'],
  ['half of the JSON', text((json) => json.slice(0, 40)), 400, 'body'],
  ['nothing', () => ({ body: '' }), 400],
  ['a list', text((json) => `[${json}]`), 400],
  ['null', () => ({ body: 'null' }), 400],
  ['nesting without end', text((json) => json.replace('}', `,"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)), 400],
  ['a prototype', text((json) => json.replace('{', '{"__proto__":{"a":1},')), 400],
  ['a form', (order) => ({ body: order, headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415],
  ['a compressed body', (order) => ({ body: gzipSync(JSON.stringify(order)), headers: { 'content-encoding': 'gzip' } }), 415],
  ['no Idempotency-Key', (order) => ({ body: order, headers: { 'idempotency-key': '' } }), 400],
  ['no token', (order) => ({ body: order, who: undefined }), 401],
  ['a forged token', (order) => ({ body: order, headers: { authorization: 'Bearer a.b.c' } }), 401],
  ['the token of another role', (order) => ({ body: order, who: 'warehouse:shift-1' }), 403],
  ['a path that is none', (order) => ({ body: order, path: '/nowhere' }), 404],
  ['NUL in its path', (order) => ({ body: order, path: '/order%00s' }), 400],
  ['a broken path', (order) => ({ body: order, path: '/orders/%E0%A4%A/cancellation' }), 400],
  ['a cancellation of an order that is none', () => ({ body: { reason: 'x' }, path: '/orders/none/cancellation' }), 404],
  [
    'a cancellation of lines that are none',
    (o) => ({ body: { reason: 'x', lines: [{ line: 7, quantity: 1 }] }, path: `/orders/${o.orderNumber}/cancellation` }),
    404,
  ],
];
const refused = rows.map(([what, post, status, field]): Refused => ({ what, post, status, field }));

describe('a request that has', () => {
  it.each(refused)('$what is refused as a problem that says what is wrong', async ({ post, status, field }) => {
    const order = play.order();
    const { path = '/orders', body, headers, ...rest } = post(order);
    const who = 'who' in rest ? rest.who : 'storefront:main';
    const answer: Answer = await play.house.at('order', who).post(path, body, headers);
    expect(answer).toMatchObject({ status, body: { status } });
    if (field !== undefined) expect((answer.body['errors'] as { field: string }[]).map((e) => e.field)).toContain(field);
    expect((await play.house.at('order', 'service:mia').get(`/orders/${order.orderNumber}`)).status).toBe(404);
  });
});

describe('a request that announces 10 MB', () => {
  it('is refused before it has sent them', async () => {
    const request = play.house.at('order', 'storefront:main').announce('/orders', 10_000_000);
    expect(await request).toMatchObject({ status: 413, body: { status: 413 } });
  });
});

describe('a refund application', () => {
  const parts = [{ kind: 'goods', amount: 100 }];
  it.each([
    ['without parts', { parts: [] }, 400],
    ['whose parts do not add up', { amount: 200 }, 400],
    ['of nothing', { amount: 0, parts: [{ kind: 'goods', amount: 0 }] }, 400],
    ['of a negative amount', { amount: -100, parts: [{ kind: 'goods', amount: -100 }] }, 400],
    ['for an unknown cause', { cause: 'because' }, 400],
    ['for an order whose payment nobody knows', {}, 404],
  ])('%s is refused', async (_, change, status) => {
    const application = { orderNumber: play.house.nextNumber(), cause: 'other', amount: 100, currency: 'GBP', parts, ...change };
    expect(await play.house.at('refund', 'service:mia').post('/refunds', application)).toMatchObject({ status, body: { status } });
  });
});

describe('a question that makes no sense', () => {
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
  ] as const)('of %s, %s, is answered with %i', async (service, path, status) => {
    expect(await play.house.at(service, 'supervisor:zhou').get(path)).toMatchObject({ status, body: { status } });
  });
});

describe('the same Idempotency-Key', () => {
  it('with the same order is answered as the first time, with another one it is refused', async () => {
    const order = play.order();
    const desk = play.house.at('order', 'storefront:main');
    const key = { 'idempotency-key': `place-${order.orderNumber}` };
    const first = await desk.post('/orders', order, key);
    expect(first.status).toBe(201);
    expect(await desk.post('/orders', order, key)).toEqual(first);
    expect((await desk.post('/orders', play.order(), key)).status).toBe(422);
  });
});
