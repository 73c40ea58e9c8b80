import { realTimers, type Timers } from '@orderloom/kernel';

/** What failed and is tried again by itself. */
export interface Retry {
  readonly what: 'message' | 'deadline';
  readonly id: string;
  readonly type?: string;
  /** Key of the record; flow of the deadline. */
  readonly key: string | null;
  /** How often it failed. */
  readonly tries: number;
  readonly error: string;
  readonly nextTryInMs: number;
}

interface Options {
  readonly timers?: Timers;
  /** Milliseconds before the second try, doubled for each further one up to a minute; 100 unless said. */
  readonly firstMillis?: number;
}

const longestMillis = 60_000;

/** What this process tries again, and when: one back-off for all. */
export class Retries {
  private readonly failed = new Map<string, Omit<Retry, 'nextTryInMs'> & { readonly at: number }>();
  private readonly timers: Timers;
  private readonly firstMillis: number;

  constructor({ timers = realTimers, firstMillis = 100 }: Options = {}) {
    this.timers = timers;
    this.firstMillis = firstMillis;
  }

  /** Notes a failure; returns how often it has failed now. */
  note(it: Pick<Retry, 'what' | 'id' | 'type' | 'key'>, error: unknown): number {
    const tries = (this.failed.get(it.id)?.tries ?? 0) + 1;
    const at = this.timers.now() + Math.min(longestMillis, this.firstMillis * 2 ** (tries - 1));
    this.failed.set(it.id, { ...it, tries, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), at });
    return tries;
  }

  /** Milliseconds until `id` is to be tried again; 0 where it did not fail. */
  restOf(id: string): number {
    return Math.max(0, (this.failed.get(id)?.at ?? 0) - this.timers.now());
  }

  /** `id` has succeeded, or is somebody else's now. */
  forget(id: string): void {
    this.failed.delete(id);
  }

  list(): Retry[] {
    return [...this.failed.values()].map(({ at: _at, ...retry }) => ({ ...retry, nextTryInMs: Math.round(this.restOf(retry.id)) }));
  }
}
