import { realTimers, type Timers } from '@orderloom/kernel';

/** An item that failed and is retried automatically. */
export interface Retry {
  readonly what: 'message' | 'deadline';
  readonly id: string;
  readonly type?: string;
  /** Key of the record, or flow of the deadline. */
  readonly key: string | null;
  /** Number of failures. */
  readonly tries: number;
  readonly error: string;
  readonly nextTryInMs: number;
}

interface Options {
  readonly timers?: Timers;
  /** Milliseconds before the first retry, doubled for each further one up to a minute; 100 by default. */
  readonly firstMillis?: number;
}

const maxDelayMs = 60_000;

/** The pending retries of this process, with exponential back-off. */
export class Retries {
  private readonly failed = new Map<string, Omit<Retry, 'nextTryInMs'> & { readonly at: number }>();
  private readonly timers: Timers;
  private readonly firstMillis: number;

  constructor({ timers = realTimers, firstMillis = 100 }: Options = {}) {
    this.timers = timers;
    this.firstMillis = firstMillis;
  }

  /** Records a failure; returns the number of failures so far. */
  recordFailure(item: Pick<Retry, 'what' | 'id' | 'type' | 'key'>, error: unknown): number {
    const tries = (this.failed.get(item.id)?.tries ?? 0) + 1;
    const at = this.timers.now() + Math.min(maxDelayMs, this.firstMillis * 2 ** (tries - 1));
    this.failed.set(item.id, { ...item, tries, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), at });
    return tries;
  }

  /** Milliseconds until the next retry of `id`; 0 if it did not fail. */
  remainingMs(id: string): number {
    return Math.max(0, (this.failed.get(id)?.at ?? 0) - this.timers.now());
  }

  /** Removes `id`, which has succeeded or is processed elsewhere. */
  forget(id: string): void {
    this.failed.delete(id);
  }

  list(): Retry[] {
    return [...this.failed.values()].map(({ at: _at, ...retry }) => ({ ...retry, nextTryInMs: Math.round(this.remainingMs(retry.id)) }));
  }
}
