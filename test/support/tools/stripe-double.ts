import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Stripe } from 'stripe';

interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly charge: string | null;
  readonly payment_intent: string | null;
  readonly created: number;
  readonly metadata: Readonly<Record<string, string>>;
  status: string;
  failure_reason: string | null;
}

interface Payment {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Outcome of the next request: the refund is made `pending` or `failed`; it is made, and the answer is an error of the server or none
 * at all; or nothing is made, and the answer is that status.
 */
export type Next = 'pending' | 'failed' | 'made-then-500' | 'made-then-silence' | 'held' | 429 | 500 | 503;

interface Saved {
  readonly request: string;
  answer?: { readonly status: number; readonly body: object };
}

type Failure = { readonly type: string; readonly code?: string; readonly message: string };

/** A server with the shape and the rules of Stripe's refunds API (docs.stripe.com/api/refunds, /api/idempotent_requests). */
export class StripeDouble {
  readonly secretKey = 'sk_test_double';
  readonly webhookSecret = 'whsec_double';
  readonly refunds: Refund[] = [];
  /** Requests by method and path, with their keys. */
  readonly requests: { readonly method: string; readonly path: string; readonly key?: string; readonly body: string }[] = [];
  private readonly payments = new Map<string, Payment>();
  private readonly keys = new Map<string, Saved>();
  private readonly coming: Next[] = [];
  private release: () => void = () => undefined;
  private made = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<StripeDouble> {
    const server = createServer();
    const double = new StripeDouble(server);
    server.on('request', (request, response) => void double.serve(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A captured payment; its id begins with `pi_`. */
  captures(amount: number, currency: string): string {
    const id = `pi_${randomBytes(8).toString('hex')}`;
    this.payments.set(id, { amount, currency: currency.toLowerCase() });
    return id;
  }

  /** Outcomes of the next creations, one after the other. */
  next(...next: readonly Next[]): void {
    this.coming.push(...next);
  }

  /** Ends the creation that is held. */
  letGo(): void {
    this.release();
  }

  /** The refund gets another status at the provider. */
  turns(id: string, status: string, reason: string | null = null): Refund {
    const refund = this.refunds.find((one) => one.id === id);
    if (!refund) throw new Error(`no refund ${id}`);
    Object.assign(refund, { status, failure_reason: reason });
    return refund;
  }

  /** Forgets all keys, as Stripe does after a day. */
  forgetKeys(): void {
    this.keys.clear();
  }

  /** A webhook as Stripe sends it: its body, and its header as signed by Stripe's own library. */
  hook(type: string, object: object, { at = Date.now(), secret = this.webhookSecret }: { at?: number; secret?: string } = {}) {
    const body = JSON.stringify({ id: `evt_${randomBytes(8).toString('hex')}`, object: 'event', type, data: { object } });
    const timestamp = Math.floor(at / 1000);
    return { body, signature: Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }) };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/' } = request;
    const { pathname, searchParams } = new URL(url, this.url);
    const body = await text(request);
    const key = request.headers['idempotency-key'];
    this.requests.push({ method, path: url, body, ...(typeof key === 'string' && { key }) });
    const send = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    };
    const refuse = (status: number, error: Failure): void => send(status, { error });
    if (request.headers.authorization !== `Bearer ${this.secretKey}`)
      return refuse(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' });
    if (method === 'POST' && pathname === '/v1/refunds') {
      if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
        return refuse(400, { type: 'invalid_request_error', message: 'The body must be form-encoded' });
      return this.create(body, typeof key === 'string' ? key : undefined, send, () => request.socket.destroy());
    }
    if (method === 'GET' && pathname === '/v1/refunds') return send(200, this.list(searchParams));
    const found = method === 'GET' ? this.refunds.find(({ id }) => pathname === `/v1/refunds/${id}`) : undefined;
    if (found) return send(200, found);
    refuse(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such object: ${pathname}` });
  }

  private async create(body: string, key: string | undefined, send: (status: number, answer: object) => void, hangUp: () => void) {
    const saved = key === undefined ? undefined : this.keys.get(key);
    if (saved && saved.request !== body) {
      const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
      return send(400, { error: { type: 'idempotency_error', message } });
    }
    if (saved?.answer) return send(saved.answer.status, saved.answer.body);
    if (saved) return send(409, { error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'The key is in use.' } });
    const now = this.coming.shift();
    // A request that is limited or refused before its execution is not saved under its key.
    if (now === 429 || now === 503) return send(now, { error: { type: 'api_error', code: 'rate_limit', message: 'Try again later.' } });
    const running: Saved = { request: body };
    if (key !== undefined) this.keys.set(key, running);
    if (now === 'held') await new Promise<void>((done) => (this.release = done));
    const executed =
      now === 500 ? { status: 500, body: { error: { type: 'api_error', message: 'Something went wrong.' } } } : this.execute(body, now);
    const answer =
      now === 'made-then-500' ? { status: 500, body: { error: { type: 'api_error', message: 'Something went wrong.' } } } : executed;
    running.answer = answer;
    if (now === 'made-then-silence') return hangUp();
    send(answer.status, answer.body);
  }

  private execute(body: string, now: Next | undefined): { status: number; body: object } {
    const form = new URLSearchParams(body);
    const id = form.get('payment_intent') ?? form.get('charge') ?? '';
    const payment = this.payments.get(id);
    const refuse = (status: number, error: Failure) => ({ status, body: { error } });
    if (!payment)
      return refuse(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such payment_intent: '${id}'` });
    const taken = this.refunds
      .filter((one) => one.payment_intent === id && one.status !== 'failed' && one.status !== 'canceled')
      .reduce((sum, { amount }) => sum + amount, 0);
    const left = payment.amount - taken;
    const amount = Number(form.get('amount') ?? left);
    if (left === 0)
      return refuse(400, {
        type: 'invalid_request_error',
        code: 'charge_already_refunded',
        message: 'The charge has already been refunded.',
      });
    if (amount > left)
      return refuse(400, {
        type: 'invalid_request_error',
        message: `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      });
    const metadata = Object.fromEntries(
      [...form].flatMap(
        ([name, value]) =>
          /^metadata\[(\w+)\]$/
            .exec(name)
            ?.slice(1)
            .map((m) => [m, value]) ?? [],
      ),
    );
    const refund: Refund = {
      ...{ id: `re_${String((this.made += 1)).padStart(4, '0')}${randomBytes(6).toString('hex')}`, object: 'refund', amount },
      ...{ currency: payment.currency, charge: null, payment_intent: id, created: Math.floor(Date.now() / 1000), metadata },
      status: now === 'pending' || now === 'failed' ? now : 'succeeded',
      failure_reason: now === 'failed' ? 'expired_or_canceled_card' : null,
    };
    this.refunds.unshift(refund);
    return { status: 200, body: structuredClone(refund) };
  }

  private list(query: URLSearchParams): object {
    const all = this.refunds.filter((one) => one.payment_intent === query.get('payment_intent'));
    const from = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const limit = Number(query.get('limit') ?? 10);
    return { object: 'list', url: '/v1/refunds', data: all.slice(from, from + limit), has_more: all.length > from + limit };
  }
}
