import { TokenKeys, Unavailable } from '@orderloom/dev-services';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readRun } from '../stack/run-file.js';
import { print } from '../output/print.js';
import { audited } from '../stack/services.js';

const usage = 'use parked, parked redrive ID, parked dismiss ID REASON, or parked repairs';

/** A record in the response to `GET /parked`. */
export interface ParkedMessage {
  readonly id: string;
  readonly state: 'parked' | 'queued' | 'dismissed';
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly type?: string;
  readonly reason: string;
  readonly parkedAt: string;
}

/** A flow in the response to `GET /flows?status=parked`. */
export interface ParkedFlow {
  readonly flowId: string;
  readonly flow: string;
  readonly subject: string;
  readonly movedAt: string;
  readonly parked: { readonly error: string; readonly input: { readonly input: { readonly type: string } } };
}

/** An item in the response to `GET /retries`. */
export interface Retried {
  readonly id: string;
  readonly what: string;
  readonly type?: string;
  readonly key: string | null;
  readonly tries: number;
  readonly error: string;
  readonly nextTryInMs: number;
}

/** An item in the response to `GET /repairs`. */
export interface Repaired {
  readonly what: string;
  readonly of: string;
  readonly type?: string;
  readonly key: string | null;
  readonly did: string;
  readonly by: string;
  readonly at: string;
  readonly error: string;
  readonly reason?: string;
}

interface Waiting {
  readonly service: string;
  readonly messages: readonly ParkedMessage[];
  readonly flows: readonly ParkedFlow[];
  readonly retries: readonly Retried[];
}

/**
 * `parked [redrive ID | dismiss ID REASON | repairs]`: lists parked messages and flows, handles one, or lists operator actions. Returns
 * exit code 1 if a redrive failed again.
 */
export async function parked([action, id, ...words]: readonly string[]): Promise<number> {
  const operations = await OperationsClient.open();
  if (action === 'repairs' && id === undefined) {
    told((await Promise.all(audited.map((service) => operations.repairs(service)))).flat()).forEach((line) => print(line));
    return 0;
  }
  const all = await Promise.all(audited.map((service) => operations.waiting(service)));
  if (action === undefined) {
    listed(all).forEach((line) => print(line));
    return 0;
  }
  const reason = words.join(' ').trim();
  if (id === undefined || !['redrive', 'dismiss'].includes(action) || (action === 'dismiss') !== (reason !== ''))
    throw new Unavailable(`${usage}.`);
  const at = all.find(({ messages, flows }) => messages.some((m) => m.id === id) || flows.some((f) => f.flowId === id));
  if (!at) throw new Unavailable(`No parked message or flow has the id ${id}: npm run -s cli -- parked lists them.`);
  const of = at.flows.some((f) => f.flowId === id) ? 'flows' : 'parked';
  if (action === 'dismiss') await operations.post(at.service, `/${of}/${id}/dismissal`, { reason });
  else await operations.post(at.service, `/${of}/${id}/redrive`, {});
  return report(id, action, await operations.waiting(at.service));
}

function report(id: string, action: string, now: Waiting): number {
  const remainingError = now.messages.find((m) => m.id === id)?.reason ?? now.flows.find((f) => f.flowId === id)?.parked.error;
  print(
    remainingError === undefined
      ? `${id} is ${action === 'dismiss' ? 'dismissed' : 'redriven'}; the records behind it were handled too.`
      : `${id} is still parked: ${remainingError}`,
  );
  return remainingError === undefined ? 0 : 1;
}

/** Parked messages and flows as lines of text, each with its reason and the number of records behind it. */
export function listed(all: readonly Waiting[]): string[] {
  const lines = all.flatMap(({ service, messages, flows, retries }) => [
    ...messages
      .filter(({ state }) => state === 'parked')
      .flatMap((m) => {
        const behind = messages.filter((other) => other.state === 'queued' && other.topic === m.topic && other.key === m.key).length;
        const what = `${m.type ?? 'a record'} of ${m.key ?? 'no key'}, ${m.topic}/${m.partition}/${m.offset}, since ${m.parkedAt.slice(0, 19)}Z`;
        return [`${service}  ${m.id}`, `  ${what}${behind > 0 ? `, ${behind} behind it` : ''}`, `  ${m.reason}`];
      }),
    ...flows.flatMap((f) => [
      `${service}  ${f.flowId}`,
      `  ${f.flow} of ${f.subject} at ${f.parked.input.input.type}, since ${f.movedAt.slice(0, 19)}Z`,
      `  ${f.parked.error}`,
    ]),
    ...retries.flatMap(({ what, id, type, key, tries, error, nextTryInMs }) => [
      `${service}  ${id}`,
      `  ${what} ${type ?? ''} of ${key ?? 'no key'} failed ${tries === 1 ? 'once' : `${tries} times`}, next attempt in ${(nextTryInMs / 1000).toFixed(1)} s`,
      `  ${error}`,
    ]),
  ]);
  return lines.length === 0 ? ['Nothing is parked.'] : lines;
}

/** Operator actions as lines of text, newest first. */
export function told(repairs: readonly Repaired[]): string[] {
  const newest = [...repairs].sort((a, b) => (a.at < b.at ? 1 : -1));
  const lines = newest.flatMap(({ at, by, did, what, of, type, key, error, reason }) => [
    `${at.slice(0, 19)}Z  ${by} ${did === 'tried' ? 'failed to redrive' : did} the ${what} ${of}`,
    `  ${type ?? 'a record'} of ${key ?? 'no key'}: ${error}`,
    ...(reason === undefined ? [] : [`  reason: ${reason}`]),
  ]);
  return lines.length === 0 ? ['No operator actions yet.'] : lines;
}

/** HTTP client of the services' operator endpoints. */
class OperationsClient {
  private constructor(
    private readonly urls: Readonly<Record<string, string>>,
    private readonly token: string,
  ) {}

  static async open(): Promise<OperationsClient> {
    const run = readRun('.orderloom');
    if (!run) throw new Unavailable('No services run in this folder: run npm start first.');
    const keys = await TokenKeys.findOrMake(resolve('.orderloom'));
    return new OperationsClient(run.services, await keys.sign('operator', userInfo().username));
  }

  async waiting(service: string): Promise<Waiting> {
    const [messages, flows, retries] = await Promise.all([
      this.call<ParkedMessage[]>(service, '/parked'),
      this.call<ParkedFlow[]>(service, '/flows?status=parked'),
      this.call<Retried[]>(service, '/retries'),
    ]);
    return { service, messages: messages.filter(({ state }) => state !== 'dismissed'), flows, retries };
  }

  repairs = (service: string): Promise<readonly Repaired[]> => this.call<Repaired[]>(service, '/repairs');

  post(service: string, path: string, body: object): Promise<unknown> {
    return this.call(service, path, { method: 'POST', body: JSON.stringify(body) });
  }

  private async call<T>(service: string, path: string, init: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const response = await fetch(`${this.urls[service]}${path}`, { ...init, headers }).catch((error: Error) => {
      throw new Unavailable(`${service} is not reachable at ${this.urls[service]} (${error.message}): check its log in .orderloom/log.`);
    });
    const body = (await response.json()) as T & { detail?: string };
    if (!response.ok) throw new Unavailable(`${service} refused the request: ${body.detail ?? response.status}`);
    return body;
  }
}
