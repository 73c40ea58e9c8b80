import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, launch, logFile, type Running, tail, TokenKeys, whyNotReady } from '@orderloom/dev-services';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';
import { StripeDouble } from '../support/tools/stripe-double.js';

const scenario = useScenario();
const dir = mkdtempSync(join(tmpdir(), 'orderloom-payments-'));
let provider: StripeDouble;
let payments: Running;
let url = '';

beforeAll(async () => {
  provider = await StripeDouble.open();
  const file = join(dir, 'providers.yaml');
  writeFileSync(
    file,
    `providers:
  - { name: stripe, kind: stripe, baseUrl: "${provider.url}", secretKey: STRIPE_KEY, webhookSecret: STRIPE_HOOK }
  - { name: acquirer, kind: topic }
routes:
  - { provider: stripe, reference: pi_ }
  - { provider: acquirer }
`,
  );
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { log } = scenario.stack;
  payments = launch({
    command: process.execPath,
    args: ['dist/apps/payments/src/main.js'],
    log: logFile(dir, 'payments'),
    env: {
      ...{ PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'debug', PAYMENT_PROVIDERS_FILE: file },
      ...('url' in log ? { LOG_URL: log.url } : { KAFKA_BROKERS: log.brokers.join(',') }),
      ...{ AUTH_JWKS: JSON.stringify((await TokenKeys.make()).jwks), STRIPE_KEY: provider.secretKey, STRIPE_HOOK: provider.webhookSecret },
    },
  });
  const why = await whyNotReady(payments, async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status === 200);
  if (why !== undefined) throw new Error(`payments did not get ready (${why}):\n${tail(payments.log)}`);
}, 120_000);
afterAll(async () => {
  await payments?.stop();
  await provider?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A refund of 10.00 of a shipped order, approved: the provider is asked. `reference`: the payment that it goes back to. */
async function approved(reference: (total: number) => string): Promise<Order> {
  const order = await scenario.released({ payment: { method: 'card', captured: 2547, reference: reference(2547) } });
  await scenario.ships(order);
  const application = { orderNumber: order.orderNumber, cause: 'not-as-agreed', amount: 1000, currency: 'GBP' };
  const filed = await scenario.stack
    .at('refund', 'service:anna')
    .post('/refunds', { ...application, parts: [{ kind: 'goods', amount: 1000 }] });
  expect(filed.status).toBe(202);
  await scenario.partners.waitAndAnswer(order.orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'finance:li');
  return order;
}

const atProvider = ({ orderNumber }: Order) => provider.refunds.filter(({ metadata }) => metadata['order_number'] === orderNumber);
const reported = async (hook: { body: string; signature: string }) => {
  const headers = { 'content-type': 'application/json', 'stripe-signature': hook.signature };
  const response = await fetch(`${url}/webhooks/stripe`, { method: 'POST', headers, body: hook.body });
  return { status: response.status, body: (await response.json()) as { errors?: { field: string }[] } };
};
const captured = (total: number) => provider.captures(total, 'GBP');

describe('a refund at a provider with an HTTP API (REF-04, REF-05)', () => {
  it('is paid once to the payment of the order, and finance sends the mail', async () => {
    const order = await approved(captured);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'send-refund-mail', { type: 'RefundMailSent' });
    await scenario.flowOutcomes(order);
    const [refund, ...others] = atProvider(order);
    expect(others).toEqual([]);
    expect((await scenario.register(order)).refunds).toMatchObject([{ status: 'paid', amount: 1000, providerReference: refund?.id }]);
  });

  it('whose provider fails to answer is unknown; the reminder asks by the same key, and one payment is recorded', async () => {
    provider.next(500);
    const order = await approved(captured);
    const { orderNumber } = order;
    const task = await scenario.partners.task(orderNumber, 'pay-refund');
    await scenario.stack.advanceClockTo(task.dueAt ?? '');
    await scenario.partners.fact(orderNumber, 'RefundOutcomeUnknown');
    provider.forgetKeys();
    await scenario.stack.advanceClock({ hours: 2 });
    await scenario.partners.fact(orderNumber, 'RefundPaid');
    await scenario.partners.waitAndAnswer(orderNumber, 'send-refund-mail', { type: 'RefundMailSent' });
    await scenario.flowOutcomes(order);
    const keys = provider.requests.flatMap(({ key }) => (key?.endsWith(task.taskId) === true ? [key] : []));
    expect([new Set(keys).size, atProvider(order).length]).toEqual([1, 1]);
  });

  it('that is pending is paid by the webhook, however often and in whatever order that comes; a wrong signature is refused', async () => {
    provider.next('pending');
    const order = await approved(captured);
    const { orderNumber } = order;
    const refund = await scenario.partners.messages.until('the provider has the refund', () => atProvider(order)[0], orderNumber);
    const late = provider.hook('refund.updated', { ...refund });
    const hook = provider.hook('refund.updated', provider.turns(refund.id, 'succeeded'));
    const forged = await reported(provider.hook('refund.updated', refund, { secret: 'whsec_other' }));
    expect([forged.status, forged.body.errors?.[0]?.field]).toEqual([400, 'Stripe-Signature']);
    expect(scenario.partners.facts(orderNumber)).not.toContain('RefundPaid');
    for (const one of [hook, hook, late]) expect((await reported(one)).status).toBe(200);
    await scenario.partners.fact(orderNumber, 'RefundPaid', ({ data }) => data['providerReference'] === refund.id);
    await scenario.partners.waitAndAnswer(orderNumber, 'send-refund-mail', { type: 'RefundMailSent' });
    await scenario.flowOutcomes(order);
    expect(scenario.partners.facts(orderNumber).filter((type) => type === 'RefundPaid')).toHaveLength(1);
  });

  it('of a payment of another provider is left to that', async () => {
    const order = await approved((total) => `pay-${total}`);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference: 'psp-1' });
    await scenario.partners.waitAndAnswer(order.orderNumber, 'send-refund-mail', { type: 'RefundMailSent' });
    await scenario.flowOutcomes(order);
    expect(atProvider(order)).toEqual([]);
  });

  it('leaves no key in the log', () => {
    const log = readFileSync(payments.log, 'utf8');
    expect(log).toContain('answered');
    for (const secret of [provider.secretKey, provider.webhookSecret]) expect(log).not.toContain(secret);
  });
});
