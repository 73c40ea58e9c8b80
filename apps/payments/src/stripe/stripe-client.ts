import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { OutcomeUnknown } from '../provider.js';

export interface StripeOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly secretKey: string;
  readonly timeoutMs?: number;
  /** Pause before the second attempt; each further one waits twice as long. */
  readonly retryDelayMs?: number;
}

const refund = z.looseObject({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type StripeRefund = z.infer<typeof refund>;

const page = z.looseObject({ data: z.array(refund), has_more: z.boolean() });
const failure = z.looseObject({
  error: z.looseObject({ type: z.string().optional(), code: z.string().optional(), message: z.string().optional() }),
});

interface Sent {
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Stripe refused a request for good: nothing was paid by it. */
export class StripeRefusal extends Error {
  override readonly name = 'StripeRefusal';
}

/** Version of the API whose shapes this client reads. */
const apiVersion = '2025-04-30.basil';
const attempts = 3;

/** The refunds of Stripe's API (docs.stripe.com/api/refunds). Throws `StripeRefusal`, or `OutcomeUnknown` after some attempts. */
export class StripeClient {
  constructor(private readonly options: StripeOptions) {}

  create(form: Readonly<Record<string, string>>, idempotencyKey: string): Promise<StripeRefund> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': idempotencyKey };
    return this.request('/v1/refunds', refund, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
  }

  retrieve(id: string): Promise<StripeRefund> {
    return this.request(`/v1/refunds/${encodeURIComponent(id)}`, refund);
  }

  /** All refunds of a payment, the newest first. */
  async list(payment: Readonly<Record<string, string>>): Promise<readonly StripeRefund[]> {
    const found: StripeRefund[] = [];
    for (let after: string | undefined; ;) {
      const query = new URLSearchParams({ ...payment, limit: '100', ...(after !== undefined && { starting_after: after }) });
      const { data, has_more } = await this.request(`/v1/refunds?${query.toString()}`, page);
      found.push(...data);
      after = data.at(-1)?.id;
      if (!has_more || after === undefined) return found;
    }
  }

  private async request<T>(path: string, schema: z.ZodType<T>, init: Sent = {}): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(path, schema, init);
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) || attempt === attempts) throw error;
        await delay((this.options.retryDelayMs ?? 500) * 2 ** (attempt - 1));
      }
    }
  }

  private async once<T>(path: string, schema: z.ZodType<T>, init: Sent): Promise<T> {
    const { baseUrl, secretKey, timeoutMs = 10_000 } = this.options;
    const headers = { ...init.headers, authorization: `Bearer ${secretKey}`, 'stripe-version': apiVersion };
    const what = `${init.method ?? 'GET'} ${path.split('?')[0]}`;
    let status: number;
    let body: unknown;
    try {
      const response = await fetch(baseUrl + path, { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
      status = response.status;
      body = JSON.parse(await response.text());
    } catch (error) {
      throw new OutcomeUnknown(`Stripe did not answer ${what}: ${(error as Error).message}`, { cause: error });
    }
    if (status === 200) {
      const read = schema.safeParse(body);
      if (read.success) return read.data;
      throw new OutcomeUnknown(`Stripe answered ${what} in an unknown form: ${z.prettifyError(read.error)}`);
    }
    throw refusalOf(what, status, body);
  }
}

/**
 * Only 400, 402 and 404 say that nothing was paid. A wrong key, a limit, a conflict, an error of the server and a key that was used with
 * other data do not say so.
 */
function refusalOf(what: string, status: number, body: unknown): Error {
  const { type, code, message } = failure.safeParse(body).data?.error ?? {};
  const detail = `${what}: ${status} ${[type, code].filter((word) => word !== undefined).join(' ')}: ${message ?? 'no message'}`;
  const isFinal = [400, 402, 404].includes(status) && type !== undefined && type !== 'idempotency_error';
  return isFinal ? new StripeRefusal(message ?? detail) : new OutcomeUnknown(`Stripe answered ${detail}`);
}
