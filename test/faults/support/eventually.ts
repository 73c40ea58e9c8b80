import { type EventEmitter, once } from 'node:events';

interface Patience {
  readonly timeoutMs?: number;
  /** Emits `message` when the condition may have changed. */
  readonly wake?: EventEmitter;
}

type Found<T> = NonNullable<Exclude<T, false>>;

/** Waits until `condition` returns a value; fails after 60 s by default, with `what` in the error. */
export async function eventually<T>(
  what: string | (() => string | Promise<string>),
  condition: () => T | Promise<T>,
  { timeoutMs = 60_000, wake }: Patience = {},
): Promise<Found<T>> {
  for (const end = performance.now() + timeoutMs; ;) {
    const found = await condition();
    if (found !== undefined && found !== null && found !== false) return found as Found<T>;
    if (performance.now() > end)
      throw new Error(`condition did not hold within ${timeoutMs / 1000} s: ${typeof what === 'string' ? what : await what()}`);
    const signal = AbortSignal.timeout(20);
    if (wake) await once(wake, 'message', { signal }).catch(() => undefined);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
