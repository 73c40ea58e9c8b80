import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDatabase, dropDatabases, TokenKeys } from '@orderloom/dev-services';
import { sealedTexts } from '@orderloom/contracts';
import type { IncomingRecord } from '@orderloom/messaging';
import { createLog, createHttp } from '@orderloom/platform';
import type { DataSource } from 'typeorm';
import { ConsoleModule } from '../console.module.js';
import { migrate, openDatabase } from '../database/database.js';
import { aRecord } from '../ingest/entry.fixture.js';
import { Ingest } from '../ingest/ingest.js';
import { reindex } from '../database/reindex.js';
import { GivenKeyRing } from '../ingest/key-ring.fixture.js';

const server = process.env['TEST_DATABASE_URL'] ?? '';
const name = `console_desk_${process.pid}`;
let database: DataSource;
let keys: GivenKeyRing;
let app: NestFastifyApplication;
let authorization: string;

beforeAll(async () => {
  const url = await createDatabase(server, name);
  await migrate(url);
  await migrate(url);
  database = await openDatabase(url);
  keys = await GivenKeyRing.open(server, `${name}_keys`);
  const tokens = await TokenKeys.make();
  authorization = `Bearer ${await tokens.sign('supervisor', 'zhou')}`;
  app = await createHttp(ConsoleModule.over(database, keys.sealing), {
    info: { title: 'console', version: '0' },
    tokens: { keys: tokens.jwks, issuer: 'orderloom', audience: 'orderloom' },
    log: createLog('console', 'silent'),
    sealing: keys.sealing,
  });
});
beforeEach(() => database.query('truncate timeline, orders, entries, flows, tasks, contacts_indexed'));
afterAll(async () => {
  await app?.close();
  await database?.destroy();
  await dropDatabases(server, [name]);
  await keys?.close();
});

const told = async (...records: IncomingRecord[]): Promise<void> => new Ingest(database, keys.sealing).handle(await asSaid(records));
const asSaid = (records: readonly IncomingRecord[]): Promise<IncomingRecord[]> =>
  Promise.all(records.map(async (record) => (isPlaced(record) ? keys.sealed(record) : record)));
const isPlaced = ({ topic, headers }: IncomingRecord): boolean =>
  topic === 'orderloom.order.events' && headers['ce_type'] === 'OrderPlaced';
const get = async (url: string) => {
  const answer = await app.inject({ url, headers: { authorization } });
  return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.json() };
};
const found = async (query: string): Promise<{ number: string }[]> => (await get(`/orders?${query}`)).body.orders;
const numbers = async (query: string): Promise<string[]> => (await found(query)).map(({ number }) => number);

const flow = { flowId: 'cancel-order-1', flow: 'cancel-order', version: '1' };
const task = { ...flow, taskId: 'cancel-order-1.3', team: 'purchasing', question: 'loss-on-bought-goods' };
const placed = (orderNumber: string, change: object = {}): IncomingRecord =>
  aRecord('order.events', 'OrderPlaced', { orderNumber, ...change }, { subject: orderNumber });
const grace = { id: '1', name: 'Grace  Hopper', email: 'Grace@Example.test', phone: '+1 (555) 010-9999' };

describe('the search for an order (ORD-06)', () => {
  beforeEach(() =>
    told(
      placed('1'),
      placed('2', { customer: grace, placedAt: '2010-12-02T08:00:00Z' }),
      placed('3', { customer: { ...grace, id: '3', name: 'Grace_Hopper' } }),
    ),
  );

  it.each([
    ['number=1', ['1']],
    ['email=grace@example.TEST', ['2', '3']],
    ['name=hopper%20GRACE', ['2']],
    ['name=grace_hopper', ['3']],
    ['name=grace', ['2']],
    ['phone=0555%200109999', ['2', '3']],
    ['phone=%2B15550109999', ['2', '3']],
    ['email=grace@example.test&number=3', ['3']],
  ])('the query %s finds %j, newest first', async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it('a number is found in any case, with and without its storefront', async () => {
    await told(placed('A-7b'), placed('shop-fr:A-7b', { storefront: 'shop-fr' }));
    for (const [number, expected] of [
      ['a-7B', ['A-7b', 'shop-fr:A-7b']],
      ['main:A-7b', ['A-7b']],
      ['SHOP-FR:a-7b', ['shop-fr:A-7b']],
      ['shop-de:A-7b', []],
    ] as const)
      expect([number, (await numbers(`number=${number}`)).toSorted()]).toEqual([number, expected]);
  });

  it('a recipient is found by each word in any spelling, and by a phone number in any format', async () => {
    await told(
      placed('7', {
        customer: { id: '7', name: "Sinéad O'Brien", email: 'sinead@example.test', phone: '' },
        address: { recipient: 'Łukasz Groß-Müller', street: '1 A', city: 'Oslo', postcode: '0150', country: 'NO', phone: '22 33 44 55' },
      }),
    );
    for (const query of ['name=obrien', 'name=lukasz', 'name=gross', 'name=MUELLER', 'phone=%2B4722334455', 'phone=334455', 'name=sinead'])
      expect([query, await numbers(query)]).toEqual([query, ['7']]);
  });

  it('orders indexed in an older form are found after reindexing', async () => {
    await told(placed('8', { customer: { id: '8', name: 'Zoë Bäcker', email: 'zoe@example.test', phone: '' } }));
    await keys.emptyIndex();
    expect(await numbers('name=baecker')).toEqual([]);
    expect(await reindex(database, keys.sealing)).toBe(4);
    expect(await numbers('name=baecker')).toEqual(['8']);
    expect(await reindex(database, keys.sealing)).toBe(0);
  });

  it('an unreadable order is found by number and e-mail with its fault, and without it once corrected', async () => {
    const order = { orderNumber: '9', customer: { id: '9', name: 'Ida', email: 'ida@example.test' } };
    const broken = aRecord('storefront.orders', 'OrderPlaced', { ...order, total: 'much' }, { subject: '9', key: '9' });
    const { topic, partition, offset } = broken;
    const reason = 'total: must be a whole number';
    const refused = { topic, partition, offset, key: '9', type: 'OrderPlaced', reason, todo: 'Send a corrected record.' };
    await told(broken);
    expect((await found('number=9'))[0]).toMatchObject({ number: '9', refusal: expect.stringContaining('total') as string });
    await told(aRecord('rejections.storefront', 'RecordRejected', refused, { subject: '9' }));
    for (const query of ['number=9', 'email=ida@example.test'])
      expect((await get(`/orders?${query}`)).body).toMatchObject({
        orders: [{ number: '9', status: null, refusal: `${reason} Send a corrected record.` }],
        hint: expect.stringContaining('not been taken') as string,
      });
    await told(placed('9', { customer: { ...order.customer, phone: '' } }));
    expect(await found('email=ida@example.test')).toMatchObject([{ number: '9', status: 'placed', refusal: null }]);
  });

  it('an order that a rule refused is found with the reason', async () => {
    const order = { orderNumber: '10', customer: { id: '10', name: 'Joe', email: 'joe@example.test' } };
    const sent = aRecord('storefront.orders', 'OrderPlaced', order, { subject: '10', key: '10' });
    const refused = { topic: sent.topic, partition: 0, offset: sent.offset, key: '10', type: 'OrderPlaced', reason: 'a', todo: 'b' };
    await told(sent, aRecord('rejections.storefront', 'RecordRejected', refused, { subject: '10' }));
    expect(await found('email=joe@example.test')).toMatchObject([{ number: '10', refusal: 'a b' }]);
  });

  it('a record that is not even JSON is found by its key and the e-mail in its text', async () => {
    const half = {
      ...aRecord('storefront.orders', 'OrderPlaced', {}, { subject: '11', key: '11' }),
      value: Buffer.from('{"email":"kim@example.test"'),
    };
    await told(half);
    expect(await numbers('email=kim@example.test')).toEqual(['11']);
    expect(await numbers('number=11')).toEqual(['11']);
  });

  it('several results come with a hint to choose one', async () => {
    expect((await get('/orders?email=grace@example.test')).body.hint).toContain('choose');
  });

  it('more than 50 results come with a hint that there are more', async () => {
    await told(...Array.from({ length: 51 }, (_, i) => placed(`${100 + i}`)));
    const { body } = await get('/orders?email=ada@example.test');
    expect(body.orders).toHaveLength(50);
    expect(body.hint).toBe('There are more than 50 orders: the 50 newest are shown. Ask for less.');
  });

  it('no result comes with a hint what to ask the customer for', async () => {
    const { status, body } = await get('/orders?email=nobody@example.test');
    expect(status).toBe(200);
    expect(body.orders).toEqual([]);
    expect(body.hint).toMatch(/order number.*e-mail or name used/);
  });

  it.each(['', '?surname=x', '?number=', '?phone=12', '?number=1&x=1'])('the query "%s" is refused as a 400 problem', async (query) => {
    expect(await get(`/orders${query}`)).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json') as string,
    });
  });
});

describe('the projection of an order', () => {
  const paid = aRecord('refund.events', 'RefundPaid', { refundId: 'r', amount: 500 });
  const delivered = aRecord('logistics.events', 'ShipmentDelivered');
  const story = [placed('536365'), aRecord('order.events', 'OrderApproved'), aRecord('order.events', 'OrderDispatched')];

  it('the result is the same whichever topic is read first', async () => {
    await told(paid, delivered);
    await told(...story);
    const late = await found('number=536365');
    await database.query('truncate timeline, orders');
    await told(...story, delivered, paid);
    expect(await found('number=536365')).toEqual(late);
    expect(late).toMatchObject([{ status: 'delivered', captured: 1530, refunded: 500, currency: 'GBP', email: 'ada@example.test' }]);
  });

  it('a message counts once, redelivered or twice in a batch', async () => {
    await told(paid, paid, ...story);
    await told(paid, ...story);
    expect(await found('number=536365')).toMatchObject([{ refunded: 500 }]);
    expect((await get('/orders/536365/timeline')).body.lines).toHaveLength(4);
  });

  it('two partitions may write the same orders concurrently without a deadlock', async () => {
    const orders = (from: number): string[] => Array.from({ length: 200 }, (_, i) => `${from + i}`);
    const refund = (orderNumber: string) => aRecord('refund.events', 'RefundPaid', { orderNumber, amount: 1 }, { subject: orderNumber });
    const [low, high] = [orders(1000), orders(2000)];
    const crosswise = (a: string[], b: string[]): Promise<void> =>
      new Ingest(database, keys.sealing).handle([...a.map((n) => placed(n)), ...b.map(refund)]);
    await Promise.all(Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? crosswise(low, high) : crosswise(high, low))));
    expect(await database.query('select count(*)::int as n from orders where captured = 1530 and refunded = 3')).toEqual([{ n: 400 }]);
  });

  it('an open change is shown until it is decided', async () => {
    await told(placed('536365'), aRecord('order.events', 'CancellationRequested'));
    expect(await found('number=536365')).toMatchObject([{ openChange: 'cancellation' }]);
    await told(aRecord('order.events', 'CancellationRefused'));
    expect(await found('number=536365')).toMatchObject([{ openChange: null, status: 'placed' }]);
  });

  it('a cancelled order stays cancelled, whatever the courier scans', async () => {
    await told(placed('536365'), aRecord('order.events', 'OrderCancelled'), delivered);
    expect(await found('number=536365')).toMatchObject([{ status: 'cancelled' }]);
  });
});

describe('the timeline of an order', () => {
  it('causes come first, answers follow their question, and each line has its rule and sentence', async () => {
    const taskId = 'cancel-order-1.3';
    await told(
      aRecord(
        'answers.purchasing',
        'TaskAnswered',
        { taskId, answer: { type: 'LossAssessed', loss: 0 } },
        { id: 'answer', time: '2010-12-01T07:00:00Z' },
      ),
      aRecord('order.events', 'CancellationRequested', {}, { id: 'fact', causation: 'request', recordedAt: '2010-12-01T08:00:02Z' }),
      aRecord('tasks.purchasing', 'TaskAsked', { taskId }, { id: 'question', causation: 'fact', recordedAt: '2010-12-01T08:00:03Z' }),
      aRecord('storefront.orders', 'CancellationRequested', {}, { id: 'request', time: '2010-12-01T08:00:01Z' }),
    );
    const { body } = await get('/orders/536365/timeline');
    expect(body.lines.map(({ id, rule, says }: Record<string, string>) => [id, rule, says])).toEqual([
      ['request', 'ORD-10', 'the customer asked to cancel 6 x line 1: ordered twice'],
      ['fact', 'ORD-10', 'cancellation of 6 x 85123A opened (15.30 GBP paid): ordered twice'],
      ['question', 'ORD-12', 'asked purchasing: do goods already bought for this order cause a loss? (due 2 Dec 2010 08:26 UTC)'],
      ['answer', 'CS-02', 'purchasing (li) answered: loss assessed (loss 0)'],
    ]);
  });

  it('the placement comes before a cancellation of the same second', async () => {
    await told(
      aRecord('storefront.orders', 'OrderPlaced', {}, { id: 'z' }),
      aRecord('storefront.orders', 'CancellationRequested', {}, { id: 'a' }),
    );
    const { body } = await get('/orders/536365/timeline');
    expect(body.lines.map(({ type }: { type: string }) => type)).toEqual(['OrderPlaced', 'CancellationRequested']);
  });

  it('refused and ignored messages are marked', async () => {
    const report = aRecord('warehouse.reports', 'ParcelPicked', {}, { id: '1', source: '/warehouse' });
    const { topic, partition, offset } = report;
    const answer = { taskId: 'nothing-1.3', answer: { type: 'LossAssessed', loss: 0 } };
    await told(
      report,
      aRecord('rejections.warehouse', 'RecordRejected', { topic, partition, offset, by: 'logistics', reason: 'lines: is required' }),
      aRecord('answers.purchasing', 'TaskAnswered', answer, { id: '1', source: '/purchasing' }),
    );
    const lines: Record<string, string | null>[] = (await get('/orders/536365/timeline')).body.lines;
    expect(lines.map(({ type, ignored }) => [type, ignored])).toEqual([
      ['ParcelPicked', 'refused by logistics, lines: is required'],
      ['TaskAnswered', 'ignored, no task nothing-1.3 was asked'],
      ['RecordRejected', null],
    ]);
    expect(lines[0]?.['says']).toBe('refused by logistics, lines: is required: the warehouse reports: picked');
  });

  it('an unknown order is a 404 problem', async () => {
    expect(await get('/orders/nothing/timeline')).toMatchObject({
      status: 404,
      type: expect.stringContaining('application/problem+json') as string,
    });
  });
});

describe('an unreadable record', () => {
  it('the record is kept as unreadable, and later ones are processed', async () => {
    const broken = { ...aRecord('storefront.orders', 'OrderPlaced'), value: Buffer.from('{') };
    await told(
      placed('1'),
      broken,
      placed('2'),
      aRecord('order.events', 'OrderPlaced', { total: 'much' }, { recordedAt: '2010-12-09T00:00:00Z' }),
    );
    expect((await get('/orders/536365/timeline')).body.lines).toMatchObject([
      { source: 'unreadable', says: expect.stringContaining("can't be read") as string },
      { source: 'urn:orderloom:test', says: expect.stringContaining('total: ') as string },
    ]);
    expect(await numbers('name=ada')).toEqual(['1', '2']);
  });

  it('a corrected record of the same source and id replaces it, in whatever order they come', async () => {
    const broken = aRecord('order.events', 'OrderApproved', { orderNumber: 7 }, { id: 'same' });
    await told(broken, broken);
    await told(aRecord('order.events', 'OrderApproved', {}, { id: 'same' }), broken);
    expect((await get('/orders/536365/timeline')).body.lines).toMatchObject([{ id: 'same', unreadable: null }]);
    expect(await found('number=536365')).toMatchObject([{ status: 'approved' }]);
  });

  it('a record that the database refuses is kept as unreadable', async () => {
    const endless = Array.from({ length: 900 }, (_, i) => `${i * 7919}`).join('-');
    await told(placed('1'), aRecord('order.flows', 'FlowStarted', { flowId: endless }), placed('2'));
    expect((await get('/orders/536365/timeline')).body.lines).toMatchObject([
      { unreadable: expect.stringContaining("can't be stored") as string },
    ]);
    expect(await numbers('name=ada')).toEqual(['1', '2']);
  });

  it('other records of its transaction are kept', async () => {
    const ingest = new Ingest(database, keys.sealing);
    const endless = aRecord('order.events', 'OrderApproved', {}, { id: Array.from({ length: 900 }, (_, i) => `${i * 7919}`).join('-') });
    const batches = await Promise.all([[placed('1')], [placed('2'), endless], [placed('3')], [placed('4')]].map(asSaid));
    await Promise.all(batches.map((batch) => ingest.handle(batch)));
    expect(await numbers('name=ada')).toEqual(['1', '2', '3', '4']);
    expect(await database.query('select count(*)::int as n from timeline where unreadable is not null')).toEqual([{ n: 1 }]);
  });

  it('the record is sealed with the key of the customer, however soon it follows the order', async () => {
    const said = ['OrderPlaced', 'AddressChangeRequested'].map((type) =>
      aRecord('storefront.orders', type, { orderNumber: 'soon' }, { key: `of the ${type}` }),
    );
    await new Ingest(database, keys.sealing).handle(said);
    const lines: { data: unknown }[] = await database.query('select data from timeline order by "offset"');
    const keyIds = lines.map(({ data }) => new Set(sealedTexts(JSON.stringify(data)).map(({ keyId }) => keyId)));
    expect(keyIds[0]?.size).toBe(1);
    expect(keyIds[1]).toEqual(keyIds[0]);
  });

  it('a database failure is not taken for an unreadable record, and all records are read again', async () => {
    let tries = 0;
    const failure = Object.assign(new Error('shutting down'), { code: '57P01' });
    const master = { connect: () => ((tries += 1), Promise.reject(failure)) };
    const shuttingDown = { driver: { master } } as unknown as DataSource;
    await expect(new Ingest(shuttingDown, keys.sealing).handle([placed('1'), placed('2')])).rejects.toMatchObject({ cause: failure });
    expect(tries).toBe(1);
  });

  it('an empty batch is accepted', async () => {
    await expect(new Ingest(database, keys.sealing).handle([])).resolves.toBeUndefined();
  });

  it('no record is lost while the database is unavailable', async () => {
    const away = await openDatabase(`${server.replace(/\/[^/]*$/, '')}/${name}`);
    await away.destroy();
    await expect(new Ingest(away, keys.sealing).handle([placed('9')])).rejects.toThrow();
    expect(await numbers('number=9')).toEqual([]);
  });
});

describe('flows and tasks', () => {
  const asked = aRecord('tasks.purchasing', 'TaskAsked', { taskId: task.taskId });
  const started = aRecord('order.flows', 'FlowStarted', flow);
  const wait = aRecord('order.flows', 'TaskAsked', { ...task, dueAt: '2010-12-02T08:26:00Z' }, { recordedAt: '2010-12-01T09:00:00Z' });
  const closed = aRecord('order.flows', 'TaskClosed', { ...task, how: 'answered' });

  it('a flow is shown with what it waits for, and a task with its question', async () => {
    await told(started, wait, asked);
    expect((await get('/flows?status=running')).body.flows).toMatchObject([
      {
        flowId: 'cancel-order-1',
        service: 'order',
        orderNumber: '536365',
        state: 'holding',
        openTasks: [{ taskId: task.taskId, team: 'purchasing' }],
      },
    ]);
    expect((await get('/tasks?team=purchasing')).body.tasks).toMatchObject([
      {
        question: 'loss-on-bought-goods',
        rule: 'ORD-12',
        about: { orderNumber: '536365' },
        answers: ['LossAssessed'],
        flow: 'cancel-order',
        dueAt: '2010-12-02T08:26:00.000000Z',
        reminders: 0,
      },
    ]);
    expect((await get('/tasks?team=finance')).body.tasks).toEqual([]);
  });

  it('a task stays closed if its question arrives later', async () => {
    await told(started, closed);
    await told(asked);
    expect((await get('/tasks')).body.tasks).toEqual([]);
  });

  it('a flow is shown with its outcome, or with the reason why it is parked', async () => {
    await told(started, closed, aRecord('order.flows', 'FlowEnded', flow));
    expect((await get('/flows?orderNumber=536365&status=ended')).body.flows).toMatchObject([{ outcome: 'cancelled', openTasks: [] }]);
    await told(aRecord('order.flows', 'FlowParked', { ...flow, flowId: 'other' }));
    expect((await get('/flows?status=parked')).body.flows).toMatchObject([{ flowId: 'other', error: 'why' }]);
  });

  it.each(['/flows?status=asleep', '/tasks?team=nobody'])('%s is refused as a 400 problem', async (url) => {
    expect((await get(url)).status).toBe(400);
  });
});
