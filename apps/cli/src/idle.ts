import { setTimeout as sleep } from 'node:timers/promises';

const lookAgainMs = 6;
const patienceMs = 10_000;

/** Offsets by `topic/partition`. */
export type Ends = Readonly<Record<string, number>>;

/** What a service says of its work (`GET /health/work`). */
export interface Work {
  readonly idle: boolean;
  readonly done: number;
  readonly hears: readonly string[];
  readonly handled: Ends;
  readonly produced: Ends;
}

/**
 * Resolves when the services at `urls` had nothing in hand twice, did nothing in between, and had handled all that any of them or others
 * (`said`) had published; with how far the log is. At the latest after ten seconds.
 */
export async function untilIdle(urls: readonly string[], said: Ends, read: (url: string) => Promise<Work>): Promise<Ends> {
  const since = performance.now();
  for (let before = ''; ; await sleep(lookAgainMs)) {
    const found = await Promise.all(urls.map(read));
    const ends = furthest([said, ...found.map(({ produced }) => produced)]);
    const now = found.every((work) => isDone(work, ends)) ? found.map(({ done }) => done).join(' ') : '';
    if ((now !== '' && now === before) || performance.now() - since > patienceMs) return ends;
    before = now;
  }
}

const isDone = ({ idle, hears, handled }: Work, ends: Ends): boolean =>
  idle && Object.entries(ends).every(([place, end]) => !hears.includes(topicOf(place)) || (handled[place] ?? 0) >= end);

const topicOf = (place: string): string => place.slice(0, place.lastIndexOf('/'));

function furthest(all: readonly Ends[]): Ends {
  const found: Record<string, number> = {};
  for (const ends of all) for (const [place, end] of Object.entries(ends)) found[place] = Math.max(found[place] ?? 0, end);
  return found;
}

const busy: Work = { idle: false, done: 0, hears: [], handled: {}, produced: {} };

/** Reads a service's work with the token of an operator; a service that can't be reached is busy. */
export const workOf =
  (token: string) =>
  async (url: string): Promise<Work> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/health/work`, { headers, signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Work) : busy;
  };
