import { HttpProblem } from '@orderloom/platform';
import { z } from 'zod';
import { type Notice, OutcomeUnknown, type PaymentProvider, type PaymentResult, type RefundTask } from '../provider.js';
import { StripeClient, type StripeOptions, type StripeRefund, StripeRefusal } from './stripe-client.js';
import { verifySignature } from './webhook-signature.js';

export interface StripeProviderOptions extends StripeOptions {
  readonly name: string;
  /** Signing secrets of the webhook; several while one replaces another. */
  readonly webhookSecrets: readonly string[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const hook = z.looseObject({ id: z.string(), type: z.string(), data: z.looseObject({ object: z.looseObject({ id: z.string() }) }) });
const hookTypes: readonly string[] = ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'];

/** Stripe counts these in other units than ISO 4217. */
const otherUnits: readonly string[] = ['ISK', 'UGX', 'MGA'];
const reasonLength = 1000;

/** The payment provider port over Stripe's refunds. It keeps nothing: Stripe's list of refunds says what was paid. */
export class StripeRefunds implements PaymentProvider {
  readonly name: string;
  private readonly client: StripeClient;

  constructor(private readonly options: StripeProviderOptions) {
    this.name = options.name;
    this.client = new StripeClient(options);
  }

  async pay(task: RefundTask): Promise<PaymentResult> {
    const payment = paymentOf(task.reference);
    if (!payment) return failed(`the payment ${task.reference} is unknown to ${this.name}: expected a reference such as pi_… or ch_…`);
    if (otherUnits.includes(task.currency)) return failed(`${this.name} pays no refunds in ${task.currency}`);
    try {
      // Stripe forgets a key after a day, and answers a repeated one with an error of the server as often as it is asked.
      const known = await this.find(payment, task);
      if (known) return this.resultOf(known, task);
      try {
        return this.resultOf(await this.create(payment, task), task);
      } catch (error) {
        // whatever was answered, a refund that exists is the answer
        const made = await this.find(payment, task);
        if (!made) throw error;
        return this.resultOf(made, task);
      }
    } catch (error) {
      if (error instanceof StripeRefusal) return failed(error.message);
      throw error;
    }
  }

  /** Hooks come repeated and out of order. The refund is read again, so only its current state counts. */
  readonly readWebhook = async (body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>): Promise<Notice | null> => {
    verifySignature(body, headers['stripe-signature'], this.options.webhookSecrets, (this.options.now ?? Date.now)());
    const event = hook.safeParse(jsonOf(body));
    if (!event.success) throw invalidHook('body', z.prettifyError(event.error));
    if (!hookTypes.includes(event.data.type)) return null;
    const refund = await this.client.retrieve(event.data.data.object.id).catch((error: unknown) => {
      throw error instanceof StripeRefusal ? invalidHook('data.object.id', error.message) : error;
    });
    const { task_id: taskId, order_number: orderNumber } = refund.metadata ?? {};
    if (taskId === undefined || orderNumber === undefined) return null;
    return { taskId, orderNumber, of: `${refund.id}.${refund.status}`, result: resultOf(refund) };
  };

  private create(payment: Readonly<Record<string, string>>, task: RefundTask): Promise<StripeRefund> {
    const { orderNumber, refundId, idempotencyKey, taskId, amount } = task;
    const metadata = { order_number: orderNumber, refund_id: refundId, idempotency_key: idempotencyKey, task_id: taskId };
    const form = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]));
    // Another task of the same refund is another attempt, after one that failed for good: its key must not replay that failure.
    return this.client.create({ ...payment, amount: String(amount), ...form }, `${idempotencyKey}/${taskId}`);
  }

  /** The refund of this key that is paid or may be, else the failed one of this very task. */
  private async find(payment: Readonly<Record<string, string>>, task: RefundTask): Promise<StripeRefund | undefined> {
    const all = await this.client.list(payment);
    const ours = all.filter(({ metadata }) => metadata?.['idempotency_key'] === task.idempotencyKey);
    return ours.find((one) => resultOf(one).status !== 'failed') ?? ours.find(({ metadata }) => metadata?.['task_id'] === task.taskId);
  }

  private resultOf(refund: StripeRefund, { amount, currency, idempotencyKey }: RefundTask): PaymentResult {
    if (refund.amount !== amount || refund.currency.toUpperCase() !== currency)
      throw new OutcomeUnknown(
        `${this.name} has ${refund.amount} ${refund.currency.toUpperCase()} under the key ${idempotencyKey} (${refund.id}), not ${amount} ${currency}: compare both`,
      );
    return resultOf(refund);
  }
}

/** Statuses of docs.stripe.com/api/refunds/object; one that is not known yet is not final. */
function resultOf({ id, status, failure_reason }: StripeRefund): PaymentResult {
  if (status === 'succeeded') return { status: 'succeeded', providerReference: id };
  if (status === 'failed') return failed(failure_reason ?? 'the refund failed, without a reason');
  return status === 'canceled' ? failed('the refund was cancelled at the provider') : { status: 'pending' };
}

const failed = (reason: string): PaymentResult => ({ status: 'failed', reason: reason.slice(0, reasonLength) });

/** Parameter that names the payment; undefined if Stripe issues no such reference. */
function paymentOf(reference: string): Readonly<Record<string, string>> | undefined {
  if (/^pi_\w+$/.test(reference)) return { payment_intent: reference };
  return /^(ch|py)_\w+$/.test(reference) ? { charge: reference } : undefined;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw invalidHook('body', 'must be JSON');
  }
}

const invalidHook = (field: string, message: string): HttpProblem =>
  new HttpProblem(400, 'webhook-invalid', `${field}: ${message}`, {}, { errors: [{ field, message }] });
