import { Stripe } from 'stripe';
import { StripeDouble } from '../../../../test/support/tools/stripe-double.js';
import { OutcomeUnknown, type RefundTask } from '../provider.js';
import { StripeRefunds } from './stripe-refunds.js';

const double = await StripeDouble.open();
afterAll(() => double.close());

const provider = (options: { secretKey?: string; timeoutMs?: number } = {}) =>
  new StripeRefunds({
    ...{ name: 'stripe', baseUrl: double.url, secretKey: double.secretKey, webhookSecrets: [double.webhookSecret] },
    ...{ retryDelayMs: 1, ...options },
  });
const stripe = provider();

let orders = 0;
function task(change: Partial<RefundTask> = {}): RefundTask {
  const refundId = `refund-${(orders += 1)}`;
  return {
    ...{ orderNumber: `S-${orders}`, refundId, idempotencyKey: refundId, amount: 1000, currency: 'GBP', method: 'card' },
    ...{ reference: double.captures(2547, 'GBP'), taskId: `finance-refund-${orders}.5`, ...change },
  };
}
const made = ({ reference }: RefundTask) => double.refunds.filter(({ payment_intent }) => payment_intent === reference);
const posts = ({ taskId }: RefundTask) => double.requests.filter(({ method, key }) => method === 'POST' && key?.endsWith(taskId) === true);

describe('a refund by Stripe (REF-04)', () => {
  it('is paid to the payment of the task, and names the refund at the provider', async () => {
    const asked = task();
    const result = await stripe.pay(asked);
    const [refund] = made(asked);
    expect(result).toEqual({ status: 'succeeded', providerReference: refund?.id });
    expect(refund).toMatchObject({ amount: 1000, currency: 'gbp', metadata: { order_number: asked.orderNumber, task_id: asked.taskId } });
  });

  it('above what is left of the charge is refused, with the reason of the provider', async () => {
    const asked = task({ amount: 2548 });
    expect(await stripe.pay(asked)).toEqual({ status: 'failed', reason: expect.stringContaining('greater than unrefunded amount') });
    expect(made(asked)).toEqual([]);
  });

  it('of a payment that Stripe cannot know is refused without a call', async () => {
    const before = double.requests.length;
    expect(await stripe.pay(task({ reference: 'pay-536365' }))).toMatchObject({ status: 'failed' });
    expect(await stripe.pay(task({ currency: 'ISK' }))).toMatchObject({ status: 'failed' });
    expect(double.requests).toHaveLength(before);
  });

  it('of an unknown payment is refused', async () => {
    expect(await stripe.pay(task({ reference: 'pi_unknown' }))).toMatchObject({ status: 'failed' });
  });

  it('that is pending is not answered yet', async () => {
    double.next('pending');
    expect(await stripe.pay(task())).toEqual({ status: 'pending' });
  });
});

describe('a refund that is asked for again (REF-05)', () => {
  it('is paid once, and has the same answer', async () => {
    const asked = task();
    const first = await stripe.pay(asked);
    expect(await stripe.pay(asked)).toEqual(first);
    expect(made(asked)).toHaveLength(1);
  });

  it('is paid once, though the provider forgot its key', async () => {
    const asked = task();
    const first = await stripe.pay(asked);
    double.forgetKeys();
    expect(await stripe.pay(asked)).toEqual(first);
    expect(made(asked)).toHaveLength(1);
  });

  it('is paid once, however many ask at the same moment', async () => {
    const asked = task();
    const results = await Promise.all(Array.from({ length: 5 }, () => stripe.pay(asked)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(made(asked)).toHaveLength(1);
  });

  it('by another task is not paid again while the first payment stands', async () => {
    const asked = task();
    const first = await stripe.pay(asked);
    expect(await stripe.pay({ ...asked, taskId: 'finance-refund-x.9' })).toEqual(first);
    expect(made(asked)).toHaveLength(1);
  });

  it('by another task after it failed is paid by a payment of its own', async () => {
    const asked = task();
    double.next('failed');
    expect(await stripe.pay(asked)).toEqual({ status: 'failed', reason: 'expired_or_canceled_card' });
    expect(await stripe.pay(asked)).toMatchObject({ status: 'failed' });
    expect(await stripe.pay({ ...asked, taskId: `finance-refund-x.${orders}9` })).toMatchObject({ status: 'succeeded' });
    expect(made(asked).map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  it('with another amount than was paid under its key is unknown, and nothing is paid', async () => {
    const asked = task();
    await stripe.pay(asked);
    await expect(stripe.pay({ ...asked, amount: 900 })).rejects.toThrow(/has 1000 GBP under the key .*, not 900 GBP/);
    expect(made(asked)).toHaveLength(1);
  });
});

describe('a provider that does not say whether it paid (REF-05)', () => {
  it('and did pay is asked for its refunds, and the payment is found', async () => {
    const asked = task();
    double.next('made-then-silence');
    expect(await stripe.pay(asked)).toMatchObject({ status: 'succeeded' });
    expect(made(asked)).toHaveLength(1);
  });

  it('and paid, then failed for good under this key, is not asked to pay again', async () => {
    const asked = task();
    double.next('made-then-500');
    expect(await stripe.pay(asked)).toMatchObject({ status: 'succeeded' });
    expect(posts(asked).length).toBeGreaterThan(1);
    expect(made(asked)).toHaveLength(1);
  });

  it('leaves the outcome unknown while it replays an error of the server; the key stays the same', async () => {
    const asked = task();
    double.next(500);
    await expect(stripe.pay(asked)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(stripe.pay(asked)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(1);
    double.forgetKeys();
    expect(await stripe.pay(asked)).toMatchObject({ status: 'succeeded' });
    expect(made(asked)).toHaveLength(1);
  });

  it.each([429, 503] as const)('and answers %s once is asked again by the same key', async (status) => {
    const asked = task();
    double.next(status);
    expect(await stripe.pay(asked)).toMatchObject({ status: 'succeeded' });
    expect(posts(asked)).toHaveLength(2);
  });

  it('in time is unknown, never failed; what it pays later counts once', async () => {
    const asked = task();
    double.next('held');
    await expect(provider({ timeoutMs: 50 }).pay(asked)).rejects.toBeInstanceOf(OutcomeUnknown);
    double.letGo();
    expect(await stripe.pay(asked)).toMatchObject({ status: 'succeeded' });
    expect(made(asked)).toHaveLength(1);
  });

  it('because our key is wrong is unknown, never failed', async () => {
    const asked = task();
    await expect(provider({ secretKey: 'sk_wrong' }).pay(asked)).rejects.toThrow(OutcomeUnknown);
  });

  it('because it cannot be reached is unknown', async () => {
    const away = new StripeRefunds({ name: 'stripe', baseUrl: 'http://127.0.0.1:9', secretKey: 'k', webhookSecrets: [], retryDelayMs: 1 });
    await expect(away.pay(task())).rejects.toThrow(/did not answer/);
  });
});

describe('a webhook', () => {
  const receive = ({ body, signature }: { body: string; signature?: string }) =>
    stripe.readWebhook(Buffer.from(body), signature === undefined ? {} : { 'stripe-signature': signature });

  async function pending() {
    const asked = task();
    double.next('pending');
    await stripe.pay(asked);
    return { asked, refund: made(asked)[0] as { id: string } };
  }

  it('of a refund that succeeded later answers its task', async () => {
    const { asked, refund } = await pending();
    const hook = double.hook('refund.updated', double.turns(refund.id, 'succeeded'));
    expect(await receive(hook)).toEqual({
      ...{ taskId: asked.taskId, orderNumber: asked.orderNumber, of: `${refund.id}.succeeded` },
      result: { status: 'succeeded', providerReference: refund.id },
    });
  });

  it.each(['refund.failed', 'charge.refund.updated'])('%s of a refund that failed later answers with the reason', async (type) => {
    const { refund } = await pending();
    const hook = double.hook(type, double.turns(refund.id, 'failed', 'lost_or_stolen_card'));
    expect(await receive(hook)).toMatchObject({ result: { status: 'failed', reason: 'lost_or_stolen_card' } });
  });

  it('that comes late says what is true now, not what was', async () => {
    const { refund } = await pending();
    const late = double.hook('refund.updated', { ...double.turns(refund.id, 'succeeded') });
    double.turns(refund.id, 'failed', 'lost_or_stolen_card');
    expect(await receive(late)).toMatchObject({ of: `${refund.id}.failed`, result: { status: 'failed' } });
  });

  it('of a refund that we did not ask for, or of something else, is nobody’s', async () => {
    const client = new Stripe(double.secretKey, { host: '127.0.0.1', port: new URL(double.url).port, protocol: 'http' });
    const other = await client.refunds.create({ payment_intent: double.captures(500, 'GBP') });
    expect(await receive(double.hook('refund.updated', other))).toBeNull();
    expect(await receive(double.hook('charge.succeeded', { id: 'ch_1' }))).toBeNull();
  });

  it('of a refund that does not exist is refused', async () => {
    await expect(receive(double.hook('refund.updated', { id: 're_none' }))).rejects.toMatchObject({ status: 400 });
  });

  const object = { id: 're_1' };
  it.each([
    ['without a signature', { body: double.hook('refund.updated', object).body }, 'is required'],
    ['signed with another secret', double.hook('refund.updated', object, { secret: 'whsec_other' }), 'v1 is not the HMAC-SHA256'],
    ['whose body was changed', { ...double.hook('refund.updated', object), body: '{}' }, 'v1 is not the HMAC-SHA256'],
    ['that is a replay', double.hook('refund.updated', object, { at: Date.now() - 301_000 }), 'a replay is refused'],
    ['of the future', double.hook('refund.updated', object, { at: Date.now() + 310_000 }), 'seconds ahead'],
    ['without a time', { ...double.hook('refund.updated', object), signature: `v1=${'0'.repeat(64)}` }, 'must have one t='],
    ['without a v1', { ...double.hook('refund.updated', object), signature: 't=1,v0=00' }, 'must have a v1='],
  ])('%s is a 400 that names the header and the rule', async (_, hook, rule) => {
    await expect(receive(hook)).rejects.toMatchObject({
      ...{ status: 400, code: 'webhook-signature' },
      more: { errors: [{ field: 'Stripe-Signature', message: expect.stringContaining(rule) }] },
    });
  });

  it('is accepted under each of several secrets, while one replaces another', async () => {
    const { refund } = await pending();
    const options = { name: 'stripe', baseUrl: double.url, secretKey: double.secretKey };
    const both = new StripeRefunds({ ...options, webhookSecrets: ['whsec_new', double.webhookSecret] });
    const { body, signature } = double.hook('refund.updated', double.turns(refund.id, 'succeeded'));
    expect(await both.readWebhook(Buffer.from(body), { 'stripe-signature': signature })).toMatchObject({ result: { status: 'succeeded' } });
  });
});

describe('the double of Stripe, as Stripe’s own client sees it', () => {
  const client = new Stripe(double.secretKey, {
    host: '127.0.0.1',
    port: new URL(double.url).port,
    protocol: 'http',
    maxNetworkRetries: 0,
  });

  it('replays the answer of a key, and refuses the key with other data', async () => {
    const payment_intent = double.captures(500, 'GBP');
    const first = await client.refunds.create({ payment_intent, amount: 100 }, { idempotencyKey: 'one' });
    expect((await client.refunds.create({ payment_intent, amount: 100 }, { idempotencyKey: 'one' })).id).toBe(first.id);
    const other = client.refunds.create({ payment_intent, amount: 200 }, { idempotencyKey: 'one' });
    await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  });

  it('answers 409 while a request with the key is being executed', async () => {
    const payment_intent = double.captures(500, 'GBP');
    double.next('held');
    const first = client.refunds.create({ payment_intent }, { idempotencyKey: 'two' });
    await expect(client.refunds.create({ payment_intent }, { idempotencyKey: 'two' })).rejects.toMatchObject({ statusCode: 409 });
    double.letGo();
    expect(await first).toMatchObject({ status: 'succeeded' });
  });

  it('replays an error of the server too', async () => {
    const payment_intent = double.captures(500, 'GBP');
    double.next(500);
    for (let i = 0; i < 2; i += 1)
      await expect(client.refunds.create({ payment_intent }, { idempotencyKey: 'three' })).rejects.toMatchObject({ statusCode: 500 });
  });
});
