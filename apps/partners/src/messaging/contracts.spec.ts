import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { behaviour } from '../behaviour.js';
import { Courier } from '../systems/courier.js';
import { TaskInbox } from '../teams/task-inbox.js';
import { readBooks } from '../dataset/books.js';
import { FakeContext, task } from '../behaviour/fake-context.fixture.js';
import { decode, encode, type OutgoingMessage } from './message.js';
import { CustomerRequests } from '../storefront/changes.js';
import { OrderTracker } from '../storefront/followed-orders.js';
import { taskHandlersOf } from '../teams/teams.js';
import * as topics from './topics.js';

type Schema = Parameters<typeof z.fromJSONSchema>[0];
interface Question {
  readonly question: string;
  readonly team: string;
  readonly about: Schema;
  readonly answers: Readonly<Record<string, Schema>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(`deploy/contracts/${path}`, 'utf8'));
const { questions } = read('questions.json') as { questions: readonly Question[] };
const { messages } = read('index.json') as { messages: readonly { topic: string; type: string; schema: string }[] };
const faults = (schema: Schema, data: unknown): string[] =>
  z
    .fromJSONSchema(schema)
    .safeParse(data)
    .error?.issues.map((i) => `${i.path.join('.')}: ${i.message}`) ?? [];

const schemas = new Map<string, z.ZodType>();
function faultsOf({ topic, type, data }: OutgoingMessage): string[] {
  const { schema: path } = messages.find((m) => m.topic === topic && m.type === type) ?? { schema: '' };
  const schema = schemas.get(path) ?? z.fromJSONSchema(read(path) as Schema);
  schemas.set(path, schema);
  return schema.safeParse(data).error?.issues.map((i) => `${i.path.join('.')}: ${i.message}`) ?? [];
}

const address = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', country: 'GB' };
const goods = { lines: [{ line: 1, sku: '85123A', quantity: 6, unitPrice: 255 }] };
const money = { refundId: 'r-1', amount: 1530, currency: 'GBP' };
const aCase = { caseId: 'c-1' };
const wayBack = { ...aCase, ...goods, carrier: 'Royal Mail', trackingNumber: 'RB1GB', note: 'nothing came' };
const promised = { promisedDispatchBy: '2010-12-02T08:00:00Z' };
const parcel = { trackingNumber: 'RM1GB', carrier: 'Royal Mail', shippedAt: '2010-12-01T17:00:00Z' };
const ofChange = { changeId: 'change-1', product: { sku: 'A', unitPrice: 300 } };
const abouts: Readonly<Record<string, object>> = {
  'review-order': { ...goods, address, concerns: [] },
  'confirm-order': { ...goods, address },
  'confirm-stock': { ...goods, promisedDispatchBy: '2010-12-02T08:00:00Z' },
  'confirm-arrival': { lines: [1], expectedAt: '2010-12-02T08:00:00Z' },
  'choose-without-missing': { lines: [1] },
  'loss-on-bought-goods': { ...goods, currency: 'GBP' },
  'bear-loss': { loss: 100, currency: 'GBP' },
  'make-offer': { loss: 100, currency: 'GBP', offers: 1 },
  'check-repeated-order': { differs: ['notes'] },
  'trace-capture': { reference: 'pay-1', amount: 1530, currency: 'GBP', reason: 'there is no order of this number' },
  'settle-refund': { amount: 1530, currency: 'GBP', reason: 'more than captured' },
  'ship-order': { ...goods, address },
  'hold-order': {},
  'change-label': { address },
  'supply-short-lines': { ...goods },
  'settle-short-lines': { ...goods, reason: 'no agreement on the loss' },
  'explain-scan': { trackingNumber: 'RM9GB', scan: 'delivered', at: '2010-12-02T08:00:00Z' },
  'goods-of-late-order': promised,
  'explain-delay': promised,
  'wait-or-exchange': { ...promised, expectedAt: '2010-12-06T08:00:00Z', daysLate: 4 },
  'exchange-late-order': { ...promised, expectedAt: '2010-12-06T08:00:00Z' },
  'explain-missing-scan': parcel,
  'investigate-parcel': parcel,
  'explain-problem': parcel,
  'redirect-parcel': { address, parcels: [{ carrier: 'Royal Mail', trackingNumber: 'RM1GB' }] },
  'keep-or-refuse-delivery': { reason: 'out for delivery' },
  'prove-delivery': parcel,
  'parcel-received': { ...parcel, note: 'signed for at the front door' },
  'judge-delivery': { ...parcel, note: 'signed for at the front door' },
  'settle-returned-parcel': { ...parcel, note: 'refused' },
  'settle-problem-parcel': { ...parcel, note: 'nobody was at home' },
  'handle-problem-parcel': { ...parcel, note: 'nobody was at home', instruction: 'redeliver' },
  'confirm-product': { ...ofChange, quantity: 6 },
  'choose-other-product': { ...ofChange, recommended: [{ sku: 'B', unitPrice: 300 }], currency: 'GBP' },
  'go-on-with-change': { ...ofChange, reference: 'change-1-1', amount: 270, currency: 'GBP', recommended: [] },
  'offer-second-order': { ...ofChange, quantity: 6, reason: 'shipped' },
  'approve-refund': { ...money, cause: 'cancelled', filedBy: 'flow', approvedBy: null, answer: null },
  'answer-finance': { refundId: 'r-1', question: 'why?' },
  'pay-refund': { ...money, idempotencyKey: 'r-1', method: 'card', reference: 'pay-536365' },
  'decide-failed-refund': { ...money, reason: 'account closed' },
  'decide-rejected-refund': { ...money, reason: 'not owed', cause: 'cancelled' },
  'decide-bounced-refund': { ...money, reason: 'account closed', cause: 'cancelled', providerReference: 'psp-1' },
  'decide-late-payout': { ...money, providerReference: 'psp-1', was: 'rejected', excess: 0 },
  'send-refund-mail': { ...money, postingTime: '20–30 wd' },
  'give-evidence': { ...aCase, kind: 'quality', lines: [{ line: 1, quantity: 1 }] },
  'send-back': { ...aCase, ...goods, returnAddress: address, freightBy: 'merchant', freightCap: 1000, currency: 'GBP' },
  'inspect-return': { ...aCase, ...goods, carrier: 'Royal Mail', trackingNumber: 'RB1GB', cause: 'quality' },
  'take-back': { ...aCase, lines: [{ line: 1, quantity: 1 }], photos: ['as-it-came.jpg'] },
  'find-order': { ...aCase, lines: [{ line: 1, quantity: 1 }], reason: 'too large' },
  'decide-unclaimed-return': wayBack,
  'decide-lost-return': wayBack,
  'decide-unpaid-return': { ...aCase, ...money, lines: [{ line: 1, quantity: 6 }], reason: 'account closed' },
  'decide-late-return': { ...aCase, ...goods, found: 'none', photos: ['as-it-came.jpg'], openedAt: '2010-12-20T08:00:00Z' },
  'work-case': { ...aCase, kind: 'exchange', cause: null, lines: [{ line: 1, quantity: 1 }], text: 'the blue one, please' },
  'explain-missing-items': { ...aCase, ...goods, reason: 'one is missing' },
  'supply-missing-items': { ...aCase, ...goods, note: 'packing' },
  'follow-reship': { ...aCase, reshipNumber: '536365-R3f0c9d1e' },
  'name-lost-goods': { ...aCase, ...goods, trackingNumber: 'RM1GB' },
  'reship-or-refund': { ...aCase, ...goods, trackingNumber: 'RM1GB', reason: 'not found in any depot' },
  'grant-goodwill': { ...aCase, remedy: 'reship', kinds: ['gift', 'points', 'coupon'] },
  'settle-found-parcel': { ...aCase, trackingNumber: 'RM1GB', at: '2010-12-23T11:00:00Z', remedy: 'refund' },
  satisfied: aCase,
  'resolve-case': { ...aCase, text: 'it took too long' },
};

describe('the published contracts', () => {
  it('they name every topic that partners use', () => {
    const published = (read('topics.json') as { topics: { topic: string }[] }).topics.map((t) => t.topic);
    const used = Object.values(topics).filter((t) => typeof t === 'string');
    const teams = [...new Set(questions.map((q) => q.team))];
    expect(published).toEqual(expect.arrayContaining([...used, ...teams.map(topics.tasksTopicOf), ...teams.map(topics.answersTopicOf)]));
  });

  it('every question has a handler', () => {
    const teams = taskHandlersOf(new FakeContext());
    expect(questions.filter((q) => !(q.question in (teams[q.team] ?? {}))).map((q) => q.question)).toEqual([]);
  });

  const forced = questions.flatMap((q) => Object.keys(behaviour[q.question]?.answers ?? {}).map((type) => [q.question, type, q] as const));
  it.each(forced.filter(([question]) => question !== 'ship-order'))(
    '%s: the simulated answers (%s) satisfy their schemas',
    async (question, type, { team, about, answers }) => {
      expect(faults(about, { orderNumber: '536365', ...abouts[question] })).toEqual([]);
      const context = new FakeContext({ [question]: { answers: { [type]: 1 }, silent: 0 } });
      const desk = new TaskInbox(context, taskHandlersOf(context)[team] ?? {});
      void desk.onMessage(task('warehouse', 'ship-order', abouts['ship-order']));
      void desk.onMessage(task(team, question, abouts[question]));
      await context.advance(100);
      const said = context.sent.filter((s) => s.id.startsWith('answer-'));
      expect(said).toHaveLength(1);
      expect(said.flatMap(faultsOf)).toEqual([]);
      const given = said.map((s) => (s.data as { answer: { type: string } }).answer);
      for (const answer of given) expect(faults(answers[answer.type] ?? false, answer)).toEqual([]);
    },
  );
});

describe('messages that partners send unasked', () => {
  it.each(['GB', 'DE'])('warehouse reports and courier scans to %s satisfy their schemas', async (country) => {
    const context = new FakeContext({ 'ship-order': { answers: { tracked: 1 } } });
    const courier = new Courier(context);
    void new TaskInbox(context, taskHandlersOf(context)['warehouse'] ?? {}).onMessage(
      task('warehouse', 'ship-order', { ...goods, address: { ...address, country } }),
    );
    await context.advance(24);
    const shipped = context.sent.find((s) => s.type === 'ParcelShipped');
    const onWire = shipped && encode(shipped, context.now().toISOString());
    const message = onWire && decode(shipped.topic, { ...onWire, key: null, value: Buffer.from(onWire.value) }, context.now());
    if (message) void courier.onEvent(message);
    await context.advance(200);
    expect(context.types).toContain('ParcelScanned');
    expect(context.sent.flatMap(faultsOf)).toEqual([]);
  });

  it('the orders, refusals and requests of the sample week satisfy their schemas', async () => {
    const entries = readBooks('test/data/online-retail-week.csv.gz');
    const common = { topic: topics.storefrontOrders, key: '', id: '', source: '' };
    const said = entries.flatMap(({ order, refused }): OutgoingMessage[] => [
      ...(order ? [{ ...common, type: 'OrderPlaced', data: order }] : []),
      ...refused.map((data) => ({ ...common, type: 'EntryRefused', data })),
    ]);
    expect(said.map((s) => ({ data: s.data, faults: faultsOf(s) })).filter((s) => s.faults.length > 0)).toEqual([]);
    const [context, orders] = [new FakeContext(), new OrderTracker()];
    const changes = new CustomerRequests(context, orders);
    orders.follow('2');
    orders.onEvent({ id: '', type: 'OrderDispatched', data: { orderNumber: '2', trackingNumber: null } } as never);
    void changes.reverse({ orderNumber: '1', invoice: 'C1', lines: [{ line: 1, quantity: 1 }], whole: false, inTime: true });
    void changes.reverse({ orderNumber: '2', invoice: 'C1', lines: [{ line: 1, quantity: 1 }], whole: false, inTime: false });
    void changes.changeAddress('3', { ...address, phone: '+44 20 7946 0000' });
    await context.advance(0);
    expect(context.types.sort()).toEqual(['AddressChangeRequested', 'CancellationRequested', 'ReturnRequested']);
    expect(context.sent.flatMap(faultsOf)).toEqual([]);
  }, 30_000);
});
