import { TokenKeys, Unavailable } from '@orderloom/dev-services';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readRun } from './run-file.js';
import { say } from './screen.js';
import { audited } from './services.js';

const usage = 'say parked, parked redrive ID, parked dismiss ID REASON, or parked repairs';

/** A record as `GET /parked` shows it. */
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

/** A flow as `GET /flows?status=parked` shows it. */
export interface ParkedFlow {
  readonly flowId: string;
  readonly flow: string;
  readonly subject: string;
  readonly movedAt: string;
  readonly parked: { readonly error: string; readonly input: { readonly input: { readonly type: string } } };
}

/** What `GET /retries` shows. */
export interface Retried {
  readonly id: string;
  readonly what: string;
  readonly type?: string;
  readonly key: string | null;
  readonly tries: number;
  readonly error: string;
  readonly nextTryInMs: number;
}

/** What `GET /repairs` shows. */
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
 * `parked [redrive ID | dismiss ID REASON | repairs]`: messages and flows of what runs in this folder that wait for somebody, or what was
 * done about them; 1 where a redrive left it parked.
 */
export async function parked([word, id, ...words]: readonly string[]): Promise<number> {
  const desk = await Desk.open();
  if (word === 'repairs' && id === undefined) {
    told((await Promise.all(audited.map((service) => desk.repairs(service)))).flat()).forEach((line) => say(line));
    return 0;
  }
  const all = await Promise.all(audited.map((service) => desk.waiting(service)));
  if (word === undefined) {
    listed(all).forEach((line) => say(line));
    return 0;
  }
  const reason = words.join(' ').trim();
  if (id === undefined || !['redrive', 'dismiss'].includes(word) || (word === 'dismiss') !== (reason !== ''))
    throw new Unavailable(`${usage}.`);
  const at = all.find(({ messages, flows }) => messages.some((m) => m.id === id) || flows.some((f) => f.flowId === id));
  if (!at) throw new Unavailable(`Nothing is parked as ${id}: npm run -s cli -- parked lists what is.`);
  const of = at.flows.some((f) => f.flowId === id) ? 'flows' : 'parked';
  if (word === 'dismiss') await desk.post(at.service, `/${of}/${id}/dismissal`, { reason });
  else await desk.post(at.service, `/${of}/${id}/redrive`, {});
  return report(id, word, await desk.waiting(at.service));
}

function report(id: string, word: string, now: Waiting): number {
  const still = now.messages.find((m) => m.id === id)?.reason ?? now.flows.find((f) => f.flowId === id)?.parked.error;
  say(
    still === undefined
      ? `${id} is ${word === 'dismiss' ? 'dismissed' : 'dealt with'}; what waited behind it went on.`
      : `${id} is still parked: ${still}`,
  );
  return still === undefined ? 0 : 1;
}

/** What waits, as lines of text: one for each message and flow, with its reason, and how many wait behind it. */
export function listed(all: readonly Waiting[]): string[] {
  const lines = all.flatMap(({ service, messages, flows, retries }) => [
    ...messages
      .filter(({ state }) => state === 'parked')
      .flatMap((m) => {
        const behind = messages.filter((other) => other.state === 'queued' && other.topic === m.topic && other.key === m.key).length;
        const what = `${m.type ?? 'a record'} of ${m.key ?? 'nobody'}, ${m.topic}/${m.partition}/${m.offset}, since ${m.parkedAt.slice(0, 19)}Z`;
        return [`${service}  ${m.id}`, `  ${what}${behind > 0 ? `, ${behind} behind it` : ''}`, `  ${m.reason}`];
      }),
    ...flows.flatMap((f) => [
      `${service}  ${f.flowId}`,
      `  ${f.flow} of ${f.subject} at ${f.parked.input.input.type}, since ${f.movedAt.slice(0, 19)}Z`,
      `  ${f.parked.error}`,
    ]),
    ...retries.flatMap(({ what, id, type, key, tries, error, nextTryInMs }) => [
      `${service}  ${id}`,
      `  ${what} ${type ?? ''} of ${key ?? 'nobody'} failed ${tries === 1 ? 'once' : `${tries} times`}, is tried again in ${(nextTryInMs / 1000).toFixed(1)} s`,
      `  ${error}`,
    ]),
  ]);
  return lines.length === 0 ? ['Nothing is parked.'] : lines;
}

/** Who did what about what was parked, as lines of text, newest first. */
export function told(repairs: readonly Repaired[]): string[] {
  const newest = [...repairs].sort((a, b) => (a.at < b.at ? 1 : -1));
  const lines = newest.flatMap(({ at, by, did, what, of, type, key, error, reason }) => [
    `${at.slice(0, 19)}Z  ${by} ${did === 'tried' ? 'tried again, in vain,' : did} the ${what} ${of}`,
    `  ${type ?? 'a record'} of ${key ?? 'nobody'}: ${error}`,
    ...(reason === undefined ? [] : [`  given up: ${reason}`]),
  ]);
  return lines.length === 0 ? ['Nothing was repaired yet.'] : lines;
}

/** The services' operator desk by HTTP. */
class Desk {
  private constructor(
    private readonly urls: Readonly<Record<string, string>>,
    private readonly token: string,
  ) {}

  static async open(): Promise<Desk> {
    const run = readRun('.orderloom');
    if (!run) throw new Unavailable('Nothing runs in this folder: npm start first.');
    const keys = await TokenKeys.findOrMake(resolve('.orderloom'));
    return new Desk(run.services, await keys.sign('operator', userInfo().username));
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
    const answer = await fetch(`${this.urls[service]}${path}`, { ...init, headers }).catch((error: Error) => {
      throw new Unavailable(`${service} can't be reached at ${this.urls[service]}: ${error.message}.`);
    });
    const body = (await answer.json()) as T & { detail?: string };
    if (!answer.ok) throw new Unavailable(`${service} refuses: ${body.detail ?? answer.status}`);
    return body;
  }
}
