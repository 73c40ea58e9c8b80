import { topicOf } from '@orderloom/messaging';
import { setTimeout as sleep } from 'node:timers/promises';

const pollIntervalMs = 6;
const timeoutMs = 10_000;

/** Offsets by `topic/partition`. */
export type EndOffsets = Readonly<Record<string, number>>;

/** A service's response to `GET /health/work`. */
export interface Work {
  readonly idle: boolean;
  readonly done: number;
  readonly hears: readonly string[];
  readonly handled: EndOffsets;
  readonly produced: EndOffsets;
}

/**
 * Waits until the services at `urls` were idle twice without work in between, and have consumed all records that they or others (`said`)
 * published. Resolves to the end offsets, at the latest after ten seconds.
 */
export async function waitUntilIdle(
  urls: readonly string[],
  published: EndOffsets,
  read: (url: string) => Promise<Work>,
): Promise<EndOffsets> {
  const startedAt = performance.now();
  for (let before = ''; ; await sleep(pollIntervalMs)) {
    const found = await Promise.all(urls.map(read));
    const ends = maxOffsets([published, ...found.map(({ produced }) => produced)]);
    const now = found.every((work) => isCaughtUp(work, ends)) ? found.map(({ done }) => done).join(' ') : '';
    if ((now !== '' && now === before) || performance.now() - startedAt > timeoutMs) return ends;
    before = now;
  }
}

const isCaughtUp = ({ idle, hears, handled }: Work, ends: EndOffsets): boolean =>
  idle && Object.entries(ends).every(([place, end]) => !hears.includes(topicOf(place)) || (handled[place] ?? 0) >= end);

function maxOffsets(all: readonly EndOffsets[]): EndOffsets {
  const found: Record<string, number> = {};
  for (const ends of all) for (const [place, end] of Object.entries(ends)) found[place] = Math.max(found[place] ?? 0, end);
  return found;
}

const busy: Work = { idle: false, done: 0, hears: [], handled: {}, produced: {} };

/** Reads a service's work with an operator token; an unreachable service counts as busy. */
export const workOf =
  (token: string) =>
  async (url: string): Promise<Work> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/health/work`, { headers, signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Work) : busy;
  };
