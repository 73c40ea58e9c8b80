import { setTimeout as sleep } from 'node:timers/promises';

const lookAgainMs = 6;
const patienceMs = 10_000;

interface Work {
  readonly idle: boolean;
  readonly done: number;
}

/** Resolves when the services at `urls` had nothing in hand twice, and did nothing in between; at the latest after ten seconds. */
export async function untilIdle(urls: readonly string[], read: (url: string) => Promise<Work> = workOf): Promise<void> {
  const since = performance.now();
  for (let before = ''; performance.now() - since < patienceMs; await sleep(lookAgainMs)) {
    const found = await Promise.all(urls.map(read));
    const now = found.every(({ idle }) => idle) ? found.map(({ done }) => done).join(' ') : '';
    if (now !== '' && now === before) return;
    before = now;
  }
}

/** A service that can't be reached is busy. */
const workOf = (url: string): Promise<Work> =>
  fetch(`${url}/health/work`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.json() as Promise<Work>,
    () => ({ idle: false, done: 0 }),
  );
