import { jest } from '@jest/globals';
import { QuiescenceDetector } from '../time/quiescence.js';
import { FakeContext, task } from '../behaviour/fake-context.fixture.js';
import type { SubscribeOptions, Transport, LogRecord, OutgoingRecord } from '../messaging/transport.js';
import { answerTasks, followOrders } from '../partners.js';
import { allRoles } from '../settings.js';
import { ShopClock } from '../time/shop-clock.js';
import { CustomerRequests } from '../storefront/changes.js';
import { OrderTracker } from '../storefront/followed-orders.js';
import { ProblemReports } from '../storefront/problems.js';
import { tasksTopicOf, warehouseReports } from '../messaging/topics.js';
import { MessageClient } from '../messaging/message-client.js';
import { ShopTimeSource } from '../time/shop-time-source.js';

/** A log in memory: what is put on a topic is taken at once by everybody who listens to it. */
class MemoryLine implements Transport {
  readonly produced = {};
  readonly sent: OutgoingRecord[] = [];
  readonly ears: SubscribeOptions[] = [];
  down = false;
  private offset = 0;

  constructor(private readonly known: ReadonlySet<string>) {}

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.down) throw new Error('the log is away');
    this.sent.push(...records);
  }
  topics = async () => this.known;
  async subscribe(ear: SubscribeOptions) {
    this.ears.push(ear);
    return () => Promise.resolve();
  }
  close = async () => undefined;

  put(topic: string, record: LogRecord): void {
    this.offset += 1;
    for (const ear of this.ears.filter((e) => e.topics.includes(topic))) {
      ear.onRecord(record, { topic, partition: 0, offset: String(this.offset) });
    }
  }
}

type Headers = Readonly<Record<string, string | undefined>>;
const told = (value: unknown, headers: Headers, key = '999999'): LogRecord => ({
  key: Buffer.from(key),
  headers,
  value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});
const ce = (type: string, others: Headers = {}): Headers => ({
  ce_id: `${type}-1`,
  ce_type: type,
  ce_time: '2010-12-01T08:00:00Z',
  ...others,
});
const teams = allRoles.filter((role) => role !== 'storefront');
const questionOf: Readonly<Record<string, readonly [question: string, about: object]>> = {
  customer: ['satisfied', {}],
  reviewer: ['review-order', {}],
  service: ['make-offer', { loss: 100 }],
  supervisor: ['settle-refund', {}],
  purchasing: ['loss-on-bought-goods', { lines: [{ line: 1, quantity: 1, unitPrice: 100 }] }],
  finance: ['approve-refund', { filedBy: 'flow', approvedBy: null, answer: null }],
  payments: ['pay-refund', { idempotencyKey: 'r-1' }],
  warehouse: ['change-label', {}],
  courier: ['investigate-parcel', {}],
};
const types = [
  'TaskAsked',
  'TaskReminded',
  'TaskWithdrawn',
  'ParcelShipped',
  'ParcelDelivered',
  'OrderReleased',
  'OrderCancelled',
  'Unheard',
];
const oddTimes = [undefined, '', 'yesterday', '+275760-09-13T00:00:00Z'];
const values = [
  '{',
  '"text"',
  '[]',
  '[null]',
  'null',
  {},
  { orderNumber: '999999' },
  { taskId: 7, question: {}, about: 5, orderNumber: [] },
];

/** Everything that may be wrong with a record, and messages that are fine but of an order of which nobody knows. */
function oddRecords(topic: string): LogRecord[] {
  const team = topic.split('.').at(-1) ?? '';
  const [question] = questionOf[team] ?? ['none'];
  const asked = { taskId: 'odd', subject: '999999', question, about: {} };
  const questions = ['ship-order', 'hold-order', 'confirm-arrival', 'confirm-stock', 'approve-refund', 'send-back', 'inspect-return'];
  const tasks = [
    ...[...questions, 'constructor', 'unheard-of', '', null].map((q) => ({ ...asked, taskId: `odd ${String(q)}`, question: q })),
    { ...asked, about: undefined },
    { ...asked, taskId: 'null', about: null },
    { ...asked, taskId: 'lines', question: 'confirm-arrival', about: { lines: 1, expectedAt: 'soon' } },
    { ...asked, taskId: 'nul \0', subject: 'nul \0' },
    { ...asked, taskId: 'number', subject: 5 },
  ];
  const facts = [
    { orderNumber: '999999', trackingNumber: 'RM9GB', method: 'Domestic tracked' },
    { orderNumber: '999999', trackingNumber: 'RM8GB' },
    { orderNumber: '1', lines: null },
    { orderNumber: '1', lines: [null] },
    { trackingNumber: 8, method: 5 },
    { trackingNumber: 'RM7GB', method: null },
  ];
  const every = types.flatMap((type) => [
    ...oddTimes.flatMap((ce_time) => [...values, ...facts, asked].map((value) => told(value, ce(type, { ce_time })))),
    ...tasks.map((value) => told(value, ce(type))),
    { key: null, headers: ce(type), value: null },
  ]);
  const bare: LogRecord[] = [
    { key: null, value: null },
    { key: null, headers: null as never, value: Buffer.from([0xff, 0]) },
  ];
  return [...bare, told({}, {}), told({}, { ce_type: '' }), told({}, { ce_type: { toString: 1 } as never }), ...every];
}

/** Everybody, over a log in memory, in a context whose time passes when told to. */
async function everybody() {
  const crashes: unknown[] = [];
  const time = new ShopTimeSource(new ShopClock(1));
  const feeds = ['order', 'logistics', 'refund', 'after-sales'].flatMap((s) => [`orderloom.${s}.events`, `orderloom.${s}.flows`]);
  const line = new MemoryLine(new Set([...teams.map(tasksTopicOf), warehouseReports, ...feeds]));
  const client = MessageClient.over(line, time, new QuiescenceDetector(), (error) => void crashes.push(error));
  const answers = {
    'review-order': { silent: 0 },
    'approve-refund': { silent: 0 },
    satisfied: { silent: 0 },
    scan: { answers: { plain: 1 } },
  };
  const context = new FakeContext(answers);
  context.send = (...sayings) => client.send(...sayings);
  await answerTasks({ roles: allRoles }, context, client);
  const orders = new OrderTracker();
  orders.follow('1');
  await followOrders(client, orders, [new ProblemReports(context, orders)], new CustomerRequests(context, orders));
  return { line, client, context, orders, crashes };
}

describe('any record on the log', () => {
  let logged: ReturnType<typeof jest.spyOn>;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  beforeEach(() => {
    logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    logged.mockRestore();
    process.off('unhandledRejection', note);
  });

  it('no record stops a team, and each team answers its next task', async () => {
    const { line, client, context, crashes } = await everybody();
    const topics = line.ears.flatMap((ear) => ear.topics);
    for (const topic of topics) for (const odd of oddRecords(topic)) line.put(topic, odd);
    await context.advance(1_000);
    line.sent.length = 0;
    for (const team of teams) {
      const [question, about] = questionOf[team] ?? ['', {}];
      const asked = task(team, question, about, { id: `good-${team}` });
      line.put(asked.topic, told(asked.data, ce('TaskAsked'), '536365'));
    }
    const shipped = { orderNumber: '536365', trackingNumber: 'RM536365GB', method: 'Domestic tracked' };
    line.put(warehouseReports, told(shipped, ce('ParcelShipped'), '536365'));
    await context.advance(1_000);
    const ids = line.sent.map((r) => r.headers['ce_id']);
    expect(ids).toEqual(expect.arrayContaining(teams.map((team) => `answer-good-${team}`)));
    expect(line.sent.filter((r) => r.key === 'RM536365GB')).toHaveLength(4);
    expect([...crashes, ...unhandled]).toEqual([]);
    expect(logged).toHaveBeenCalled();
    await client.close();
  }, 60_000);

  it('the storefront keeps following its orders', async () => {
    const { line, client, orders, crashes } = await everybody();
    const topic = 'orderloom.order.events';
    for (const odd of oddRecords(topic)) line.put(topic, odd);
    line.put(topic, told({ orderNumber: '1', refund: 0 }, ce('OrderCancelled')));
    expect(orders.open).toEqual([]);
    expect(crashes).toEqual([]);
    await client.close();
  });

  it('a record without a time gets its log time, and a future time becomes now', async () => {
    const { line, client, crashes } = await everybody();
    const times: string[] = [];
    await client.subscribe({ group: 'x', topics: [warehouseReports], handle: async ({ time }) => void times.push(time) });
    for (const timestamp of ['1291190400000', '32503680000000', '-1', undefined]) {
      line.put(warehouseReports, { ...told({}, ce('Unheard', { ce_time: undefined })), ...(timestamp ? { timestamp } : {}) });
    }
    expect(times[0]).toBe('2010-12-01T08:00:00.000Z');
    for (const time of times.slice(1)) expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    expect(times).toHaveLength(4);
    expect(crashes).toEqual([]);
    await client.close();
  });

  it('a log that refuses an answer stops the team, so that the task is received again', async () => {
    const { line, client, context, crashes } = await everybody();
    line.down = true;
    line.put(tasksTopicOf('supervisor'), told(task('supervisor', 'settle-refund').data, ce('TaskAsked'), '536365'));
    await context.advance(1_000);
    expect(crashes).toEqual([new Error('the log is away')]);
    await client.close();
  });

  it('a task that could not be read is answered when it is sent again correctly', async () => {
    const { line, client, context, crashes } = await everybody();
    const asked = task('purchasing', 'loss-on-bought-goods', questionOf['purchasing']?.[1]);
    line.put(asked.topic, told({ ...asked.data, about: null }, ce('TaskAsked'), '536365'));
    await context.advance(1_000);
    line.put(asked.topic, told(asked.data, ce('TaskReminded'), '536365'));
    await context.advance(1_000);
    expect(line.sent.map((r) => r.headers['ce_id'])).toEqual(['answer-loss-on-bought-goods.1']);
    expect(crashes).toEqual([]);
    await client.close();
  });
});
