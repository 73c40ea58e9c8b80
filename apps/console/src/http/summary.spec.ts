import { readFileSync } from 'node:fs';
import { createDatabase, dropDatabases } from '@orderloom/dev-services';
import type { IncomingRecord } from '@orderloom/messaging';
import type { DataSource } from 'typeorm';
import { migrate, openDatabase } from '../database/database.js';
import { aRecord } from '../ingest/entry.fixture.js';
import { Ingest } from '../ingest/ingest.js';
import { GivenKeyRing } from '../ingest/key-ring.fixture.js';
import { Summaries } from './summary.js';

const server = process.env['TEST_DATABASE_URL'] ?? '';
const name = `console_summary_${process.pid}`;
let database: DataSource;
let keys: GivenKeyRing;

beforeAll(async () => {
  const url = await createDatabase(server, name);
  await migrate(url);
  database = await openDatabase(url);
  keys = await GivenKeyRing.open(server, `${name}_keys`);
});
beforeEach(() => database.query('truncate timeline, orders, entries, flows, tasks'));
afterAll(async () => {
  await database?.destroy();
  await dropDatabases(server, [name]);
  await keys?.close();
});

const told = (...records: IncomingRecord[]): Promise<void> => new Ingest(database, keys.sealing).handle(records);
const said = (type: string, orderNumber: string, id: string, change: object = {}) =>
  aRecord('storefront.orders', type, { orderNumber, ...change }, { id, subject: orderNumber });
const fact = (type: string, orderNumber: string, change: object = {}, causation?: string) =>
  aRecord('order.events', type, { orderNumber, ...change }, { subject: orderNumber, causation });
const ofCase = (type: string, orderNumber: string, change: object, causation?: string) =>
  aRecord('after-sales.events', type, { orderNumber, ...change }, { subject: orderNumber, causation });
const applied = (orderNumber: string, amount: number) =>
  aRecord(
    'refund.commands',
    'RequestRefund',
    { orderNumber, caseId: 'k1', amount, parts: [{ kind: 'goods', amount }] },
    { subject: orderNumber },
  );
const paid = (orderNumber: string, amount: number) =>
  aRecord('refund.events', 'RefundPaid', { orderNumber, amount }, { subject: orderNumber });
const refused = (id: string, reason: string) => aRecord('storefront.orders', 'EntryRefused', { reason }, { id, subject: 'C536379' });

/** Two orders, one cancelled and paid back, and what else a day brings. */
const day = [
  said('OrderPlaced', '1', 'm1'),
  said('OrderPlaced', '2', 'm2'),
  fact('OrderPlaced', '1', {}, 'm1'),
  fact('OrderPlaced', '2', {}, 'm2'),
  said('CancellationRequested', '1', 'm3'),
  fact('CancellationRequested', '1', { changeId: 'c1' }, 'm3'),
  fact('OrderCancelled', '1', { changeId: 'c1', refund: 1530 }, 'x'),
  paid('1', 1530),
  said('CancellationRequested', '2', 'm4'),
  fact('CancellationRequested', '2', { changeId: 'c2' }, 'm4'),
  fact('CancellationRefused', '2', { changeId: 'c2' }, 'y'),
  said('AddressChangeRequested', '2', 'm5'),
  fact('RequestRefused', '2', {}, 'm5'),
  said('ReturnRequested', '2', 'm6'),
  ofCase('CaseOpened', '2', { caseId: 'k1', kind: 'return' }, 'm6'),
  ofCase('CaseClosed', '2', { caseId: 'k1', outcome: 'refunded' }, 'z'),
  refused('m7', 'stock-write-off'),
  refused('m8', 'stock-write-off'),
];

describe('the summary', () => {
  const sections = async () => Object.fromEntries((await new Summaries(database).read()).sections.map(({ title, rows }) => [title, rows]));

  it('orders, entries, amounts and refusals are counted', async () => {
    await told(...day);
    expect(await sections()).toMatchObject({
      'Orders by outcome': [
        ['cancelled', 1],
        ['placed', 1],
      ],
      'Entries of the books by outcome': [
        ['orders', 2],
        ['cancellations: refused', 1],
        ['cancellations: whole order', 1],
        ['returns: refunded', 1],
        ['refused: stock-write-off', 2],
        ["can't be read", 0],
      ],
      Money: [
        ['refunds paid, GBP', 1],
        ['captured', '30.60 GBP'],
        ['refunded', '15.30 GBP'],
        ['kept', '15.30 GBP'],
      ],
      'Refused, and why': [
        ['cancellation refused: shipped', 1],
        ['request refused: change already open', 1],
      ],
    });
  });

  it('reasons that differ only in a number are counted as one', async () => {
    const reason = (amount: number) => ({ reason: `${amount}.05 GBP is more than the 0.00 GBP of 4.50 GBP captured that are left` });
    await told(
      ...day,
      ...[5, 10].map((amount) => aRecord('refund.events', 'RefundApplicationRefused', { orderNumber: '2', ...reason(amount) })),
    );
    expect((await sections())['Refused, and why']).toContainEqual([
      'refund application refused: … gbp is more than the … gbp of … gbp captured that are left',
      2,
    ]);
  });

  it('cases are counted by kind and outcome, and re-ships apart from orders', async () => {
    const reship = { caseId: 'k2', originalOrder: '2', flow: 'missing-items-1' };
    await told(...day, ofCase('CaseOpened', '2', { caseId: 'k2', kind: 'missing-items' }), fact('OrderPlaced', '2-Rk2', { reship }));
    expect((await sections())['Entries of the books by outcome']).toEqual(
      expect.arrayContaining([
        ['orders', 2],
        ['missing items: open', 1],
        ['returns: refunded', 1],
        ['re-ships', 1],
      ]),
    );
  });

  it('a cancellation is counted once, whole orders apart from lines', async () => {
    const changeId = 'not-to-be-had';
    await told(
      ...day,
      fact('OrderLinesCancelled', '2', { changeId, lines: [{ line: 2, quantity: 1 }] }, 'v'),
      // said of what was cancelled before
      fact('OrderLinesCancelled', '2', { changeId, lines: [] }, 'v'),
      fact('OrderCancelled', '1', { changeId: 'c3', refund: 0, decided: { changeId: 'c1', refund: 1530, agreedLoss: 0 } }, 'w'),
    );
    expect((await sections())['Entries of the books by outcome']).toEqual(
      expect.arrayContaining([
        ['cancellations: goods not to be had, some lines', 1],
        ['cancellations: refused', 1],
        ['cancellations: whole order', 1],
      ]),
    );
  });

  it('messages are counted by sender and in total', async () => {
    await told(...day, aRecord('tasks.finance', 'TaskAsked'), aRecord('tasks.courier', 'TaskAsked'));
    expect((await sections())['Messages through the log']).toEqual([
      ['after-sales events', 2],
      ['order events', 7],
      ['refund events', 1],
      ['storefront orders', 8],
      ['tasks', 2],
      ['in sum', 20],
    ]);
  });

  it('flows are counted by name and status, and stuck ones apart', async () => {
    const flow = (flowId: string, type: string, change: object = {}) => aRecord('order.flows', type, { flowId, ...change });
    await told(
      flow('a', 'FlowStarted'),
      flow('b', 'FlowStarted'),
      flow('b', 'FlowEnded'),
      flow('c', 'FlowStarted'),
      flow('c', 'FlowParked'),
    );
    await database.query(`update flows set updated_at = now()`);
    expect((await sections())['Flows']).toEqual([
      ['cancel-order: ended, cancelled', 1],
      ['cancel-order: parked', 1],
      ['cancel-order: running', 1],
      ['stuck', 1],
    ]);
  });

  it('the example is an order worth looking at, or none', async () => {
    expect((await new Summaries(database).read()).example).toBeUndefined();
    await told(...day);
    expect((await new Summaries(database).read()).example).toEqual({ orderNumber: '1', email: 'ada@example.test' });
  });
});

describe('the SQL queries in the README', () => {
  const queries = [...readFileSync(new URL('../../README.md', import.meta.url), 'utf8').matchAll(/```sql\n([\s\S]+?)```/g)].map(
    (block) => block[1] ?? '',
  );
  const ask = <Row>(at: number): Promise<Row[]> => database.query(queries[at] ?? '');
  const outcomes = async () =>
    (await ask<{ type: string; outcome: string; count: string }>(0)).map((row) => `${row.count} ${row.type}: ${row.outcome}`);

  it('they show the outcome of every entry', async () => {
    const broken = { ...said('OrderPlaced', '4', 'm9'), value: Buffer.from('{') };
    await told(...day, broken);
    expect(await outcomes()).toEqual([
      '1 AddressChangeRequested: refused, change-already-open',
      '1 CancellationRequested: CancellationRefused',
      '1 CancellationRequested: OrderCancelled',
      '2 EntryRefused: refused, stock-write-off',
      "1 OrderPlaced: can't be read",
      '1 OrderPlaced: order cancelled',
      '1 OrderPlaced: order placed',
      '1 ReturnRequested: case refunded',
    ]);
  });

  it.each([
    ['an order that no service knows', [said('OrderPlaced', '1', 'm1')], '1 OrderPlaced: missing'],
    ['a request that nobody took up', [said('CancellationRequested', '1', 'm3')], '1 CancellationRequested: missing'],
    ['a request that was never decided', day.slice(4, 6), '1 CancellationRequested: missing'],
    ['a return that nobody took up', [said('ReturnRequested', '2', 'm6')], '1 ReturnRequested: missing'],
  ])('they show %s as missing', async (_, records, outcome) => {
    await told(...records);
    expect(await outcomes()).toEqual([outcome]);
  });

  it('they show a return in progress as an open case', async () => {
    await told(said('ReturnRequested', '2', 'm6'), ofCase('CaseOpened', '2', { caseId: 'k1', kind: 'return' }, 'm6'));
    expect(await outcomes()).toEqual(['1 ReturnRequested: case open']);
  });

  it('they show a filed refund as owed until it is paid', async () => {
    await told(...day, applied('2', 339));
    expect(await ask(1)).toMatchObject([{ owed: '339' }, { owed: '0' }, { order: '2', owed: '339', agrees: true }]);
    await told(paid('2', 339));
    expect(await ask(1)).toMatchObject([{ refunded: '1869' }, { owed: '0' }, { order: '2', owed: '0', refunded: '339', agrees: true }]);
  });

  it('they balance captured, refunded and kept amounts', async () => {
    await told(...day);
    expect(await ask(1)).toEqual([
      { order: 'in sum', currency: 'GBP', captured: '3060', refunded: '1530', kept: '1530', owed: '0', agrees: true },
      { order: '1', currency: 'GBP', captured: '1530', refunded: '1530', kept: '0', owed: '0', agrees: true },
      { order: '2', currency: 'GBP', captured: '1530', refunded: '0', kept: '1530', owed: '0', agrees: true },
    ]);
  });

  it('they disagree if more was refunded than captured', async () => {
    await told(...day, paid('2', 1531));
    expect(await ask(1)).toMatchObject([{ agrees: false }, { agrees: true }, { order: '2', agrees: false }]);
  });

  it('they disagree if the console counted a refund that finance did not pay', async () => {
    await told(...day);
    await database.query(`update orders set refunded = refunded + 1 where number = '2'`);
    expect(await ask(1)).toMatchObject([{ agrees: false }, { agrees: true }, { agrees: false }]);
  });

  it('they show the amount that is still owed', async () => {
    await told(...day.filter(({ topic }) => topic !== 'orderloom.refund.events'));
    expect(await ask(1)).toMatchObject([{ owed: '1530' }, { order: '1', owed: '1530', kept: '1530' }, { owed: '0' }]);
  });

  describe('the query for stuck flows', () => {
    const taskId = 'cancel-order-1.3';
    const now = Date.parse('2010-12-10T12:00:00Z');
    const hoursAgo = (hours: number): string => new Date(now - hours * 3_600_000).toISOString();
    const started = (hours: number, more = {}) => aRecord('order.flows', 'FlowStarted', more, { recordedAt: hoursAgo(hours) });
    const task = (dueAt: string | null) => aRecord('order.flows', 'TaskAsked', { taskId, dueAt }, { recordedAt: hoursAgo(90) });
    const asked = (dueAt: string | null) => aRecord('tasks.purchasing', 'TaskAsked', { taskId, dueAt });
    const closed = aRecord('order.flows', 'TaskClosed', { taskId }, { recordedAt: hoursAgo(90) });
    const ended = aRecord('order.flows', 'FlowEnded', {}, { recordedAt: hoursAgo(90) });
    const parked = aRecord('order.flows', 'FlowParked', {}, { recordedAt: hoursAgo(1) });

    it.each([
      ['waits for no task and moved 2 hours ago', [started(2)], 0],
      ['waits for no task and has not moved for 25 hours', [started(25)], 1],
      ['waits for no task, and for a deadline that is not over for a day', [started(99, { dueAt: hoursAgo(23) })], 0],
      ['waits for no task, and for a deadline that was due 25 hours ago', [started(99, { dueAt: hoursAgo(25) })], 1],
      ['waits for a task that is not due', [started(99), task(null), asked(hoursAgo(-5))], 0],
      ['waits for a task that has no due time', [started(99), task(null), asked(null)], 0],
      ['waits for a task that was due 23 hours ago', [started(99), task(null), asked(hoursAgo(23))], 0],
      ['waits for a task that was due 25 hours ago', [started(99), task(null), asked(hoursAgo(25))], 1],
      ['has had its answer 90 hours ago and does nothing', [started(99), task(null), asked(hoursAgo(25)), closed], 1],
      ['has ended', [started(99), ended], 0],
      ['is parked', [started(2), parked], 1],
    ])('a flow that %s', async (_, records, stuck) => {
      await database.query(`update clock set offset_micros = extract(epoch from $1::timestamptz - clock_timestamp()) * 1000000`, [
        new Date(now).toISOString(),
      ]);
      await told(...records);
      expect(await ask(2)).toHaveLength(stuck);
    });
  });
});
