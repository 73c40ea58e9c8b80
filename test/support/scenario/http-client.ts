import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TokenKeys } from '@orderloom/dev-services';

export interface HttpResponse<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
}

interface Flow {
  readonly flowId: string;
  readonly flow: string;
  readonly subject: string;
  readonly status: 'active' | 'parked' | 'ended';
  readonly state: unknown;
  readonly outcome?: string;
  readonly parked?: { readonly error: string };
  readonly tasks: readonly {
    readonly taskId: string;
    readonly question: string;
    readonly reminders: number;
    readonly escalated: boolean;
  }[];
}

export interface ParkedRecord {
  readonly id: string;
  readonly key: string | null;
  readonly topic: string;
  readonly state: 'parked' | 'queued';
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

const timeoutMs = 10_000;

/** HTTP client of a service, authenticated as one person or without a token. */
export class HttpClient {
  private token: Promise<string> | undefined;

  constructor(
    private readonly url: string,
    private readonly keys: TokenKeys,
    /** `role:name` */
    private readonly who?: string,
  ) {}

  async get<Body = Record<string, unknown>>(path: string): Promise<HttpResponse<Body>> {
    const response = await fetch(this.url + path, { headers: await this.credentials(), signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: (await response.json()) as Body };
  }

  /** The body as text, requested as `type`. */
  async text(path: string, type: string): Promise<HttpResponse<string>> {
    const headers = { ...(await this.credentials()), accept: type };
    const response = await fetch(this.url + path, { headers, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: await response.text() };
  }

  /** Values of `/metrics` by series name including labels. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`${this.url}/metrics`, { headers: await this.credentials(), signal: AbortSignal.timeout(timeoutMs) });
    const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
  }

  /** Posts `body` as JSON; a string or bytes are sent unchanged. */
  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(await this.credentials()),
        ...headers,
      },
      body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  /** Sends a Content-Length of `bytes` with one byte of body and waits for the response. */
  async announce(path: string, bytes: number): Promise<HttpResponse> {
    const headers = { 'content-type': 'application/json', 'content-length': bytes };
    const sending = request(this.url + path, { method: 'POST', headers, timeout: timeoutMs });
    sending.write('{');
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const body = (await json(response)) as HttpResponse['body'];
    sending.destroy();
    return { status: response.statusCode ?? 0, body };
  }

  /** Flows of one order. */
  async flows(orderNumber: string): Promise<readonly Flow[]> {
    return (await this.get<readonly Flow[]>(`/flows?subject=${orderNumber}`)).body;
  }

  async parkedFlows(): Promise<readonly Flow[]> {
    return (await this.get<readonly Flow[]>('/flows?status=parked')).body;
  }

  async parked(): Promise<readonly ParkedRecord[]> {
    return (await this.get<readonly ParkedRecord[]>('/parked?limit=500')).body;
  }

  isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.status === 200,
      () => false,
    );
  }

  private async credentials(): Promise<Record<string, string>> {
    if (this.who === undefined) return {};
    const [role = '', name = ''] = this.who.split(':');
    return { authorization: `Bearer ${await (this.token ??= this.keys.sign(role, name))}` };
  }
}
