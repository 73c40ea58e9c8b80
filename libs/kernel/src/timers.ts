import { setTimeout as delay } from 'node:timers/promises';

/** What a process waits with: real in services; a simulation gives its own, so that a run can be repeated. */
export interface Timers {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Resolves after `millis`, or as soon as `signal` aborts. */
  delay(millis: number, signal?: AbortSignal): Promise<void>;
  /** Calls every `millis` until the function that is returned is called; keeps no process alive. */
  every(millis: number, call: () => void): () => void;
  /** At least 0, less than 1: to spread retries. */
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
