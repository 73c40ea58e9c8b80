import { encode, type IncomingRecord, type OutgoingRecord } from '@orderloom/messaging';
import { HttpProblem } from '@orderloom/platform';
import fastify from 'fastify';
import { type Notice, OutcomeUnknown, type PaymentProvider, type PaymentResult, topicProvider } from './provider.js';
import { RefundTasks } from './refund-tasks.js';
import type { Route } from './routes.js';
import { webhooks } from './webhooks.js';

const now = Date.parse('2026-11-30T12:00:00Z');
const about = {
  orderNumber: 'S-1',
  refundId: 'r-1',
  idempotencyKey: 'r-1',
  amount: 1000,
  currency: 'GBP',
  method: 'card',
  reference: 'pi_1',
};
const asked = {
  taskId: 'finance-refund-1.5',
  subject: 'S-1',
  question: 'pay-refund',
  rule: 'REF-04',
  answers: ['RefundSucceeded'],
  dueAt: null,
};

function record(change: { type?: string; data?: object; ageMs?: number; about?: object; value?: Buffer } = {}): IncomingRecord {
  const { type = 'TaskAsked', ageMs = 0, data = { ...asked, about: { ...about, ...change.about } } } = change;
  const time = new Date(now).toISOString();
  const written = encode({ id: 'e-1', source: '/orderloom/refund', type, typeVersion: 1, subject: 'S-1', time, data });
  const place = { topic: 'orderloom.tasks.payments', partition: 0, offset: '0', key: 'S-1', timestamp: now - ageMs };
  return { ...place, headers: written.headers, value: change.value ?? written.value };
}

function tasksOf(pay: () => Promise<PaymentResult>, routes: readonly Route[] = [{ provider: 'psp' }]) {
  const sent: OutgoingRecord[] = [];
  const logged: string[] = [];
  let calls = 0;
  const provider: PaymentProvider = { name: 'psp', pay: () => ((calls += 1), pay()) };
  const note = (_: unknown, message?: string) => void logged.push(message ?? '');
  const tasks = new RefundTasks({
    ...{ log: { publish: async (records) => void sent.push(...records) }, routes, now: () => now },
    providers: new Map([provider, topicProvider('acquirer')].map((one) => [one.name, one])),
    logger: { info: note, warn: note, error: note } as never,
  });
  const answers = () => sent.map(({ key, headers, value }) => ({ key, id: headers['ce_id'], ...(JSON.parse(String(value)) as object) }));
  return { tasks, provider, answers, logged, calls: () => calls };
}
const pays = async (): Promise<PaymentResult> => ({ status: 'succeeded', providerReference: 're_1' });

describe('tasks to pay a refund (REF-04)', () => {
  it('are answered with the key of the order, under the same id as often as they are asked', async () => {
    const { tasks, answers } = tasksOf(pays);
    await tasks.handle([record(), record({ type: 'TaskReminded', data: { ...asked, about, reminder: 1 } })]);
    const answer = { type: 'RefundSucceeded', providerReference: 're_1' };
    const one = { key: 'S-1', id: 'finance-refund-1.5/re_1.succeeded', taskId: asked.taskId, answer, by: 'psp' };
    expect(answers()).toEqual([one, one]);
  });

  it('that the provider refuses are answered with its reason', async () => {
    const { tasks, answers } = tasksOf(async () => ({ status: 'failed', reason: 'account closed' }));
    await tasks.handle([record()]);
    expect(answers()).toMatchObject([{ answer: { type: 'RefundFailed', reason: 'account closed' } }]);
  });

  it('stay open while the outcome is pending or unknown (REF-05)', async () => {
    const pending = tasksOf(async () => ({ status: 'pending' }));
    const unknown = tasksOf(() => Promise.reject(new OutcomeUnknown('no answer')));
    for (const { tasks } of [pending, unknown]) await tasks.handle([record()]);
    expect([...pending.answers(), ...unknown.answers()]).toEqual([]);
    expect(unknown.logged).toEqual(['the outcome is unknown: it is asked again with the next reminder']);
  });

  it('are delivered again after an unexpected error', async () => {
    const { tasks } = tasksOf(() => Promise.reject(new Error('a bug')));
    await expect(tasks.handle([record()])).rejects.toThrow('a bug');
  });

  it('older than the keys of a provider wait for their reminder', async () => {
    const { tasks, calls, logged } = tasksOf(pays);
    await tasks.handle([record({ ageMs: 24 * 3_600_000 })]);
    expect([calls(), logged]).toEqual([0, ['the task is old: waiting for its next reminder']]);
  });

  it('that cannot be read do not stop the others', async () => {
    const { tasks, answers, logged } = tasksOf(pays);
    await tasks.handle([record({ value: Buffer.from('{') }), record({ about: { amount: 'much' } }), record()]);
    expect(answers()).toHaveLength(1);
    expect(logged.filter((line) => line.includes('cannot be read'))).toHaveLength(2);
  });

  it('of other kinds are not for a provider', async () => {
    const { tasks, calls } = tasksOf(pays);
    await tasks.handle([record({ data: { ...asked, question: 'another', about: {} } }), record({ type: 'TaskWithdrawn', data: {} })]);
    expect(calls()).toBe(0);
  });
});

describe('routes of refunds to providers (REF-04)', () => {
  const routes = [
    { provider: 'psp', storefront: 'shop-jp', method: 'card' },
    { provider: 'psp', reference: 'pi_' },
    { provider: 'acquirer', method: 'alipay' },
  ];
  it.each([
    ['by the beginning of the payment’s reference', {}, 1],
    ['by storefront and method', { orderNumber: 'shop-jp:1', reference: 'pay-1' }, 1],
    ['not by the method of another storefront', { reference: 'pay-1' }, 0],
    ['to a provider that reads the topic itself', { method: 'alipay', reference: 'pay-1' }, 0],
  ])('%s', async (_, change, calls) => {
    const played = tasksOf(pays, routes);
    await played.tasks.handle([record({ about: change })]);
    expect(played.calls()).toBe(calls);
  });

  it('a refund without a route is logged as an error and stays open', async () => {
    const { tasks, answers, logged } = tasksOf(pays, [{ provider: 'psp', method: 'wechat' }]);
    await tasks.handle([record()]);
    expect(answers()).toEqual([]);
    expect(logged).toEqual(['no route fits this refund: add one to PAYMENT_PROVIDERS_FILE']);
  });
});

describe('POST /webhooks/<provider>', () => {
  const notice: Notice = {
    taskId: asked.taskId,
    orderNumber: 'S-1',
    of: 're_1.succeeded',
    result: { status: 'succeeded', providerReference: 're_1' },
  };
  const bodies: string[] = [];
  async function posted(readWebhook: PaymentProvider['readWebhook'], url = '/webhooks/psp', payload = '{"a": 1}') {
    const { tasks, provider, answers } = tasksOf(pays);
    const server = fastify();
    const quiet = { warn: () => undefined, error: () => undefined } as never;
    await webhooks(server, new Map([['psp', { ...provider, readWebhook }]]), tasks, quiet);
    const response = await server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
    await server.close();
    return { status: response.statusCode, body: response.json<Record<string, unknown>>(), answers: answers() };
  }

  it('gives the provider the bytes that were signed, and publishes what it reports', async () => {
    const { status, answers } = await posted(async (body) => (bodies.push(String(body)), notice));
    expect([status, bodies]).toEqual([200, ['{"a": 1}']]);
    expect(answers).toMatchObject([{ key: 'S-1', answer: { type: 'RefundSucceeded', providerReference: 're_1' } }]);
  });

  it('publishes nothing about what is not ours', async () => {
    expect(await posted(async () => null)).toMatchObject({ status: 200, answers: [] });
  });

  it('shows why it is refused', async () => {
    const errors = [{ field: 'Stripe-Signature', message: 'is required' }];
    const refused = await posted(() => Promise.reject(new HttpProblem(400, 'webhook-signature', 'no', {}, { errors })));
    expect(refused).toMatchObject({ status: 400, body: { code: 'webhook-signature', errors }, answers: [] });
  });

  it('asks the provider to come again while the refund cannot be read', async () => {
    expect((await posted(() => Promise.reject(new OutcomeUnknown('away')))).status).toBe(503);
  });

  it('of an unknown provider is a 404', async () => {
    expect((await posted(async () => notice, '/webhooks/other')).status).toBe(404);
  });
});
