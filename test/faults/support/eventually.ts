import { type EventEmitter, once } from 'node:events';

interface Patience {
  readonly timeoutMs?: number;
  /** Emits `message` when it is worth another look. */
  readonly wake?: EventEmitter;
}

type Found<T> = NonNullable<Exclude<T, false>>;

/** Waits until `condition` has something to give, and says what did not come true: 60 s unless said. */
export async function eventually<T>(
  what: string | (() => string | Promise<string>),
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, wake }: Patience = {},
): Promise<Found<T>> {
  for (const end = performance.now() + timeoutMs; ;) {
    const found = await condition();
    if (found !== undefined && found !== null && found !== false) return found as Found<T>;
    if (performance.now() > end) throw new Error(`not within ${timeoutMs / 1000} s: ${typeof what === 'string' ? what : await what()}`);
    const signal = AbortSignal.timeout(20);
    if (wake) await once(wake, 'message', { signal }).catch(() => undefined);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
