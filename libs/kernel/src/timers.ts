import { setTimeout as delay } from 'node:timers/promises';

/** Timers of a process: real ones in services, deterministic ones in a simulation. */
export interface Timers {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Resolves after `millis`, or as soon as `signal` aborts. */
  delay(millis: number, signal?: AbortSignal): Promise<void>;
  /** Calls `call` every `millis` until the returned function is called. Does not keep the process alive. */
  every(millis: number, call: () => void): () => void;
  /** A random number from 0 (inclusive) to 1 (exclusive), for example to spread retries. */
  random(): number;
}

export const realTimers: Timers = {
  now: () => performance.now(),
  delay: (millis, signal) => delay(millis, undefined, { signal }).catch(() => undefined),
  every(millis, call) {
    const timer = setInterval(call, millis).unref();
    return () => clearInterval(timer);
  },
  random: () => Math.random(),
};
