import { readArguments, TokenKeys, Unavailable } from '@orderloom/dev-services';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readRun } from '../stack/run-file.js';
import { print } from '../output/print.js';
import { eventStoreServices } from '../stack/services.js';

const usage = 'parked, parked redrive ID, parked dismiss ID REASON, or parked repairs';

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
  readonly repeats?: { readonly count: number };
}

/** A flow in the response to `GET /flows?status=parked`. */
export interface ParkedFlow {
  readonly flowId: string;
  readonly status?: string;
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

interface Found {
  readonly service: string;
  readonly path: string;
  readonly error: string;
}

/**
 * `parked [redrive ID | dismiss ID REASON | repairs]`: lists parked messages and flows, handles one, or lists operator actions. Returns
 * exit code 1 if a redrive failed again.
 */
export async function parked(args: readonly string[]): Promise<number> {
  const [action, id, ...words] = readArguments(args, { usage, positionals: Infinity }).positionals;
  const reason = words.join(' ').trim();
  const isList = action === undefined || (action === 'repairs' && id === undefined);
  const isAction = id !== undefined && (action === 'redrive' ? reason === '' : action === 'dismiss' && reason !== '');
  if (!isList && !isAction) throw new Unavailable(`Unexpected arguments "${args.join(' ')}": use ${usage}.`);
  const operations = await OperationsClient.open();
  if (action === 'repairs' && id === undefined) {
    actionLines((await Promise.all(eventStoreServices.map((service) => operations.repairs(service)))).flat()).forEach((line) =>
      print(line),
    );
    return 0;
  }
  if (action === undefined) {
    parkedLines(await Promise.all(eventStoreServices.map((service) => operations.waiting(service)))).forEach((line) => print(line));
    return 0;
  }
  if (id === undefined) throw new Unavailable(`Unexpected arguments "${args.join(' ')}": use ${usage}.`);
  const found = (await Promise.all(eventStoreServices.map((service) => operations.find(service, id)))).find((one) => one !== undefined);
  if (!found) throw new Unavailable(`No parked message or flow has the id ${id}: npm run -s cli -- parked lists them.`);
  if (action === 'dismiss') await operations.post(found.service, `${found.path}/dismissal`, { reason });
  else await operations.post(found.service, `${found.path}/redrive`, {});
  return report(id, action, (await operations.find(found.service, id))?.error);
}

function report(id: string, action: string, remainingError: string | undefined): number {
  print(
    remainingError === undefined
      ? `${id} is ${action === 'dismiss' ? 'dismissed' : 'redriven'}; the records behind it were handled too.`
      : `${id} is still parked: ${remainingError}`,
  );
  return remainingError === undefined ? 0 : 1;
}

/** Parked messages and flows as lines of text, each with its reason and the number of records behind it. */
export function parkedLines(all: readonly Waiting[]): string[] {
  const lines = all.flatMap(({ service, messages, flows, retries }) => [
    ...messagesListed(service, messages),
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

function messagesListed(service: string, messages: readonly ParkedMessage[]): string[] {
  const queueIn = ({ topic, key }: ParkedMessage): string => JSON.stringify([topic, key]);
  const behind = new Map<string, number>();
  for (const m of messages) if (m.state === 'queued') behind.set(queueIn(m), (behind.get(queueIn(m)) ?? 0) + 1);
  return messages
    .filter(({ state }) => state === 'parked')
    .flatMap((m) => {
      const what = `${m.type ?? 'a record'} of ${m.key ?? 'no key'}, ${m.topic}/${m.partition}/${m.offset}, since ${m.parkedAt.slice(0, 19)}Z`;
      const others = behind.get(queueIn(m)) ?? 0;
      const repeats = m.repeats ? `, repeated ${m.repeats.count === 1 ? 'once' : `${m.repeats.count} times`}` : '';
      return [`${service}  ${m.id}`, `  ${what}${others > 0 ? `, ${others} behind it` : ''}${repeats}`, `  ${m.reason}`];
    });
}

/** Operator actions as lines of text, newest first. */
export function actionLines(repairs: readonly Repaired[]): string[] {
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
      this.messages(service),
      this.call<ParkedFlow[]>(service, '/flows?status=parked'),
      this.call<Retried[]>(service, '/retries'),
    ]);
    return { service, messages, flows, retries };
  }

  /** The parked message or flow `id` of `service`: where its actions are, and why it is parked; undefined if it is not parked there. */
  async find(service: string, id: string): Promise<Found | undefined> {
    const [messages, flows] = await Promise.all([
      this.known(service, `/parked/${encodeURIComponent(id)}`),
      this.known(service, `/flows/${encodeURIComponent(id)}`),
    ]);
    const [message, flow] = [messages as ParkedMessage | undefined, flows as ParkedFlow | undefined];
    if (message && message.state !== 'dismissed') return { service, path: `/parked/${encodeURIComponent(id)}`, error: message.reason };
    if (flow?.status === 'parked') return { service, path: `/flows/${encodeURIComponent(id)}`, error: flow.parked.error };
    return undefined;
  }

  /** All pages of the parked messages. */
  private async messages(service: string): Promise<readonly ParkedMessage[]> {
    const messages: ParkedMessage[] = [];
    for (let page: string | undefined = '?limit=500'; page !== undefined;) {
      const response: Response = await this.fetch(service, `/parked${page}`);
      messages.push(...(await bodyOf<ParkedMessage[]>(service, response)));
      page = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    }
    return messages;
  }

  private async known(service: string, path: string): Promise<unknown> {
    const response = await this.fetch(service, path);
    return response.status === 404 ? undefined : bodyOf(service, response);
  }

  repairs = (service: string): Promise<readonly Repaired[]> => this.call<Repaired[]>(service, '/repairs');

  post(service: string, path: string, body: object): Promise<unknown> {
    return this.call(service, path, { method: 'POST', body: JSON.stringify(body) });
  }

  private async call<T>(service: string, path: string, init: RequestInit = {}): Promise<T> {
    return bodyOf<T>(service, await this.fetch(service, path, init));
  }

  private fetch(service: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return fetch(`${this.urls[service]}${path}`, { ...init, headers }).catch((error: Error) => {
      throw new Unavailable(`${service} is not reachable at ${this.urls[service]} (${error.message}): check its log in .orderloom/log.`);
    });
  }
}

async function bodyOf<T>(service: string, response: Response): Promise<T> {
  const body = (await response.json()) as T & { detail?: string };
  if (!response.ok) throw new Unavailable(`${service} refused the request: ${body.detail ?? response.status}`);
  return body;
}
